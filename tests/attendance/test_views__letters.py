"""Pages of letters: what each person sees, may do, and is told."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from attendance.models import AbsenceLetter
from organization.models import User
from tests.attendance.people import (
    AFTER_APRIL,
    PDF,
    decide,
    employee_of,
    enter,
    scan,
    submitted,
)
from tests.cast import Cast, make_employee, make_user


@pytest.fixture(autouse=True)
def the_fourth_of_may() -> Iterator[None]:
    with time_machine.travel(AFTER_APRIL, tick=True):
        yield


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode())


FORM = {
    "kind": "DL",
    "first_on": "2026-04-07",
    "last_on": "2026-04-09",
    "number": "090/1",
    "issuer": "Sekretaris",
    "reason": "Rapat",
}


def scan_file(content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile("surat tugas.pdf", content, content_type="application/pdf")


# Entering


def test_an_operator_enters_scans_and_submits_in_one_step(cast: Cast) -> None:
    response = as_user(cast.operator).post(
        "/absensi/surat/baru/",
        FORM | {"employee": employee_of(cast.employee).pk, "scan": scan_file(), "submit": "1"},
        follow=True,
    )

    letter = AbsenceLetter.objects.get()
    assert (letter.status, letter.employee) == ("submitted", cast.employee.employee)
    assert "Surat dicatat." in text_of(response)
    assert "Menunggu atasan langsung (Maria Tefa)" in text_of(response)


def test_a_refused_scan_leaves_no_letter_behind(cast: Cast) -> None:
    response = as_user(cast.operator).post(
        "/absensi/surat/baru/",
        FORM | {"employee": employee_of(cast.employee).pk, "scan": scan_file(b"GIF89a....")},
    )

    assert response.status_code == 422
    assert "unggah berkas PDF, JPEG, atau PNG" in text_of(response)
    assert not AbsenceLetter.objects.exists()


def test_submitting_without_a_scan_is_refused_and_keeps_what_was_typed(cast: Cast) -> None:
    response = as_user(cast.operator).post(
        "/absensi/surat/baru/",
        FORM | {"employee": employee_of(cast.employee).pk, "submit": "1"},
    )

    assert response.status_code == 422
    assert "belum dipindai" in text_of(response)
    assert "090/1" in text_of(response)
    assert not AbsenceLetter.objects.exists()


def test_mistakes_of_the_service_stand_at_their_fields(cast: Cast) -> None:
    response = as_user(cast.operator).post(
        "/absensi/surat/baru/",
        FORM | {"employee": employee_of(cast.employee).pk, "last_on": "2026-04-01"},
    )

    assert response.status_code == 422
    assert "Tanggal akhir mendahului tanggal awal." in text_of(response)


def test_an_employee_enters_only_for_himself(cast: Cast) -> None:
    client = as_user(cast.employee)
    assert 'name="employee"' not in text_of(client.get("/absensi/surat/baru/"))

    client.post("/absensi/surat/baru/", FORM | {"employee": employee_of(cast.admin).pk})

    assert AbsenceLetter.objects.get().employee == cast.employee.employee


def test_an_operator_cannot_name_somebody_of_another_agency(cast: Cast) -> None:
    response = as_user(cast.operator).post(
        "/absensi/surat/baru/", FORM | {"employee": employee_of(cast.outsider).pk}
    )

    assert response.status_code == 422
    assert not AbsenceLetter.objects.exists()


# The letter and its scan


def test_a_letter_is_found_by_those_it_concerns_only(cast: Cast) -> None:
    letter = scan(cast, enter(cast))
    colleague = make_user(make_employee(cast.agency, "Siti Djami"), "siti")

    for path in ("", "pindaian/"):
        url = f"/absensi/surat/{letter.pk}/{path}"
        for user in (cast.operator, cast.superior, cast.kadis, cast.employee):
            assert as_user(user).get(url).status_code == 200, (user, url)
        for user in (cast.outsider, colleague):
            assert as_user(user).get(url).status_code == 404, (user, url)


def test_the_scan_comes_as_it_was_given(cast: Cast) -> None:
    letter = scan(cast, enter(cast))

    response = as_user(cast.superior).get(f"/absensi/surat/{letter.pk}/pindaian/")

    assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_changes_need_a_post_and_a_token(cast: Cast) -> None:
    letter = submitted(cast)
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.superior)

    for verb in ("putuskan", "ajukan", "unggah", "batalkan", "catat"):
        url = f"/absensi/surat/{letter.pk}/{verb}/"
        assert as_user(cast.superior).get(url).status_code == 405
        assert client.post(url, {"decision": "approve"}).status_code == 403
    letter.refresh_from_db()
    assert letter.status == "submitted"


def test_the_history_of_a_letter_is_told_in_words(cast: Cast) -> None:
    letter = decide(submitted(cast), cast.superior)

    html = text_of(as_user(cast.operator).get(f"/absensi/surat/{letter.pk}/"))

    for words in ("Dicatat", "Dipindai", "Diajukan kepada atasan langsung", "Disetujui"):
        assert words in html
    assert "Maria Tefa (Atasan langsung)" in html


def test_an_operator_uploads_then_submits_on_the_page(cast: Cast) -> None:
    letter, client = enter(cast), as_user(cast.operator)
    url = f"/absensi/surat/{letter.pk}/"

    assert client.post(f"{url}ajukan/").status_code == 422
    assert client.post(f"{url}unggah/", {"scan": scan_file()}).status_code == 302
    assert client.post(f"{url}ajukan/").status_code == 302
    letter.refresh_from_db()
    assert letter.status == "submitted"


def test_an_empty_upload_says_what_to_do(cast: Cast) -> None:
    letter = enter(cast)

    response = as_user(cast.operator).post(
        f"/absensi/surat/{letter.pk}/unggah/", {"scan": SimpleUploadedFile("kosong.pdf", b"")}
    )

    assert response.status_code == 400
    assert "Pilih berkas pindaian yang tidak kosong" in text_of(response)


def test_a_returned_letter_is_corrected_on_its_page(cast: Cast) -> None:
    letter = decide(submitted(cast), cast.superior, "return", "tanggal keliru")
    url = f"/absensi/surat/{letter.pk}/ubah/"
    client = as_user(cast.operator)
    assert "090/12/DL/2026" in text_of(client.get(url))

    client.post(url, FORM | {"last_on": "2026-04-08"})

    letter.refresh_from_db()
    assert letter.last_on == date(2026, 4, 8)
    assert as_user(cast.superior).get(url).status_code == 404


def test_letters_are_listed_by_month_and_state(cast: Cast) -> None:
    enter(cast)
    decide(submitted(cast, cast.admin), cast.superior)
    client = as_user(cast.operator)

    html = text_of(client.get("/absensi/surat/?bulan=2026-04"))
    still_open = text_of(client.get("/absensi/surat/?bulan=2026-04&keadaan=belum"))

    assert "Joko Tallo" in html
    assert "Budi Manafe" in html
    assert "Belum dipindai" in html
    assert "Budi Manafe" not in still_open
    assert "Joko Tallo" not in text_of(client.get("/absensi/surat/?bulan=2026-05"))
    assert "Budi Manafe" in text_of(client.get("/absensi/surat/?bulan=2026-04&q=budi"))
    assert client.get("/absensi/surat/?bulan=2026-13").status_code == 404


def test_a_list_shows_nothing_of_another_agency(cast: Cast) -> None:
    enter(cast)

    assert "Joko Tallo" not in text_of(as_user(cast.outsider).get("/absensi/surat/?bulan=2026-04"))
    code = cast.agency.code
    assert as_user(cast.outsider).get(f"/absensi/surat/?pd={code}").status_code == 404


# The superior


def test_the_superior_finds_what_waits_and_approves_it(cast: Cast) -> None:
    letter, client = submitted(cast), as_user(cast.superior)
    assert client.get("/absensi/").headers["Location"] == "/absensi/persetujuan/"
    assert "Joko Tallo" in text_of(client.get("/absensi/persetujuan/"))

    response = client.post(
        f"/absensi/surat/{letter.pk}/putuskan/", {"decision": "approve"}, follow=True
    )

    letter.refresh_from_db()
    assert letter.status == "approved"
    assert "Tidak ada surat yang menunggu" in text_of(response)


def test_only_letters_that_wait_for_me_are_on_my_page(cast: Cast) -> None:
    submitted(cast)
    submitted(cast, cast.superior)

    assert "Joko Tallo" not in text_of(as_user(cast.kadis).get("/absensi/persetujuan/"))
    assert "Maria Tefa" in text_of(as_user(cast.kadis).get("/absensi/persetujuan/"))


@pytest.mark.parametrize("who", ["operator", "employee", "kadis"])
def test_another_person_is_told_who_decides(cast: Cast, who: str) -> None:
    letter = submitted(cast)

    response = as_user(getattr(cast, who)).post(
        f"/absensi/surat/{letter.pk}/putuskan/", {"decision": "approve"}
    )

    assert response.status_code == 403
    assert "Maria Tefa" in text_of(response)


def test_a_second_decision_is_told_it_came_too_late(cast: Cast) -> None:
    letter = decide(submitted(cast), cast.superior)

    response = as_user(cast.superior).post(
        f"/absensi/surat/{letter.pk}/putuskan/", {"decision": "reject", "note": "keliru"}
    )

    assert response.status_code == 409
    assert "sudah berstatus “disetujui”" in text_of(response)


def test_a_return_without_reason_keeps_the_letter_and_says_so(cast: Cast) -> None:
    letter = submitted(cast)

    response = as_user(cast.superior).post(
        f"/absensi/surat/{letter.pk}/putuskan/", {"decision": "return", "note": ""}
    )

    assert response.status_code == 422
    assert "Tuliskan alasan" in text_of(response)


def test_a_decision_that_does_not_exist_is_refused(cast: Cast) -> None:
    letter = submitted(cast)

    response = as_user(cast.superior).post(
        f"/absensi/surat/{letter.pk}/putuskan/", {"decision": "perhaps"}
    )

    assert response.status_code == 400


def test_the_operator_notes_the_approval_of_the_heads_letter(cast: Cast) -> None:
    letter = submitted(cast, cast.kadis)
    client = as_user(cast.operator)
    page = text_of(client.get(f"/absensi/surat/{letter.pk}/"))
    assert "Persetujuan di luar perangkat daerah" in page

    client.post(f"/absensi/surat/{letter.pk}/catat/", {"official": "Sekretaris Daerah"})

    letter.refresh_from_db()
    assert letter.status == "approved"


# Every page


@pytest.mark.parametrize("who", ["kadis", "operator", "superior", "employee", "outsider"])
def test_every_page_opens_for_everyone_who_may_be_there(cast: Cast, who: str) -> None:
    client = as_user(getattr(cast, who))
    for path in ("surat/", "surat/baru/", "persetujuan/", "saya/"):
        assert client.get(f"/absensi/{path}").status_code == 200, path
    assert client.get("/absensi/").status_code == 302


def test_a_stranger_is_sent_to_the_sign_in(cast: Cast) -> None:
    letter = enter(cast)
    for path in ("", "surat/", f"surat/{letter.pk}/pindaian/", "rekap/", "saya/"):
        response = Client().get(f"/absensi/{path}")
        assert response.status_code == 302
        assert "/accounts/login/" in response.headers["Location"]
