"""What the reports of a day, a week and a month say: from what was sent or frozen, else now."""

import json
import re
from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from attendance.law.codes import Code
from attendance.services.periodic import make_periodic
from processes.models import Instance
from tests.attendance.offered.reporting import told
from tests.attendance.people import AFTER_APRIL, decide, employee_of, fill_april, submitted, tap
from tests.attendance.playing import to_end
from tests.cast import Cast, make_employee

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 4, 17)


def people_in(data: dict[str, object], parts: str = "bagian") -> dict[str, dict[str, object]]:
    found = [row for part in data[parts] for row in part["pegawai"]]  # type: ignore[attr-defined]
    return {str(row["nama"]): row for row in found}


def test_a_day_that_was_sent_is_told_as_it_was_sent(cast: Cast) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 17)])
    make_periodic(agency=cast.agency, kind="daily", day=FRIDAY, now=AFTER_APRIL)
    tap(employee_of(cast.employee), FRIDAY, "07:20", "16:31")

    data = told("attendance.daily", "2026-04-17", cast.agency)

    assert not data["sementara"]
    assert "sidik SHA-256" in data["dasar"]
    assert data["hari"] == "Jumat, 17 April 2026"
    joko = people_in(data)["Joko Tallo"]
    assert (joko["kode"], joko["masuk"], joko["TK"]) == ("TK", "", 1)
    assert (data["jumlah_pegawai"], data["total"]["H"], data["total"]["TK"]) == (7, 6, 1)


def test_a_day_without_a_recap_is_judged_now_and_marked_so(cast: Cast) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 17)])
    tap(employee_of(cast.employee), FRIDAY, "08:05", "16:31")

    data = told("attendance.daily", "2026-04-17", cast.agency)

    assert data["sementara"]
    assert data["dasar"].startswith("SEMENTARA")
    joko = people_in(data)["Joko Tallo"]
    assert (joko["masuk"], joko["pulang"], joko["TL_m"]) == ("08.05", "16.31", 35)


def test_the_number_of_a_letter_stands_beside_its_day(cast: Cast) -> None:
    fill_april(cast.everyone, but=[(cast.employee, day) for day in (7, 8, 9)])
    decide(submitted(cast), cast.superior)
    joko = people_in(told("attendance.daily", "2026-04-08", cast.agency))["Joko Tallo"]
    assert (joko["kode"], joko["keterangan"]) == ("DL", "surat No. 090/12/DL/2026")


def test_people_stand_by_bidang_with_its_sums_and_who_leads_comes_first(cast: Cast) -> None:
    fill_april(cast.everyone)
    first, second = told("attendance.daily", "2026-04-17", cast.agency)["bagian"]
    assert (first["bidang"], second["bidang"]) == ("Pimpinan", "Aplikasi Informatika")
    numbers = [row["no"] for part in (first, second) for row in part["pegawai"]]
    assert numbers == list(range(1, 8))
    assert first["jumlah"]["pegawai"] + second["jumlah"]["pegawai"] == 7


def test_a_long_bidang_goes_on_in_another_table(cast: Cast) -> None:
    unit = employee_of(cast.employee).unit
    for number in range(45):
        make_employee(cast.agency, f"Pegawai {number:02}", unit=unit)
    parts = told("attendance.daily", "2026-04-17", cast.agency)["bagian"]
    assert [(len(part["pegawai"]), part["lanjutan"], bool(part["jumlah"])) for part in parts] == [
        (2, False, True), (40, False, False), (10, True, True),
    ]  # fmt: skip


def test_a_week_has_a_code_for_each_of_its_days(cast: Cast) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 14)])
    data = told("attendance.weekly", "2026-W16", cast.agency)
    assert (data["hari"][0], data["hari"][-1]) == ("Sen\n13", "Min\n19")
    joko = people_in(data)["Joko Tallo"]
    assert (joko["kode"], joko["TK"]) == (["H", "TK", "H", "H", "H", "L", "L"], 1)


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("attendance.daily", "2026-W16"), ("attendance.daily", "2026-04"),
        ("attendance.weekly", "2026-04-13"), ("attendance.weekly", "x"),
        ("attendance.month", "2026-W16"),
    ],
)  # fmt: skip
def test_a_subject_that_is_no_such_period_is_refused(cast: Cast, name: str, subject: str) -> None:
    with pytest.raises(ValueError, match="bukan"):
        told(name, subject, cast.agency)


def test_a_month_that_is_not_frozen_is_a_draft(cast: Cast) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 17)])

    data = told("attendance.month", "2026-04", cast.agency)

    assert data["draf"]
    assert data["dasar"].startswith("DRAF")
    assert (len(data["hari"]), data["jumlah_pegawai"], data["total"]["TK"]) == (30, 7, 1)
    joko = people_in(data, "matriks")["Joko Tallo"]
    assert joko["kode"][16] == "TK"  # type: ignore[index]
    assert joko["nip"].count(" ") == 3  # type: ignore[attr-defined]


def test_a_frozen_month_is_told_as_frozen_whatever_came_later(
    instance: Instance, cast: Cast
) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 17)])
    to_end(instance, cast)
    tap(employee_of(cast.employee), FRIDAY, "07:20", "16:31")

    data = told("attendance.month", "2026-04", cast.agency)

    assert not data["draf"]
    assert data["dasar"].startswith("Rekap yang disahkan")
    assert data["total"]["TK"] == 1


@pytest.mark.parametrize(("name", "subject"), [
    ("attendance.daily", "2026-04-17"), ("attendance.weekly", "2026-W16"),
    ("attendance.month", "2026-04"),
])  # fmt: skip
def test_more_people_cost_no_more_queries(
    cast: Cast, name: str, subject: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    fill_april(cast.everyone)
    for number in range(30):
        make_employee(cast.agency, f"Pegawai {number:02}")
    with django_assert_max_num_queries(20):
        data = told(name, subject, cast.agency)
    json.dumps(data)  # plain values only


def test_percentages_are_printed_with_their_definition(cast: Cast) -> None:
    definitions = " ".join(told("attendance.month", "2026-04", cast.agency)["definisi"])
    assert "Persen hadir fisik = H dibagi HK" in definitions
    assert "Non-jari" not in definitions


def test_every_code_is_explained_in_words_and_no_internal_name_is_printed(cast: Cast) -> None:
    definitions = " ".join(told("attendance.month", "2026-04", cast.agency)["definisi"])
    explained = set(re.findall(r"[^\s;:.,]+", definitions))
    assert explained >= {str(code) for code in Code}
    assert "_" not in definitions
