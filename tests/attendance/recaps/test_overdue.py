"""A month that is not validated in time is told to those above, in the words of the SOP."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from attendance import services
from attendance.offered.recaps_waiting import recaps_waiting
from attendance.recaps.overdue import overdue_months, sop_warning
from foundation.actors import SYSTEM
from tests.attendance.people import AFTER_APRIL, APRIL, fill_april
from tests.cast import Cast, make_agency
from tests.stages import month_at

# Five working days after April 2026: 1 (no holiday is entered here), 4, 5, 6 and 7 May.
DEADLINE = datetime(2026, 5, 7, 8, 0, tzinfo=UTC)


@pytest.fixture
def draft(cast: Cast) -> None:
    fill_april(cast.everyone)
    services.build_draft(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)


@pytest.mark.parametrize(("later", "count"), [(0, 0), (1, 1), (30, 1)])
def test_it_escalates_the_day_after_the_deadline(
    cast: Cast, draft: None, later: int, count: int
) -> None:
    found = overdue_months([cast.agency], DEADLINE + timedelta(days=later))

    assert [(row.month, row.deadline.isoformat()) for row in found] == [
        (APRIL, "2026-05-07")
    ] * count


def test_a_frozen_month_never_escalates(cast: Cast, draft: None) -> None:
    services.freeze_recap(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)

    assert overdue_months([cast.agency], DEADLINE + timedelta(days=9)) == []


def test_a_month_of_which_nothing_is_recorded_does_not_escalate(cast: Cast) -> None:
    assert overdue_months([cast.agency], DEADLINE + timedelta(days=9)) == []


def test_many_agencies_are_asked_at_once_and_each_keeps_its_own_months(
    cast: Cast, draft: None, django_assert_max_num_queries: Any
) -> None:
    others = [make_agency(f"dinas-{n}") for n in range(20)]
    for agency in others[:2]:
        services.build_draft(agency=agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    services.freeze_recap(agency=others[0], month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    with django_assert_max_num_queries(10):
        found = overdue_months([cast.agency, *others], DEADLINE + timedelta(days=9))
    assert [row.agency for row in found] == [cast.agency, others[1]]
    assert overdue_months([], DEADLINE) == []


def test_the_head_and_the_secretary_are_told_and_nobody_else(cast: Cast, draft: None) -> None:
    at = DEADLINE + timedelta(days=1)

    for user in (cast.kadis, cast.secretary):
        (row,) = recaps_waiting(user.pk, at)
        assert row.text.startswith(
            "Rekap April 2026 Dinas Komunikasi dan Informatika belum divalidasi; batasnya 7 Mei"
        )
        assert row.more == sop_warning()
    for user in (cast.admin, cast.operator, cast.employee, cast.outsider):
        assert recaps_waiting(user.pk, at) == []


def test_the_sentence_leads_to_the_file_of_the_month_or_to_the_month(
    cast: Cast, draft: None
) -> None:
    at = DEADLINE + timedelta(days=1)
    (row,) = recaps_waiting(cast.kadis.pk, at)
    assert row.link == f"/absensi/bulan/?pd={cast.agency.code}&bulan=2026-04"
    month = month_at(cast, 1)
    (row,) = recaps_waiting(cast.kadis.pk, at)
    assert row.link == f"/proses/{month.instance.pk}/"


def test_the_warning_is_that_of_the_sop() -> None:
    assert "tidak dapat melaksanakan evaluasi kinerja PNS secara berkala" in sop_warning()
