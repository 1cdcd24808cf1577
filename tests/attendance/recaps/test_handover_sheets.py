"""Who is flagged in what is handed to the SOP on discipline: PNS only, and never as a sanction."""

from datetime import date

import pytest

from attendance.law.discipline import Counted
from attendance.models import RecapRow
from attendance.recaps.handover_sheets import Absent, discipline_figures

DAYS = [date(2026, 4, 7), date(2026, 4, 8), date(2026, 4, 9), date(2026, 4, 10)]


def absent(employment: str, *, days: list[date] = DAYS, deficit: int = 30) -> Absent:
    row = RecapRow(employment=employment, counters={"TK": len(days), "KJK": deficit})
    counted = Counted(unexplained=len(days), longest_run=len(days)) if days else None
    return Absent(row, days, counted)


def test_a_pns_with_four_days_is_flagged() -> None:
    assert absent("PNS").flags == "4-6 hari: teguran tertulis"


@pytest.mark.parametrize("employment", ["PPPK", "PPPK-PW", "HONORER"])
def test_pp_94_flags_nobody_else(employment: str) -> None:
    assert absent(employment).flags == ""


def test_who_only_lacks_hours_is_not_flagged() -> None:
    assert absent("PNS", days=[]).flags == ""


def test_the_figures_of_a_package_count_people_days_and_flags() -> None:
    people = [absent("PNS"), absent("HONORER", deficit=0), absent("PNS", days=[], deficit=45)]

    assert discipline_figures(people) == {
        "pegawai": 3, "tk_pegawai": 2, "tk_hari": 8, "kjk_pegawai": 2, "kjk_menit": 75,
        "penanda": 1,
    }  # fmt: skip
