"""A person's month on paper: each day with its evidence, and who may ask for it."""

from datetime import date

import pytest

from attendance.days.months import Month
from attendance.services.sheets import rebuild_sheets
from processes.models import Instance
from tests.attendance.asking import add, bkd
from tests.attendance.asking import decide as decide_request
from tests.attendance.asking import request as ask_bkd
from tests.attendance.offered.reporting import found, listed, told
from tests.attendance.people import AFTER_APRIL, decide, employee_of, fill_april, submitted, tap
from tests.attendance.playing import to_end
from tests.cast import Cast, appoint

pytestmark = pytest.mark.django_db
KIND, NAME = "attendance.person_month", "attendance.person_month"


def of_joko(cast: Cast) -> str:
    return f"2026-04/{employee_of(cast.employee).pk}"


def test_each_day_tells_punches_status_evidence_and_reasons(cast: Cast) -> None:
    fill_april([cast.employee], but=[(cast.employee, day) for day in (7, 8, 9, 13, 14)])
    decide(submitted(cast), cast.superior)
    tap(employee_of(cast.employee), date(2026, 4, 13), "08:05", "12:00", "16:04")
    tap(employee_of(cast.employee), date(2026, 4, 14), "16:03")
    decide_request(cast, ask_bkd(cast, add(cast.employee, date(2026, 4, 14), "07:25")))

    data = told(NAME, of_joko(cast), cast.agency)

    days = data["hari"]
    assert len(days) == 30
    assert (days[7]["kode"], days[7]["bukti"]) == ("DL", "Surat dinas luar No. 090/12/DL/2026")
    assert (days[12]["absen"], days[12]["TL"]) == ("08.05 · 12.00 · 16.04", 35)
    assert "terlambat 35 menit" in days[12]["alasan"]
    assert days[13]["bukti"].startswith("Koreksi BKD nomor")
    assert (days[13]["masuk"], days[0]["alasan"]) == ("07.25", "")
    assert days[2]["alasan"] == "Libur: Wafat Yesus Kristus."
    assert (days[3]["libur"], days[0]["libur"]) == (True, False)
    assert data["pola"][0]["tanda"] == days[0]["pola"] == "A"
    assert data["atasan"]["nama"] == "Maria Tefa"
    assert data["keadaan"].startswith("SEMENTARA")


def test_a_frozen_month_says_so_and_what_came_later_stands_beside_it(
    instance: Instance, cast: Cast
) -> None:
    fill_april(cast.everyone)
    to_end(instance, cast)
    data = told(NAME, of_joko(cast), cast.agency)
    assert data["keadaan"] == "Menurut rekap yang disahkan (versi 1)."
    assert (data["susulan"], data["total"]["TK"]) == ([], 0)


def test_whoever_has_no_superior_leaves_a_line_for_one(cast: Cast) -> None:
    data = told(NAME, f"2026-04/{employee_of(cast.kadis).pk}", cast.agency)
    assert data["atasan"]["nama"].startswith("....")


def test_the_year_goes_to_the_month_of_the_report_and_is_never_less_than_it(cast: Cast) -> None:
    joko = employee_of(cast.employee)
    tap(joko, date(2026, 2, 23), "07:20", "16:01")
    fill_april([cast.employee], but=[(cast.employee, 14), (cast.employee, 15)])
    for month in ("2026-01", "2026-02", "2026-04", "2026-05"):
        rebuild_sheets(agency=cast.agency, month=Month.parse(month), now=AFTER_APRIL)

    data = told(NAME, of_joko(cast), cast.agency)

    # Of February only the four working days after the first punch; nothing of May.
    assert (data["total"]["TK"], data["kumulatif"]) == (2, 6)
    assert data["belum_dihitung"] == "Maret 2026"


def test_a_year_in_which_no_other_month_was_judged_is_that_month(cast: Cast) -> None:
    fill_april([cast.employee], but=[(cast.employee, 14)])
    data = told(NAME, of_joko(cast), cast.agency)
    assert (data["kumulatif"], data["belum_dihitung"]) == (1, "")
    assert "hari sebelumnya" not in data["keadaan"]


def test_a_month_before_anybody_punched_says_so(cast: Cast) -> None:
    tap(employee_of(cast.employee), date(2026, 4, 20), "07:20", "16:01")
    data = told(NAME, of_joko(cast), cast.agency)
    assert "sejak 20 April 2026 direkam; hari sebelumnya ikut dihitung" in data["keadaan"]
    assert data["kumulatif"] == data["total"]["TK"]


@pytest.mark.parametrize("who", ["employee", "superior", "kadis", "admin"])
def test_himself_those_above_and_roles_that_see_recaps_may_ask(cast: Cast, who: str) -> None:
    choice = found(KIND, getattr(cast, who), cast.agency, of_joko(cast))
    assert choice is not None
    assert choice.label == "Joko Tallo, April 2026"


def test_nobody_else_may(cast: Cast) -> None:
    assert found(KIND, cast.outsider, cast.agency, of_joko(cast)) is None
    assert found(KIND, cast.outsider, cast.other_agency, of_joko(cast)) is None
    of_the_head = f"2026-04/{employee_of(cast.kadis).pk}"
    assert found(KIND, cast.employee, cast.agency, of_the_head) is None
    for subject in ("2026-04", "2026-13/1", "2026-04/x", "2026-04/٣", "2026-04/" + "9" * 30):
        assert found(KIND, cast.admin, cast.agency, subject) is None


def test_a_list_offers_ones_own_months_and_those_one_looks_after(cast: Cast) -> None:
    own = employee_of(cast.employee).pk
    assert listed(KIND, cast.employee, cast.agency)[:2] == [f"2026-05/{own}", f"2026-04/{own}"]
    assert len(listed(KIND, cast.employee, cast.agency)) == 6
    of_maria = listed(KIND, cast.superior, cast.agency)
    assert of_joko(cast) in of_maria
    assert f"2026-04/{employee_of(cast.kadis).pk}" not in of_maria
    assert listed(KIND, cast.outsider, cast.agency) == []


def test_of_others_every_finished_month_is_offered_and_none_that_has_not_begun(cast: Cast) -> None:
    joko = employee_of(cast.employee).pk
    months = [subject for subject in listed(KIND, cast.admin, cast.agency)
              if subject.endswith(f"/{joko}")]  # fmt: skip
    assert months == [f"{month}/{joko}" for month in
                      ("2026-04", "2026-03", "2026-02", "2026-01", "2025-12")]  # fmt: skip
    for month, is_there in (("2026-05", True), ("2026-06", False), ("1999-12", False)):
        assert bool(found(KIND, cast.admin, cast.agency, f"{month}/{joko}")) is is_there


def test_bkd_lists_the_people_of_an_agency_it_looks_after(cast: Cast) -> None:
    officer = bkd(cast)
    appoint(officer, "Auditor", cast.other_agency)
    assert of_joko(cast) in listed(KIND, officer, cast.agency)
