"""The clock begins the evaluation of a quarter, once, when the term to validate it is over."""

from datetime import date
from unittest.mock import patch

import pytest

from attendance.models import Evaluation, MonthSheet
from attendance.services import evaluations
from attendance.services.evaluations import begin_evaluations
from attendance.services.policies import set_policy
from organization.models import Appointment
from tests.attendance.asking import wita
from tests.attendance.evaluation_runs import QUARTER, Run
from tests.cast import Cast

pytestmark = pytest.mark.django_db
LAST_OF_TERM = wita(date(2026, 7, 7), "23:59")  # five working days after 30 June
DUE = wita(date(2026, 7, 8), "00:00")


@pytest.fixture
def run(cast: Cast) -> Run:
    return Run(cast)


def test_it_begins_when_the_last_month_should_have_been_validated_and_only_once(run: Run) -> None:
    assert begin_evaluations(now=LAST_OF_TERM) == 0
    assert begin_evaluations(now=DUE) == 1
    assert begin_evaluations(now=DUE) == 0
    run.row = Evaluation.objects.get(agency=run.seat, period=QUARTER)
    assert (run.row.begun_by, run.row.begun_at) == (None, DUE)
    run.now = DUE
    run.work()
    assert run.waiting() == ["telaah_disiplin", "telaah_perangkat"]


def test_an_office_may_decide_that_the_clock_begins_none(run: Run) -> None:
    set_policy(
        name="evaluation_procedure", value="no", agency=None, decree_number="800/7/BKD/2026",
        valid_from=date(2026, 7, 1), user=run.officer, now=run.now,
    )  # fmt: skip
    assert begin_evaluations(now=DUE) == 0


def test_a_quarter_in_which_nothing_was_judged_is_not_evaluated(run: Run) -> None:
    MonthSheet.objects.all().delete()
    assert begin_evaluations(now=DUE) == 0


def test_it_waits_until_each_side_has_somebody_in_the_office_of_bkd(run: Run) -> None:
    Appointment.objects.filter(user=run.manager, agency=run.seat).delete()
    assert begin_evaluations(now=DUE) == 0


def test_one_that_was_cancelled_is_not_begun_by_the_clock_again(run: Run) -> None:
    begin_evaluations(now=DUE)
    row = Evaluation.objects.get()
    assert row.instance is not None
    row.instance.status = "cancelled"
    row.instance.save()
    assert begin_evaluations(now=DUE) == 0


def test_one_that_fails_is_tried_again_at_the_next_look(run: Run) -> None:
    with patch.object(evaluations, "_begin", side_effect=RuntimeError("listrik")):
        assert begin_evaluations(now=DUE) == 0
    assert begin_evaluations(now=DUE) == 1
