"""“Mengapa?”, a person's sheet, one's own page and today's board."""

from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attendance import services
from attendance.models import Correction, Outage
from attendance.services.sheets import rebuild_sheets
from devices.models import Device, Punch
from foundation.actors import SYSTEM
from organization.models import User
from tests.attendance.people import (
    AFTER_APRIL,
    APRIL,
    WITA,
    decide,
    employee_of,
    fill_april,
    machine,
    submitted,
    tap,
)
from tests.cast import Cast, make_agency, make_employee, make_user
from tests.pages import browser

pytestmark = pytest.mark.usefixtures("the_fourth_of_may")


def text_of(response: Any) -> str:
    return " ".join(str(response.content.decode()).split())


def why(user: User, whose: User, day: int) -> Any:
    return browser(user).get(f"/absensi/mengapa/{employee_of(whose).pk}/2026-04-{day:02}/")


def test_every_punch_is_told_with_its_machine_and_why_it_was_not_used(cast: Cast) -> None:
    joko = employee_of(cast.employee)
    wednesday = date(2026, 4, 8)
    tap(joko, wednesday, "07:20", "07:22", "12:02", "16:05", "04:30")
    tap(joko, wednesday, "23:59", quarantine="jam mesin di masa depan")
    tap(joko, wednesday, "06:00")
    ignored = Punch.objects.get(local_time__endswith="06:00:00")
    Correction.objects.create(
        agency=cast.agency, kind="ignore", employee=joko, day=wednesday, punch=ignored,
        status="approved", reason="uji mesin", requested_by=cast.admin, requested_at=AFTER_APRIL,
    )  # fmt: skip

    html = text_of(why(cast.kadis, cast.employee, 8))

    assert "Mesin Uji" in html
    for told in (
        "dihitung masuk",
        "dihitung pulang",
        "pengulangan",
        "hanya yang pertama dan terakhir dipakai",
        "di luar hari absensi ini",
        "dikarantina, jamnya tidak dipercaya: jam mesin di masa depan",
        "tidak dipakai atas keputusan koreksi BKD",
        "uji mesin",
        "belum diverifikasi",
        "Pasal 10 ayat 1 dan 2",
        "Tidak ada yang kurang pada hari ini.",
    ):
        assert told in html, told


def test_a_punch_at_another_agencys_machine_is_named(cast: Cast) -> None:
    other = make_agency("bapenda", name="Badan Pendapatan")
    upload = machine(other)
    tap(employee_of(cast.employee), date(2026, 4, 8), "07:20")
    Punch.objects.update(device=upload.device, upload=upload)

    html = text_of(why(cast.kadis, cast.employee, 8))

    assert "Mesin Uji, Badan Pendapatan" in html


def test_an_absence_names_the_ways_out(cast: Cast) -> None:
    html = text_of(why(cast.employee, cast.employee, 8))

    assert "Tanpa keterangan" in html
    assert "Pasal 10 ayat 4" in html
    assert "disetujui atasan langsung (Pasal 9 ayat 3)" in html
    assert "meminta koreksi BKD" in html


def test_what_may_be_done_about_a_day_is_offered_to_who_may(cast: Cast) -> None:
    """Joko writes a letter, the operator may also ask BKD, the head looks on."""
    fill_april([cast.employee], but=[(cast.employee, 8)])
    letter = "/absensi/surat/baru/?employee="
    whose = f"pegawai={employee_of(cast.employee).pk}&amp;tanggal=2026-04-08"
    correction = f"/absensi/koreksi/baru/?jenis=add&amp;{whose}"
    for user, offered in (
        (cast.employee, {letter}), (cast.operator, {letter, correction}), (cast.kadis, set()),
    ):  # fmt: skip
        html = text_of(why(user, cast.employee, 8))
        assert {link for link in (letter, correction) if link in html} == offered
    assert letter not in text_of(why(cast.employee, cast.employee, 9))  # nothing lacks


def test_a_letter_is_linked_with_its_scan_for_who_may_see_it(cast: Cast) -> None:
    letter = decide(submitted(cast), cast.superior)
    tap(employee_of(cast.employee), date(2026, 4, 8), "07:20")

    html = text_of(why(cast.superior, cast.employee, 8))

    assert f"/absensi/surat/{letter.pk}/pindaian/" in html
    assert "tidak menentukan: hari ini tercatat DL" in html


def test_an_outage_and_a_holiday_are_told(cast: Cast) -> None:
    fill_april([cast.admin])
    Outage.objects.create(
        agency=cast.agency, first_on=date(2026, 4, 8), last_on=date(2026, 4, 8),
        reason="listrik padam", recorded_at=AFTER_APRIL,
    )  # fmt: skip

    outage, holiday = why(cast.kadis, cast.employee, 8), why(cast.kadis, cast.employee, 3)

    assert "listrik padam; daftar hadir manual belum lengkap" in text_of(outage)
    assert "Wafat Yesus Kristus" in text_of(holiday)


