"""Pages of letters: what each person sees, may do, and is told."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from attendance.models import AbsenceLetter
from tests.attendance.letter_runs import after_system, answer, answers_of, checked, task_of
from tests.attendance.letters.test_deciders import change, stand_in
from tests.attendance.people import (
    PDF,
    decide,
    employee_of,
    enter,
    scan,
    submitted,
)
from tests.cast import Cast, make_employee, make_user
from tests.pages import browser, html_of

pytestmark = pytest.mark.usefixtures("the_fourth_of_may")


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


def test_an_operator_enters_scans_and_hands_in_with_one_form(cast: Cast) -> None:
    response = browser(cast.operator).post(
        "/absensi/surat/baru/",
        FORM | {"employee": employee_of(cast.employee).pk, "scan": scan_file()},
        follow=True,
    )

    letter = after_system(AbsenceLetter.objects.get())
    assert (letter.status, letter.employee) == ("submitted", cast.employee.employee)
    assert "Surat dicatat dan diajukan." in html_of(response)
    html = html_of(browser(cast.operator).get(f"/absensi/surat/{letter.pk}/"))
    assert "Memeriksa kelengkapan surat" in html
    assert "Menunggu Admin" in html


def test_a_letter_entered_without_scan_waits_for_its_scanning(cast: Cast) -> None:
    response = browser(cast.operator).post(
        "/absensi/surat/baru/",
        FORM | {"employee": employee_of(cast.employee).pk},
        follow=True,
    )

    assert task_of(AbsenceLetter.objects.get()).lane == "Operator"
    assert "Belum dipindai" in html_of(response)


def test_hours_of_one_day_are_entered_and_shown(cast: Cast) -> None:
    day = {"kind": "I", "first_on": "2026-04-07", "last_on": "2026-04-07"}
    client = browser(cast.employee)

    client.post("/absensi/surat/baru/", FORM | day | {"from_time": "09:00", "to_time": "11:00"})

    html = html_of(client.get("/absensi/surat-saya/"))
    assert "Izin (09.00-11.00)" in html


def test_a_refused_scan_leaves_no_letter_behind(cast: Cast) -> None:
    response = browser(cast.operator).post(
        "/absensi/surat/baru/",
        FORM | {"employee": employee_of(cast.employee).pk, "scan": scan_file(b"GIF89a....")},
    )

    assert response.status_code == 422
    assert "unggah berkas PDF, JPEG, atau PNG" in html_of(response)
    assert not AbsenceLetter.objects.exists()


def test_mistakes_of_the_service_stand_at_their_fields(cast: Cast) -> None:
    response = browser(cast.operator).post(
        "/absensi/surat/baru/",
        FORM | {"employee": employee_of(cast.employee).pk, "last_on": "2026-04-01"},
    )

    assert response.status_code == 422
    assert "Tanggal akhir mendahului tanggal awal; periksa kedua tanggalnya." in html_of(response)


def test_an_employee_enters_only_for_himself(cast: Cast) -> None:
    client = browser(cast.employee)
    assert 'name="employee"' not in html_of(client.get("/absensi/surat/baru/"))

    client.post("/absensi/surat/baru/", FORM | {"employee": employee_of(cast.admin).pk})

    assert AbsenceLetter.objects.get().employee == cast.employee.employee


def test_an_operator_cannot_name_somebody_of_another_agency(cast: Cast) -> None:
    response = browser(cast.operator).post(
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
            assert browser(user).get(url).status_code == 200, (user, url)
        for user in (cast.outsider, colleague):
            assert browser(user).get(url).status_code == 404, (user, url)


def test_the_scan_comes_as_it_was_given(cast: Cast) -> None:
    letter = scan(cast, enter(cast))

    response = browser(cast.superior).get(f"/absensi/surat/{letter.pk}/pindaian/")

    assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_changes_need_a_post_and_a_token(cast: Cast) -> None:
    letter = checked(cast)
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.superior)

    for verb in ("ajukan", "unggah", "batalkan", "persingkat"):
        url = f"/absensi/surat/{letter.pk}/{verb}/"
        assert browser(cast.superior).get(url).status_code == 405
        assert client.post(url, {"reason": "x"}).status_code == 403
    letter.refresh_from_db()
    assert letter.status == "checked"


def test_the_history_of_a_letter_is_told_in_words(cast: Cast) -> None:
    letter = answer(checked(cast), cast.superior)

    html = html_of(browser(cast.operator).get(f"/absensi/surat/{letter.pk}/"))

    for words in ("Dicatat", "Dipindai", "Lengkap; diteruskan", "Disetujui", "Jalannya berkas"):
        assert words in html
    assert "Maria Tefa (Atasan langsung)" in html
    assert "1 halaman" not in html
    assert "jumlah halaman tidak terbaca" in html


def test_a_letter_of_before_is_scanned_and_handed_in_on_its_page(cast: Cast) -> None:
    letter, client = enter(cast), browser(cast.operator)
    url = f"/absensi/surat/{letter.pk}/"
    assert "Surat ini belum diajukan." in html_of(client.get(url))

    assert client.post(f"{url}unggah/", {"scan": scan_file()}).status_code == 302
    assert client.post(f"{url}ajukan/").status_code == 302
    assert after_system(letter).status == "submitted"
    assert client.post(f"{url}ajukan/").status_code == 409


def test_an_empty_upload_says_what_to_do(cast: Cast) -> None:
    letter = enter(cast)

    response = browser(cast.operator).post(
        f"/absensi/surat/{letter.pk}/unggah/", {"scan": SimpleUploadedFile("kosong.pdf", b"")}
    )

    assert response.status_code == 400
    assert "Pilih berkas pindaian yang tidak kosong" in html_of(response)


def test_a_returned_letter_is_corrected_on_its_page(cast: Cast) -> None:
    letter = decide(submitted(cast), cast.superior, "return", "tanggal keliru")
    url = f"/absensi/surat/{letter.pk}/ubah/"
    client = browser(cast.operator)
    assert "090/12/DL/2026" in html_of(client.get(url))

    client.post(url, FORM | {"last_on": "2026-04-08"})

    letter.refresh_from_db()
    assert letter.last_on == date(2026, 4, 8)
    assert browser(cast.superior).get(url).status_code == 404


def test_letters_are_listed_by_month_and_state(cast: Cast) -> None:
    enter(cast)
    decide(submitted(cast, cast.admin), cast.superior)
    client = browser(cast.operator)

    html = html_of(client.get("/absensi/surat/?bulan=2026-04"))
    still_open = html_of(client.get("/absensi/surat/?bulan=2026-04&keadaan=belum"))

    assert "Joko Tallo" in html
    assert "Budi Manafe" in html
    assert "Belum dipindai" in html
    assert "Budi Manafe" not in still_open
    assert "Joko Tallo" not in html_of(client.get("/absensi/surat/?bulan=2026-05"))
    assert "Budi Manafe" in html_of(client.get("/absensi/surat/?bulan=2026-04&q=budi"))
    assert "bukan bulan" in html_of(client.get("/absensi/surat/?bulan=2026-13"))


def test_a_list_shows_nothing_of_another_agency(cast: Cast) -> None:
    enter(cast)

    assert "Joko Tallo" not in html_of(browser(cast.outsider).get("/absensi/surat/?bulan=2026-04"))
    code = cast.agency.code
    assert browser(cast.outsider).get(f"/absensi/surat/?pd={code}").status_code == 404


def test_letters_are_filtered_by_kind_state_and_number(cast: Cast) -> None:
    enter(cast)
    enter(cast, cast.admin, kind="CT", number="850/9")
    client = browser(cast.operator)

    def names(query: str) -> set[str]:
        html = html_of(client.get(f"/absensi/surat/?bulan=2026-04&{query}"))
        return {name for name in ("Joko Tallo", "Budi Manafe") if name in html}

    assert names("jenis=CT") == {"Budi Manafe"}
    assert names("q=850/9") == {"Budi Manafe"}
    assert names(f"q={employee_of(cast.employee).number}") == {"Joko Tallo"}
    assert names("status=approved") == set()
    assert names("jenis=ngawur&status=ngawur") == {"Joko Tallo", "Budi Manafe"}


def test_an_employee_sees_his_own_letters_of_every_month_and_no_other(cast: Cast) -> None:
    enter(cast)
    enter(cast, first_on=date(2026, 1, 6), last_on=date(2026, 1, 6))
    enter(cast, cast.admin)

    html = html_of(browser(cast.employee).get("/absensi/surat-saya/"))

    assert "7-9 April 2026" in html
    assert "6 Januari 2026" in html
    assert "Budi Manafe" not in html


# The superior


def test_the_superior_finds_what_waits_and_the_way_into_its_task(cast: Cast) -> None:
    letter, client = checked(cast), browser(cast.superior)
    assert client.get("/absensi/").headers["Location"] == "/absensi/persetujuan/"
    task = task_of(letter)

    html = html_of(client.get("/absensi/persetujuan/"))

    assert "Joko Tallo" in html
    assert f'href="/tugas/{task.pk}/"' in html
    page = html_of(client.get(f"/tugas/{task.pk}/"))
    assert "Kerjakan" in page
    assert "090/12/DL/2026" in page


def test_claiming_and_deciding_are_two_acts_in_the_browser(cast: Cast) -> None:
    letter, client = checked(cast), browser(cast.superior)
    task = task_of(letter)
    answers = answers_of(task, "approve") | {"kunci": "k1"}

    assert client.post(f"/tugas/{task.pk}/selesai/", answers).status_code != 302
    assert client.post(f"/tugas/{task.pk}/ambil/").status_code == 302
    assert client.post(f"/tugas/{task.pk}/selesai/", answers).status_code == 302

    assert after_system(letter).status == "approved"
    assert "Tidak ada surat yang menunggu" in html_of(client.get("/absensi/persetujuan/"))


def test_only_letters_that_wait_for_me_are_on_my_page(cast: Cast) -> None:
    checked(cast)
    checked(cast, cast.superior)

    assert "Joko Tallo" not in html_of(browser(cast.kadis).get("/absensi/persetujuan/"))
    assert "Maria Tefa" in html_of(browser(cast.kadis).get("/absensi/persetujuan/"))


def test_a_stand_in_sees_the_letter_and_its_scan(cast: Cast) -> None:
    stand_in(cast.superior, cast.secretary, valid_until=None)
    person = make_user(make_employee(cast.agency, "Siti Djami"), "siti")
    letter = checked(cast)
    client = browser(cast.secretary)

    assert "Joko Tallo" in html_of(client.get("/absensi/persetujuan/"))
    assert client.get(f"/absensi/surat/{letter.pk}/pindaian/").status_code == 200
    assert browser(person).get(f"/absensi/surat/{letter.pk}/").status_code == 404
    assert "Joko Tallo" not in html_of(browser(cast.superior).get("/absensi/persetujuan/"))


def test_the_page_names_why_nobody_can_decide(cast: Cast) -> None:
    change(cast.employee, superior=None)
    letter = checked(cast)

    html = html_of(browser(cast.operator).get(f"/absensi/surat/{letter.pk}/"))

    assert "tidak tercatat atasannya" in html
    assert "Mencatat persetujuan tertulis" in html


# Coming back early


def test_an_approved_letter_is_cut_short_and_the_superior_reads_it(cast: Cast) -> None:
    letter = answer(checked(cast), cast.superior)
    url = f"/absensi/surat/{letter.pk}/persingkat/"
    client = browser(cast.operator)

    refused = client.post(url, {"last_on": "2026-04-09", "reason": "pulang"})
    assert refused.status_code == 422
    assert "antara 07-04-2026 dan 08-04-2026" in html_of(refused)
    assert client.post(url, {"last_on": "2026-04-08"}).status_code == 400
    assert client.post(url, {"last_on": "2026-04-08", "reason": "pulang"}).status_code == 302

    letter.refresh_from_db()
    assert (letter.last_on, letter.status) == (date(2026, 4, 8), "approved")
    html = html_of(browser(cast.superior).get("/absensi/persetujuan/"))
    assert "Dipersingkat dua pekan terakhir" in html
    assert (
        browser(cast.employee).post(url, {"last_on": "2026-04-07", "reason": "x"}).status_code
        == 403
    )


# Every page


@pytest.mark.parametrize("who", ["kadis", "operator", "superior", "employee", "outsider"])
def test_every_page_opens_for_everyone_who_may_be_there(cast: Cast, who: str) -> None:
    client = browser(getattr(cast, who))
    for path in ("surat/", "surat/baru/", "persetujuan/", "surat-saya/", "saya/"):
        assert client.get(f"/absensi/{path}").status_code == 200, path
    assert client.get("/absensi/").status_code == 302


def test_a_stranger_is_sent_to_the_sign_in(cast: Cast) -> None:
    letter = enter(cast)
    for path in ("", "surat/", f"surat/{letter.pk}/pindaian/", "rekap/", "saya/"):
        response = Client().get(f"/absensi/{path}")
        assert response.status_code == 302
        assert "/accounts/login/" in response.headers["Location"]
