"""Pages of corrections: asking, the decision card, what waits."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from attendance.models import AbsenceLetter, Correction, Recap
from attendance.offered.evidence_waiting import corrections_to_decide
from attendance.services.correction_runs import runs
from devices.models import Punch
from organization.models import User
from tests.attendance.asking import add, bkd, decide, device_of, request
from tests.attendance.people import AFTER_APRIL, APRIL, PDF, employee_of, submitted, tap
from tests.cast import Cast, appoint
from tests.pages import browser, html_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_fourth_of_may")]
MONDAY = date(2026, 4, 13)
NEW = "/absensi/koreksi/baru/"


def proof(content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile("berita acara.pdf", content)


def form(kind: str, **values: Any) -> dict[str, Any]:
    return {"kind": kind, "reason": "Lihat berita acara", "evidence": proof()} | values


def asked(whose: User, **values: Any) -> dict[str, Any]:
    """An added punch as the form sends it."""
    given = {"employee": employee_of(whose).pk, "day": "2026-04-13", "clock": "07:25"}
    return form("add", **(given | values))


# Asking -------------------------------------------------------------------------------------------


def test_the_kinds_are_told_apart_before_anything_is_asked(cast: Cast) -> None:
    page = html_of(browser(cast.operator).get(NEW))
    for words in ("Menambah absen", "Tidak memakai satu absen", "Menggeser jam mesin", "Mencabut"):
        assert words in page


def test_an_added_punch_is_asked_for_and_its_day_is_shown(cast: Cast) -> None:
    tap(employee_of(cast.employee), MONDAY, "16:03")
    response = browser(cast.operator).post(NEW, asked(cast.employee), follow=True)
    page = html_of(response)
    assert "Permintaan koreksi dikirim kepada BKD." in page
    assert "Joko Tallo: absen 13 April 2026 07.25" in page
    assert "tanpa masuk - 16.03 · KJK 225 menit" in page
    assert "H · 07.25 - 16.03 · koreksi BKD" in page
    assert "Kabulkan" not in page
    (run,) = runs()
    assert run.subject == str(Correction.objects.get().pk)


def test_mistakes_stand_at_their_fields_and_what_was_typed_stays(cast: Cast) -> None:
    response = browser(cast.operator).post(NEW, asked(cast.employee, day="2026-06-13"))
    page = html_of(response)
    assert response.status_code == 422
    assert "13 Juni 2026 07.25 belum terjadi" in page
    assert "Lihat berita acara" in page
    assert not Correction.objects.exists()


def test_a_file_that_is_no_scan_is_refused_at_its_field(cast: Cast) -> None:
    response = browser(cast.operator).post(
        NEW, asked(cast.employee, evidence=proof(b"<script>alert(1)</script>"))
    )
    assert response.status_code == 422
    assert "unggah berkas PDF, JPEG, atau PNG" in html_of(response)


def test_somebody_of_another_agency_cannot_be_chosen(cast: Cast) -> None:
    response = browser(cast.operator).post(NEW, asked(cast.outsider))
    assert response.status_code == 422
    assert not Correction.objects.exists()


def test_a_punch_to_be_left_out_is_looked_for_by_person_and_day(cast: Cast) -> None:
    tap(employee_of(cast.employee), MONDAY, "07:20", "16:03")
    client = browser(cast.operator)
    assert "Absen yang mana?" in html_of(client.get(f"{NEW}?jenis=ignore"))
    address = f"{NEW}?jenis=ignore&pegawai={employee_of(cast.employee).pk}&tanggal=2026-04-13"
    assert "07.20 - Mesin Uji" in html_of(client.get(address))
    chosen = Punch.objects.latest("at")
    page = html_of(client.post(address, form("ignore", punch=chosen.pk), follow=True))
    assert Correction.objects.get().punch == chosen
    assert "07.20 - tanpa pulang" in page


def test_no_punch_on_that_day_says_so(cast: Cast) -> None:
    address = f"{NEW}?jenis=ignore&pegawai={employee_of(cast.employee).pk}&tanggal=2026-04-13"
    assert "Tidak ada absen pada hari itu" in html_of(browser(cast.operator).get(address))


def test_a_clock_is_put_right_in_the_machines_own_wall_time(cast: Cast) -> None:
    tap(employee_of(cast.employee), MONDAY, "06:29", "15:05")
    sent = form("clock", device=device_of(cast).pk, wrong_from="2026-04-13T05:00",
                wrong_until="2026-04-13T23:00", minutes="60")  # fmt: skip
    page = html_of(browser(cast.admin).post(NEW, sent, follow=True))
    assert "Mesin Uji: 13 April 2026 05.00 sampai 13 April 2026 23.00 ditambah 1 jam" in page
    assert "07.29 - 16.05" in page


def test_an_approved_letter_can_be_named(cast: Cast) -> None:
    letter = submitted(cast, first_on=MONDAY, last_on=MONDAY)
    AbsenceLetter.objects.filter(pk=letter.pk).update(status="approved")
    client = browser(cast.operator)
    assert "Surat dinas luar Joko Tallo 13 April 2026" in html_of(client.get(f"{NEW}?jenis=revoke"))
    client.post(NEW, form("revoke", letter=letter.pk))
    assert Correction.objects.get().letter == letter


# Deciding -----------------------------------------------------------------------------------------


def test_bkd_decides_on_the_card_and_the_day_counts(cast: Cast) -> None:
    row = request(cast, add(cast.employee, MONDAY, "07:25"))
    client = browser(bkd(cast))
    assert "Keputusan BKD" in html_of(client.get(f"/absensi/koreksi/{row.pk}/"))
    sent = {"decision": "grant", "note": "Sesuai rekaman"}
    page = html_of(client.post(f"/absensi/koreksi/{row.pk}/putuskan/", sent, follow=True))
    assert "dikabulkan" in page
    assert "Sesuai rekaman" in page
    assert "Keputusan BKD" not in page


def test_turning_down_without_a_note_is_refused_on_the_card(cast: Cast) -> None:
    row = request(cast, add(cast.employee, MONDAY, "07:25"))
    address = f"/absensi/koreksi/{row.pk}/putuskan/"
    response = browser(bkd(cast)).post(address, {"decision": "turn_down", "note": ""})
    assert response.status_code == 422
    assert "Tuliskan mengapa permintaan ini ditolak." in html_of(response)


def test_a_decision_made_meanwhile_is_told_and_not_made_again(cast: Cast) -> None:
    row = decide(cast, request(cast, add(cast.employee, MONDAY, "07:25")))
    address = f"/absensi/koreksi/{row.pk}/putuskan/"
    response = browser(bkd(cast)).post(address, {"decision": "turn_down", "note": "Keliru"})
    assert response.status_code == 409
    assert "sudah dikabulkan" in html_of(response)


def test_an_answer_that_is_none_of_the_two_is_refused(cast: Cast) -> None:
    row = request(cast, add(cast.employee, MONDAY, "07:25"))
    response = browser(bkd(cast)).post(f"/absensi/koreksi/{row.pk}/putuskan/", {"decision": "ya"})
    assert response.status_code == 422


def test_the_officers_see_no_buttons_and_cannot_decide(cast: Cast) -> None:
    row = request(cast, add(cast.employee, MONDAY, "07:25"))
    for user in (cast.operator, cast.admin, cast.kadis):
        client = browser(user)
        assert "Keputusan BKD" not in html_of(client.get(f"/absensi/koreksi/{row.pk}/"))
        address = f"/absensi/koreksi/{row.pk}/putuskan/"
        assert client.post(address, {"decision": "grant"}).status_code == 403


def test_a_day_judged_otherwise_since_the_request_is_pointed_out(cast: Cast) -> None:
    row = request(cast, add(cast.employee, MONDAY, "07:25"))
    tap(employee_of(cast.employee), MONDAY, "16:03")
    page = html_of(browser(bkd(cast)).get(f"/absensi/koreksi/{row.pk}/"))
    assert "sudah dinilai lain sejak permintaan dibuat" in page


def test_a_frozen_month_is_named_on_the_card(cast: Cast) -> None:
    Recap.objects.create(
        agency=cast.agency, month=APRIL.first, version=1, status=Recap.Status.FROZEN,
        built_at=AFTER_APRIL,
    )  # fmt: skip
    row = request(cast, add(cast.employee, MONDAY, "07:25"))
    page = html_of(browser(bkd(cast)).get(f"/absensi/koreksi/{row.pk}/"))
    assert "Rekap April 2026 sudah dibekukan" in page


# Seeing -------------------------------------------------------------------------------------------


def test_whom_it_is_about_sees_the_request_and_its_proof_others_do_not(cast: Cast) -> None:
    row = request(cast, add(cast.employee, MONDAY, "07:25"))
    for address in (f"/absensi/koreksi/{row.pk}/", f"/absensi/koreksi/{row.pk}/bukti/"):
        assert browser(cast.employee).get(address).status_code == 200
        assert browser(cast.superior).get(address).status_code == 404
        assert browser(cast.outsider).get(address).status_code == 404


def test_the_list_tells_waiting_from_decided(cast: Cast) -> None:
    done = decide(cast, request(cast, add(cast.employee, MONDAY, "07:25")))
    request(cast, add(cast.admin, MONDAY, "07:26"))
    client = browser(cast.operator)
    page = html_of(client.get("/absensi/koreksi/"))
    assert "Budi Manafe: absen" in page
    assert "Joko Tallo: absen" not in page
    page = html_of(client.get("/absensi/koreksi/?keadaan=semua"))
    assert f"Nomor {done.pk}" in page


def test_bkd_reads_in_the_inbox_how_many_requests_wait(cast: Cast) -> None:
    assert corrections_to_decide(bkd(cast).pk, AFTER_APRIL) == []
    request(cast, add(cast.employee, MONDAY, "07:25"))
    (line,) = corrections_to_decide(bkd(cast).pk, AFTER_APRIL)
    assert (line.text, line.link) == (
        "1 permintaan koreksi menunggu keputusan BKD",
        "/absensi/koreksi/",
    )
    assert "1 permintaan koreksi menunggu" in html_of(browser(bkd(cast)).get("/tugas/"))
    for user in (cast.operator, cast.kadis, cast.employee):
        assert corrections_to_decide(user.pk, AFTER_APRIL) == []


def test_ones_own_request_does_not_wait_for_oneself(cast: Cast) -> None:
    appoint(cast.operator, "BKD", cast.agency)
    request(cast, add(cast.employee, MONDAY, "07:25"))
    assert corrections_to_decide(cast.operator.pk, AFTER_APRIL) == []
