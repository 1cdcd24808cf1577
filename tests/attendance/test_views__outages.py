"""Pages of outages, of fingers that are not read, and of the rules."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from attendance.days.months import Month
from attendance.law.codes import Flag
from attendance.law.policy import settings
from attendance.models import FingerException, Outage, PolicySetting
from attendance.offered.evidence_waiting import corrections_to_decide, lists_to_type
from attendance.services.sheets import rebuild_sheets
from devices.models import Punch
from tests.attendance.asking import bkd, manager
from tests.attendance.people import AFTER_APRIL, employee_of, tap
from tests.attendance.test_services__outages import complete, outage, row, type_in, verdict
from tests.cast import Cast
from tests.pages import browser, html_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_fourth_of_may")]
MONDAY = date(2026, 4, 13)
OUTAGES, FINGERS, RULES = "/absensi/gangguan/", "/absensi/pengecualian/", "/absensi/aturan/"


# Outages ------------------------------------------------------------------------------------------


def test_an_outage_is_recorded_ended_typed_and_checked_by_two(cast: Cast) -> None:
    here = f"{OUTAGES}{outage(cast, last_on=None).pk}/"
    assert "Masih terganggu" in html_of(browser(cast.operator).get(here))
    browser(cast.operator).post(f"{here}akhiri/", {"last_on": "2026-04-14"})

    first = browser(manager(cast))
    joko = employee_of(cast.employee).pk
    assert f'name="masuk-{joko}"' in html_of(first.get(f"{here}daftar/"))
    times = {f"masuk-{joko}": "07:35", f"pulang-{joko}": "16.00"}
    assert "Daftar disimpan." in html_of(first.post(f"{here}daftar/", times, follow=True))
    assert 'value="07:35"' in html_of(first.get(f"{here}daftar/?tanggal=2026-04-13"))
    assert "petugas lain yang mencocokkan" in html_of(first.get(here))
    assert first.post(f"{here}lengkap/").status_code == 403
    assert not Punch.objects.exists()

    second = browser(manager(cast, "pengelola2"))
    assert "Daftar sudah cocok dan lengkap" in html_of(second.get(here))
    page = html_of(second.post(f"{here}lengkap/", follow=True))
    assert "Daftar lengkap" in page
    assert Punch.objects.filter(channel="list").count() == 2


def test_who_records_an_outage_begins_its_procedure_and_no_button_goes_beside_it(
    cast: Cast,
) -> None:
    sent = {"first_on": "2026-04-13", "last_on": "", "reason": "Listrik padam"}
    page = html_of(browser(cast.operator).post(f"{OUTAGES}baru/", sent, follow=True))
    recorded = Outage.objects.get()
    assert recorded.is_running
    assert f"/proses/{recorded.instance_id}/" in page
    here = f"{OUTAGES}{recorded.pk}/"
    assert "Akhiri gangguan" not in page
    response = browser(cast.operator).post(f"{here}akhiri/", {"last_on": "2026-04-14"})
    assert response.status_code == 409
    assert "lewat tugas pada berkasnya" in html_of(response)
    assert browser(manager(cast)).post(f"{here}lengkap/").status_code == 409
    assert browser(cast.operator).post(f"{here}laporkan/").status_code == 409


def test_an_outage_of_before_the_procedure_may_still_be_reported(cast: Cast) -> None:
    here = f"{OUTAGES}{outage(cast, last_on=None).pk}/"
    assert "Laporkan dan tangani" in html_of(browser(cast.operator).get(here))
    assert "Laporkan dan tangani" not in html_of(browser(cast.secretary).get(here))
    browser(cast.operator).post(f"{here}laporkan/")
    assert Outage.objects.get().is_running


def test_bkd_decides_which_of_two_times_holds(cast: Cast) -> None:
    recorded = outage(cast)
    tap(employee_of(cast.employee), MONDAY, "07:50")
    type_in(cast, recorded, row(cast.employee, "07:35", "16:00"))
    complete(cast, recorded)
    here = f"{OUTAGES}{recorded.pk}/selisih/"
    key = f"{employee_of(cast.employee).pk}:2026-04-13:in"
    client = browser(bkd(cast))
    assert "Pakai daftar 07.35" in html_of(client.get(here))
    nothing = client.post(here, {"key": key, "holds": "list", "note": ""})
    assert (nothing.status_code, "Tuliskan alasan" in html_of(nothing)) == (422, True)
    answer = {"key": key, "holds": "list", "note": "Sesuai paraf."}
    assert browser(manager(cast)).post(here, answer).status_code == 403
    page = html_of(client.post(here, answer, follow=True))
    assert "Tidak ada selisih yang menunggu" in page
    assert client.post(here, answer).status_code == 409
    day = verdict(cast.employee)
    assert (day.late, day.flags) == (5, (Flag.LATE, Flag.MANUAL))


def test_mistakes_of_an_outage_stand_at_their_fields(cast: Cast) -> None:
    sent = {"first_on": "2026-06-13", "reason": "Listrik padam"}
    response = browser(cast.operator).post(f"{OUTAGES}baru/", sent)
    assert response.status_code == 422
    assert "gangguan dicatat sesudah terjadi" in html_of(response)


@pytest.mark.parametrize(
    ("came", "left", "text"),
    [
        ("16:00", "07:35", "jam pulang mendahului jam masuk"),
        ("tujuh", "", "Tulis jam seperti 07.35."),
        ("25:00", "", "Tulis jam seperti 07.35."),
        ("7", "16", ""),
    ],
)
def test_a_row_that_cannot_be_is_named_and_what_was_typed_stays(
    cast: Cast, came: str, left: str, text: str
) -> None:
    here = f"{OUTAGES}{outage(cast).pk}/daftar/"
    joko = employee_of(cast.employee).pk
    response = browser(manager(cast)).post(here, {f"masuk-{joko}": came, f"pulang-{joko}": left})
    assert response.status_code == (422 if text else 302)
    if text:
        assert text in html_of(response)
        assert f'value="{came}"' in html_of(response)


def test_those_whose_fields_were_not_sent_keep_their_row(cast: Cast) -> None:
    recorded = outage(cast)
    type_in(cast, recorded, row(cast.admin, "07:20", "16:00"))
    joko = employee_of(cast.employee).pk
    sent = {f"masuk-{joko}": "07:35", f"pulang-{joko}": ""}
    browser(manager(cast)).post(f"{OUTAGES}{recorded.pk}/daftar/", sent)
    recorded.refresh_from_db()
    assert len(recorded.rows) == 2


def test_the_agency_sees_the_list_and_types_nothing(cast: Cast) -> None:
    recorded = outage(cast)
    type_in(cast, recorded, row(cast.employee, "07:35", "16:00"))
    client = browser(cast.operator)
    page = html_of(client.get(f"{OUTAGES}{recorded.pk}/"))
    assert "07.35" in page
    assert "Isi daftar" not in page
    assert client.get(f"{OUTAGES}{recorded.pk}/daftar/").status_code == 403


def test_a_conflict_is_shown_to_bkd_and_waits_there(cast: Cast) -> None:
    recorded = outage(cast)
    tap(employee_of(cast.employee), MONDAY, "07:50")
    type_in(cast, recorded, row(cast.employee, "07:35", "16:00"))
    complete(cast, recorded)
    client = browser(bkd(cast))
    page = html_of(client.get(f"{OUTAGES}{recorded.pk}/"))
    assert "Daftar manual berbeda dengan mesin" in page
    assert "Absen masuk: mesin 07.50, daftar manual 07.35." in page
    rebuild_sheets(agency=cast.agency, month=Month.of(MONDAY), now=AFTER_APRIL)
    (line,) = corrections_to_decide(bkd(cast).pk, AFTER_APRIL)
    assert line.link == f"{OUTAGES}{recorded.pk}/"


def test_lists_that_are_awaited_wait_for_who_types_them(cast: Cast) -> None:
    recorded = outage(cast)
    (line,) = lists_to_type(manager(cast).pk, AFTER_APRIL)
    assert line.text == "1 gangguan menunggu daftar hadir manual"
    assert lists_to_type(cast.operator.pk, AFTER_APRIL) == []
    complete(cast, recorded, without_rows=True)
    assert lists_to_type(manager(cast).pk, AFTER_APRIL) == []


# Fingers ------------------------------------------------------------------------------------------


def test_punches_without_a_finger_are_listed_for_review(cast: Cast) -> None:
    """Example 62."""
    tap(employee_of(cast.employee), MONDAY, "07:20", "16:05", verify=3)
    tap(employee_of(cast.superior), MONDAY, "07:20")
    client = browser(cast.admin)
    page = html_of(client.get(f"{FINGERS}non-sidik-jari/?bulan=2026-04"))
    assert "Joko Tallo" in page
    assert "kata sandi (kode 3)" in page
    assert "Perlu ditinjau" in page
    assert "Maria Tefa" not in page

    sent = {"employee": employee_of(cast.employee).pk, "reason": "Luka bakar",
            "letter_number": "800/7/2026", "valid_from": "2026-04-01"}  # fmt: skip
    page = html_of(client.post(f"{FINGERS}baru/", sent, follow=True))
    assert "Pengecualian didaftarkan." in page
    page = html_of(client.get(f"{FINGERS}non-sidik-jari/?bulan=2026-04"))
    assert "Terdaftar" in page
    assert "Perlu ditinjau" not in page


def test_an_exception_is_ended_on_the_list_and_mistakes_are_told(cast: Cast) -> None:
    client = browser(cast.admin)
    sent = {"employee": employee_of(cast.employee).pk, "reason": "Luka bakar",
            "letter_number": "", "valid_from": "2026-04-01"}  # fmt: skip
    assert client.post(f"{FINGERS}baru/", sent).status_code == 422
    client.post(f"{FINGERS}baru/", sent | {"letter_number": "800/7/2026"})
    found = FingerException.objects.get()
    page = client.post(f"{FINGERS}{found.pk}/akhiri/", {"valid_until": "besok"}, follow=True)
    assert "Isi tanggal terakhir" in html_of(page)
    client.post(f"{FINGERS}{found.pk}/akhiri/", {"valid_until": "2026-04-30"})
    found.refresh_from_db()
    assert found.valid_until == date(2026, 4, 30)


# Rules --------------------------------------------------------------------------------------------


def test_everybody_reads_every_rule_with_its_source(cast: Cast) -> None:
    page = html_of(browser(cast.employee).get(RULES))
    for setting in settings().values():
        assert setting.title in page
    assert "Belum diverifikasi" in page
    assert "Ubah dengan keputusan" not in page


def test_a_decree_is_set_on_its_page_and_shown_with_what_it_replaced(cast: Cast) -> None:
    client = browser(bkd(cast))
    sent = {"value": "full", "decree_number": "SK 14/2026", "valid_from": "2026-04-01",
            "scope": "agency"}  # fmt: skip
    page = html_of(client.post(f"{RULES}missing_punch/ubah/", sent, follow=True))
    assert "SK 14/2026, sejak 1 April 2026" in page
    assert "Ditetapkan" in page
    assert PolicySetting.objects.get().agency == cast.agency
    assert "SK 14/2026" in html_of(browser(cast.employee).get(RULES))


@pytest.mark.parametrize(
    ("name", "values", "status"),
    [
        ("missing_punch", {"value": "third"}, 422),
        ("repeated_tap", {"value": "99"}, 422),
        ("repeated_tap", {"decree_number": ""}, 422),
        ("repeated_tap", {"scope": "moon"}, 422),
        ("seconds", {}, 404),
        ("nothing", {}, 404),
    ],
)
def test_what_cannot_be_set_is_refused(
    cast: Cast, name: str, values: dict[str, Any], status: int
) -> None:
    sent = {"value": "6", "decree_number": "SK 1", "valid_from": "2026-04-01", "scope": "all"}
    response = browser(bkd(cast)).post(f"{RULES}{name}/ubah/", sent | values)
    assert response.status_code == status
    assert not PolicySetting.objects.exists()


# A list as a table --------------------------------------------------------------------------------


def upload(cast: Cast, text: str, recorded: Outage | None = None) -> Any:
    here = f"{OUTAGES}{(recorded or outage(cast)).pk}/daftar/unggah/"
    file = SimpleUploadedFile("daftar.csv", text.encode())
    return browser(manager(cast)).post(here, {"file": file}, follow=True)


def test_a_list_comes_as_a_table(cast: Cast) -> None:
    joko, budi = (employee_of(user).number for user in (cast.employee, cast.admin))
    spaced = f"{joko[:8]} {joko[8:14]} {joko[14]} {joko[15:]}"
    page = upload(
        cast, f"NIP;Jam masuk;Jam pulang;Tanggal\n{spaced};07.35;16:00;13-04-2026\n"
        f"{budi};7:20;-;2026-04-13\n",
    )  # fmt: skip
    assert "2 baris daftar disimpan." in html_of(page)
    complete(cast, Outage.objects.get())
    told = Punch.objects.order_by("at").values_list("local_time", flat=True)
    assert list(told) == ["2026-04-13 07:20:00", "2026-04-13 07:35:00", "2026-04-13 16:00:00"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "nip;masuk;pulang\n123;07.35;16.00\n",
            "Baris 2: tidak ada pegawai dengan NIP 123 di sini",
        ),
        ("nip;masuk\n123;07.35\n", "Kolom pulang tidak ada"),
        ("nip;masuk;pulang\nJOKO;pagi;16.00\n", "jam masuk “pagi” tidak terbaca"),
        ("nip;masuk;pulang;tanggal\nJOKO;7;16;kemarin\n", "tanggal “kemarin” tidak terbaca"),
        ("nip;masuk;pulang\nJOKO;16.00;07.35\n", "jam pulang mendahului jam masuk"),
        ("nip;masuk;pulang\nJOKO;7;16\nJOKO;8;16\n", "ditulis dua kali"),
        ("", "kosong"),
    ],
)
def test_a_table_that_cannot_be_taken_is_told_line_by_line_and_nothing_is_kept(
    cast: Cast, text: str, told: str
) -> None:
    recorded = outage(cast)
    page = upload(cast, text.replace("JOKO", employee_of(cast.employee).number), recorded)
    assert page.status_code == 422
    assert told in html_of(page)
    recorded.refresh_from_db()
    assert recorded.rows == {}
