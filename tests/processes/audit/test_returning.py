"""Returns: how many, from where to where, in which round, and what they cost."""

from datetime import date, timedelta
from typing import Any

import pytest

from organization.models import User
from processes.audit.questions.naming import step_names
from processes.audit.questions.returning import Cost, return_figures, returned_visits
from processes.audit.statistics import Share
from processes.models import Instance
from tests.cast import NOW, Cast
from tests.processes.audit.measured import audited, scope_of, visited
from workflows.definitions import OutcomeKind

DECIDES, ENTERS, PRINTS = "teliti_resume", "input_ketidakhadiran", "cetak_resume"
MARCH = date(2026, 3, 1)


def send_back(instance: Instance, user: User, to: str = ENTERS, **values: Any) -> None:
    visited(instance, DECIDES, user, outcome_kind=OutcomeKind.RETURN, returned_to=to, **values)


@pytest.fixture
def sent_back(cast: Cast) -> Cast:
    """Four finished instances: two straight, one returned once, one twice; one still running."""
    for _ in range(2):
        visited(audited(cast), DECIDES, cast.kadis, outcome_kind=OutcomeKind.APPROVE)
    once = audited(cast, returns=1)
    send_back(once, cast.kadis, lost=90, repeated=20, comment="Surat belum ada.")
    twice = audited(cast, MARCH, returns=2)
    send_back(twice, cast.kadis, lost=30, repeated=10, submitted_at=NOW - timedelta(days=9))
    send_back(twice, cast.kadis, to=PRINTS, lost=15, repeated=5, submitted_at=NOW - timedelta(8))
    running = audited(cast, finished=False, returns=1)
    send_back(running, cast.kadis, submitted_at=NOW + timedelta(minutes=1))
    return cast


def test_first_pass_is_over_finished_instances(sent_back: Cast) -> None:
    found = return_figures(scope_of(sent_back.kadis))
    assert found.first_pass == Share(2, 4)
    assert found.sent_back == Share(2, 4)
    assert found.spread == ((0, 2), (1, 1), (2, 1))
    assert found.first_pass.low == pytest.approx(0.1500, abs=1e-4)  # Wilson, by hand


def test_costs_are_summed_and_what_is_not_answered_yet_costs_nothing_yet(sent_back: Cast) -> None:
    found = return_figures(scope_of(sent_back.kadis))
    assert found.total == Cost(
        n=4, pending=1, lost=timedelta(minutes=135), repeated=timedelta(minutes=35)
    )
    assert found.total.lost_each == timedelta(minutes=45)
    assert found.by_step == {DECIDES: found.total}


def test_a_matrix_says_from_where_to_where_in_the_order_of_the_sop(sent_back: Cast) -> None:
    scope = scope_of(sent_back.kadis)
    matrix = return_figures(scope, step_names(scope).place).matrix
    assert matrix.rows == (DECIDES,)
    assert matrix.columns == (ENTERS, PRINTS)
    assert [cost.n for cost in matrix.row(DECIDES)] == [3, 1]
    assert matrix.cells[DECIDES, PRINTS].lost == timedelta(minutes=15)


def test_rounds_count_the_visits_that_decided(sent_back: Cast) -> None:
    found = return_figures(scope_of(sent_back.kadis))
    assert [(number, cost.n) for number, cost in found.rounds] == [(1, 3), (2, 1)]


def test_a_month_has_its_own_figures(sent_back: Cast) -> None:
    found = return_figures(scope_of(sent_back.kadis, dari="2026-03", sampai="2026-03"))
    assert found.first_pass == Share(0, 1)
    assert found.total.n == 2


def test_the_newest_return_stands_first_with_its_reason(sent_back: Cast) -> None:
    rows = list(returned_visits(scope_of(sent_back.kadis)))
    assert [row.task.comment for row in rows] == ["", "Surat belum ada.", "", ""]
    assert [row.visit for row in rows] == [1, 1, 2, 1]


def test_nothing_finished_says_nothing(cast: Cast) -> None:
    audited(cast, finished=False)
    found = return_figures(scope_of(cast.kadis))
    assert found.first_pass.value is None
    assert found.total == Cost()
    assert found.total.lost_each is None
    assert found.matrix.rows == ()