def test_a_day_of_a_frozen_recap_is_told_as_frozen_and_as_it_would_be_now(cast: Cast) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 14)])
    services.build_draft(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    services.freeze_recap(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    same = text_of(why(cast.kadis, cast.employee, 14))
    tap(employee_of(cast.employee), date(2026, 4, 14), "07:20", "16:01")
    rebuild_sheets(agency=cast.agency, month=APRIL, now=AFTER_APRIL)

    html = text_of(why(cast.kadis, cast.employee, 14))

    assert "hasilnya tetap sama" in same
    assert "Seperti dibekukan" in html
    assert "Tidak ada absen masuk dan pulang" in html
    assert "Data susulan." in html
    assert "Menurut data sekarang" in html
    assert "hanya lewat ralat BKD" in html
    sheet = text_of(
        browser(cast.kadis).get(f"/absensi/bulan/{employee_of(cast.employee).pk}/?bulan=2026-04")
    )
    assert "1 hari berbeda dari rekap yang dibekukan" in sheet


def test_the_days_of_a_person_are_for_him_and_those_above(cast: Cast) -> None:
    fill_april(cast.everyone)
    colleague = make_user(make_employee(cast.agency, "Siti Djami"), "siti")
    pk = employee_of(cast.employee).pk
    month, day = f"/absensi/bulan/{pk}/?bulan=2026-04", f"/absensi/mengapa/{pk}/2026-04-08/"
    for path, told in ((month, "07.21 - 16.04"), (day, "Masuk 07.21, tepat waktu.")):
        for user in (cast.kadis, cast.superior, cast.employee, cast.operator):
            assert told in text_of(browser(user).get(path))
        for user in (cast.outsider, colleague):
            assert browser(user).get(path).status_code == 404


@pytest.mark.parametrize("day", ["2026-02-30", "kemarin", "20260408", "0001-01-01", "9999-12-31"])
def test_days_that_are_none_are_not_found(cast: Cast, day: str) -> None:
    path = f"/absensi/mengapa/{employee_of(cast.employee).pk}/{day}/"

    assert browser(cast.kadis).get(path).status_code == 404


def test_a_month_opens_the_weeks_in_which_something_happened(cast: Cast) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 14)])

    html = text_of(browser(cast.employee).get("/absensi/saya/?bulan=2026-04"))

    opened = [part.split("</summary>")[0] for part in html.split('class="week" open')[1:]]
    assert len(opened) == 1
    assert "13-19 April 2026" in opened[0]
    assert "1 hari perlu dilihat" in opened[0]
    assert "6-12 April 2026" in html
    assert "Tidak ada absen masuk dan pulang" in html


def test_everyone_sees_his_own_month_before_and_after_the_freeze(cast: Cast) -> None:
    fill_april(cast.everyone, but=[(cast.employee, 14)])
    client = browser(cast.employee)

    before = text_of(client.get("/absensi/saya/?bulan=2026-04"))
    services.build_draft(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    services.freeze_recap(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    tap(employee_of(cast.employee), date(2026, 4, 14), "07:20", "16:01")
    after = text_of(client.get("/absensi/saya/?bulan=2026-04"))

    assert "Sementara" in before
    assert "Tidak ada absen masuk dan pulang" in before
    assert "Dibekukan" in after
    assert "Tidak ada absen masuk dan pulang" in after


def test_todays_punches_stand_on_ones_own_page(cast: Cast) -> None:
    with time_machine.travel(datetime(2026, 5, 5, 9, tzinfo=WITA)):
        tap(employee_of(cast.employee), date(2026, 5, 5), "07:41")
        html = text_of(browser(cast.employee).get("/absensi/saya/"))

    assert "<strong>07.41</strong> Mesin Uji, dihitung masuk" in html


def test_the_board_of_today_counts_people_by_unit_and_state(cast: Cast) -> None:
    day = date(2026, 5, 5)
    submitted(cast, cast.operator, first_on=day, last_on=day)
    tap(employee_of(cast.employee), day, "07:12")
    tap(employee_of(cast.admin), day, "07:55")
    Device.objects.update(state="active", last_contact_at=AFTER_APRIL)
    with time_machine.travel(datetime(2026, 5, 5, 9, tzinfo=WITA)):
        client = browser(cast.kadis)
        html = text_of(client.get("/absensi/hari-ini/"))
        late = text_of(client.get("/absensi/hari-ini/?keadaan=terlambat"))
        staff = text_of(browser(cast.superior).get("/absensi/hari-ini/?keadaan=hadir"))
        alone = browser(cast.employee).get("/absensi/hari-ini/")

    assert 'data-live-seconds="15"' in html
    assert "1 mesin tidak terhubung" in html
    assert "Anselmus Lede" in html  # not there yet
    assert "07.55, terlambat 25 menit" in late
    assert "Joko Tallo" in staff
    assert "Anselmus Lede" not in staff
    assert alone["Location"] == "/absensi/saya/"


def test_the_board_asks_as_often_for_many_as_for_few(cast: Cast) -> None:
    client = browser(cast.kadis)
    tap(employee_of(cast.employee), date(2026, 5, 4), "07:12")
    client.get("/absensi/hari-ini/")
    with CaptureQueriesContext(connection) as few:
        client.get("/absensi/hari-ini/")
    for number in range(25):
        tap(make_employee(cast.agency, f"Pegawai {number:02}"), date(2026, 5, 4), "07:15")

    with CaptureQueriesContext(connection) as many:
        client.get("/absensi/hari-ini/")

    assert len(many) == len(few)
