"""The month's matrix: who sees whom, filters, the state in words, sheets asked for as a job."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attendance import services
from attendance.days.matrix import draw
from attendance.days.month_rows import month_rows
from attendance.models import MonthSheet
from attendance.services.sheets import rebuild_sheets
from foundation.actors import SYSTEM
from foundation.models import Event
from foundation.outbox import drain
from tests.attendance.people import (
    AFTER_APRIL,
    APRIL,
    employee_of,
    enter,
    fill_april,
    submitted,
    tap,
)
from tests.cast import Cast, make_employee, make_user
from tests.pages import browser, html_of

pytestmark = pytest.mark.usefixtures("the_fourth_of_may")

PATH = "/absensi/bulan/?bulan=2026-04"


def body_of(response: Any) -> str:
    html = html_of(response)
    return html[html.index("<tbody>") : html.index("</tbody>")] if "<tbody>" in html else ""


def build(cast: Cast) -> None:
    rebuild_sheets(agency=cast.agency, month=APRIL, now=AFTER_APRIL)


def freeze(cast: Cast) -> None:
    services.build_draft(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    services.freeze_recap(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)


def test_the_matrix_shows_everyone_with_codes_marks_and_sums(cast: Cast) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 14), (cast.admin, 8)])
    tap(employee_of(cast.admin), date(2026, 4, 8), "07:45", "16:04")
    build(cast)

    response = browser(cast.kadis).get(PATH)
    body = body_of(response)

    for user in cast.everyone:
        assert user.get_full_name() in body
    assert "<td class=u>TK" in body
    assert "<td class=m>H<i>t</i>" in body  # a letter tells of lateness, not the colour alone
    assert "Jumlah 7 pegawai" in html_of(response)
    assert "belum ada rekap" in html_of(response)


def test_names_are_escaped(cast: Cast) -> None:
    person = employee_of(cast.employee)
    person.name = "<script>alert(1)</script>"
    person.save()
    build(cast)

    assert "<script>alert" not in body_of(browser(cast.kadis).get(PATH))


def test_a_superior_sees_his_staff_and_an_employee_is_led_to_his_own_page(cast: Cast) -> None:
    build(cast)

    body = body_of(browser(cast.superior).get(PATH))

    assert "Joko Tallo" in body
    assert "Maria Tefa" in body
    assert "Anselmus Lede" not in body
    colleague = make_user(make_employee(cast.agency, "Siti Djami"), "siti")
    assert browser(colleague).get(PATH)["Location"] == "/absensi/saya/"
    assert browser(cast.superior).get(f"{PATH}&pd=dinkes").status_code == 404
    assert browser(make_user(None, "tamu")).get(PATH).status_code == 404


@pytest.mark.parametrize(
    ("query", "found", "others"),
    [
        ("q=joko", "Joko Tallo", "Budi Manafe"),
        ("bidang=Pimpinan", "Ratna Seran", "Joko Tallo"),
        ("kode=TK", "Joko Tallo", "Budi Manafe"),
        ("kode=TL", "Budi Manafe", "Joko Tallo"),
        ("kode=*", "Sari Benu", "Joko Tallo"),
        ("status=PPPK", "Yohanes Klau", "Joko Tallo"),
    ],
)
def test_the_matrix_is_filtered_by_the_address(
    cast: Cast, query: str, found: str, others: str
) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 14), (cast.admin, 8), (cast.operator, 7)])
    tap(employee_of(cast.admin), date(2026, 4, 8), "07:45", "16:04")
    submitted(cast, cast.operator, first_on=date(2026, 4, 7), last_on=date(2026, 4, 7))
    person = employee_of(cast.operator2)
    person.status = "PPPK"
    person.save()
    build(cast)

    body = body_of(browser(cast.kadis).get(f"{PATH}&{query}"))

    assert found in body
    assert others not in body


def test_a_frozen_month_shows_the_recap_and_marks_what_came_too_late(cast: Cast) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 14)])
    freeze(cast)
    tap(employee_of(cast.employee), date(2026, 4, 14), "07:20", "16:01")
    build(cast)
    client = browser(cast.kadis)

    frozen, now = client.get(PATH), client.get(f"{PATH}&tampil=kini")

    assert "Dibekukan, versi 1" in html_of(frozen)
    assert "<td class=u>TK<i>≠</i>" in body_of(frozen)
    assert "TK" not in body_of(now)
    assert "bukan</strong> isi rekap" in html_of(now)
    assert "Joko Tallo" in body_of(client.get(f"{PATH}&kode=≠"))


def test_sheets_that_are_missing_are_asked_for_and_made_by_a_worker(cast: Cast) -> None:
    fill_april(cast.everyone)
    client = browser(cast.operator)
    assert "7 pegawai belum dinilai" in html_of(client.get(PATH))

    asked = client.post(
        "/absensi/bulan/nilai/", {"pd": "diskominfo", "bulan": "2026-04"}, follow=True
    )
    twice = client.post(
        "/absensi/bulan/nilai/", {"pd": "diskominfo", "bulan": "2026-04"}, follow=True
    )

    assert "Penilaian 7 pegawai dimulai" in html_of(asked)
    assert 'data-live-seconds="3"' in html_of(client.get(PATH))
    assert "sudah berjalan" in html_of(twice)
    assert Event.objects.filter(verb="sheets_asked").count() == 1
    drain()
    assert MonthSheet.objects.count() == 7
    assert "Joko Tallo" in body_of(client.get(PATH))


def test_a_month_to_come_is_not_judged(cast: Cast) -> None:
    client = browser(cast.operator)

    refused = client.post(
        "/absensi/bulan/nilai/", {"pd": "diskominfo", "bulan": "2027-01"}, follow=True
    )

    assert "belum mulai" in html_of(refused)
    assert "belum mulai" in html_of(client.get("/absensi/bulan/?bulan=2027-01"))
    for user in (cast.employee, cast.outsider):
        form = {"pd": "diskominfo", "bulan": "2026-04"}
        assert browser(user).post("/absensi/bulan/nilai/", form).status_code == 404


def test_the_matrix_asks_the_database_as_often_for_many_as_for_few(cast: Cast) -> None:
    build(cast)
    client = browser(cast.kadis)
    client.get(PATH)
    with CaptureQueriesContext(connection) as few:
        client.get(PATH)
    for number in range(30):
        make_employee(cast.agency, f"Pegawai {number:02}")
    build(cast)

    with CaptureQueriesContext(connection) as many:
        html = html_of(client.get(PATH))

    assert "Jumlah 37 pegawai" in html
    assert len(many) == len(few)


def test_a_person_costs_few_bytes(cast: Cast) -> None:
    """A month of 1,100 people must stay under 600 kB."""
    fill_april(cast.everyone, but=[(cast.employee, 14)])
    enter(cast)
    build(cast)

    matrix = draw(month_rows(cast.agency, APRIL, people=None), str(APRIL), len(APRIL.days))

    assert len(matrix.body.encode()) / matrix.people < 520
