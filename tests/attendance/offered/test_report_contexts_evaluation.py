"""The periodic evaluation: agencies side by side, best first, for who evaluates them."""

from datetime import date

import pytest

from attendance.days.months import Month
from attendance.services.sheets import rebuild_sheets
from processes.models import Instance
from tests.attendance.asking import bkd, manager
from tests.attendance.offered.reporting import found, listed, told
from tests.attendance.people import AFTER_APRIL, APRIL, employee_of, fill_april
from tests.attendance.playing import to_end
from tests.attendance.test_services__outages import outage
from tests.cast import Cast, appoint

pytestmark = pytest.mark.django_db
KIND, NAME = "attendance.evaluation", "attendance.evaluation"


def judge(cast: Cast) -> None:
    for agency in (cast.agency, cast.other_agency):
        rebuild_sheets(agency=agency, month=APRIL, now=AFTER_APRIL)


def test_agencies_are_ranked_by_lawful_presence(cast: Cast) -> None:
    officer = bkd(cast)
    appoint(officer, "BKD", cast.other_agency)
    fill_april([*cast.everyone, cast.outsider], but=[(cast.employee, 17), (cast.outsider, 17)])
    judge(cast)

    data = told(NAME, "2026-04", employee_of(officer).agency, by=officer)

    first, second = data["daftar"]
    assert (first["nama"], first["TK"], first["pegawai"]) == (cast.agency.name, 1, 7)
    assert (second["peringkat"], second["TK"], second["pegawai"]) == (2, 1, 1)
    assert (first["disahkan"], data["total"]["TK"]) == ("0/1", 2)
    assert data["perhatian"][0]["catatan"].startswith("1 bulan belum disahkan; 1 hari tanpa")


def test_a_validated_month_counts_as_frozen_and_in_time_or_not(
    instance: Instance, cast: Cast
) -> None:
    fill_april(cast.everyone)
    to_end(instance, cast)
    outage(cast, first_on=date(2026, 4, 29), last_on=date(2026, 5, 2))
    (line,) = told(NAME, "2026-Q2", cast.agency)["daftar"]
    assert (line["disahkan"], line["tepat"], line["TK"], line["mesin"]) == ("1/3", "1/3", 0, 0)
    assert line["gangguan"] == 4


def test_a_month_in_which_nothing_was_recorded_calls_nobody_absent(cast: Cast) -> None:
    judge(cast)
    data = told(NAME, "2026-04", cast.agency)
    assert (data["daftar"], data["belum"]) == ([], [cast.agency.name])


def test_bkd_and_the_managers_evaluate_under_their_own_letterhead(cast: Cast) -> None:
    for officer in (bkd(cast), manager(cast)):
        home = employee_of(officer).agency
        assert listed(KIND, officer, home)[:5] == [
            "2026-Q1", "2025-Q4", "2025-Q3", "2025-Q2", "2026-04",
        ]  # fmt: skip
        assert found(KIND, officer, home, "2026-Q2")
        assert found(KIND, officer, cast.agency, "2026-Q2") is None
        assert found(KIND, officer, home, "2026-Q3") is None  # has not begun
        assert found(KIND, officer, home, "2026-04-17") is None
    assert found(KIND, cast.kadis, cast.agency, "2026-Q1") is None
    assert listed(KIND, cast.admin, cast.agency) == []


def test_a_quarter_has_its_three_months() -> None:
    from attendance.offered.report_contexts_evaluation import months_of

    assert months_of("2026-Q1") == [Month(date(2026, month, 1)) for month in (1, 2, 3)]
