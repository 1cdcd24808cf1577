"""A pile of paper letters on one page: rows succeed or fail one by one, and nothing is lost."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from attendance.models import AbsenceLetter
from attendance.services import letter_pile as pile
from tests.attendance.letter_runs import after_system, task_of
from tests.attendance.people import PDF, employee_of, enter
from tests.cast import NOW, Cast, make_employee
from tests.pages import browser

URL = "/absensi/surat/tumpukan/"


@pytest.fixture(autouse=True)
def the_twentieth_of_april() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


def row(index: int, person: str, **values: Any) -> dict[str, Any]:
    said = {"person": person, "kind": "DL", "first_on": "2026-04-07", "number": "1", "issuer": "X"}
    return {f"baris-{index}-{name}": value for name, value in (said | values).items()}


def scan_file(name: str = "surat.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_every_row_of_a_good_pile_becomes_a_letter_with_its_run(cast: Cast) -> None:
    page = browser(cast.operator).post(
        URL,
        row(0, pile.person_text(employee_of(cast.employee)), scan=scan_file())
        | row(1, "budi manafe", kind="S", last_on="2026-04-08")
        | row(5, employee_of(cast.superior).number, kind="CT"),
        follow=True,
    )

    assert "3 surat dicatat dan diajukan." in page.content.decode()
    letters = {letter.employee.name: letter for letter in AbsenceLetter.objects.all()}
    assert set(letters) == {"Joko Tallo", "Budi Manafe", "Maria Tefa"}
    assert task_of(after_system(letters["Joko Tallo"])).lane == "Admin"
    assert task_of(letters["Budi Manafe"]).lane == "Operator"
    assert str(letters["Budi Manafe"].last_on) == "2026-04-08"


def test_refused_rows_stay_with_their_sentence_and_the_others_are_entered(cast: Cast) -> None:
    enter(cast, cast.admin)
    make_employee(cast.agency, "Sari Benu")
    page = browser(cast.operator).post(
        URL,
        row(0, "Joko Tallo")
        | row(1, "Budi Manafe", number="77/overlap")
        | row(2, "Siapa Ini", number="78/unknown")
        | row(3, "Sari Benu")
        | row(4, "Yohanes Klau", first_on="2026-04-09", last_on="2026-04-07")
        | row(5, "Maria Tefa", kind=""),
    )

    html = page.content.decode()
    assert page.status_code == 422
    assert AbsenceLetter.objects.count() == 2
    assert "1 surat dicatat dan diajukan" in html
    assert "Surat dinas luar Joko Tallo 7 April 2026" in html
    assert (
        "Bertumpuk dengan Surat dinas luar Budi Manafe 7-9 April 2026. Bila surat itu keliru"
        in html
    )
    assert "Pegawai “Siapa Ini” tidak ada" in html
    assert "Ada 2 pegawai bernama itu; tulis NIP" in html
    assert "Tanggal akhir mendahului tanggal awal; periksa kedua tanggalnya." in html
    assert "Wajib diisi." in html
    assert 'value="77/overlap"' in html
    assert 'value="78/unknown"' in html


def test_the_scan_of_a_refused_row_need_not_be_chosen_again(cast: Cast) -> None:
    client = browser(cast.operator)
    html = client.post(URL, row(0, "Siapa Ini", scan=scan_file("tugas.pdf"))).content.decode()
    assert "Pindaian tersimpan: tugas.pdf" in html
    (token,) = re.findall(r'name="baris-0-held" value="([^"]+)"', html)

    client.post(URL, row(0, "Joko Tallo", held=token))

    letter = AbsenceLetter.objects.get()
    assert letter.scan_name == "tugas.pdf"
    assert letter.scan.read() == PDF
    assert default_storage.listdir(f"letters/held/{cast.operator.pk}")[1] == []


def test_a_held_scan_is_its_senders_and_for_a_day(cast: Cast) -> None:
    token = pile.hold_scan(file=scan_file(), name="a.pdf", user=cast.operator)

    assert pile.held_scan(token=token, user=cast.operator2) is None
    assert pile.held_scan(token="x" + token, user=cast.operator) is None
    assert pile.held_name(token=token, user=cast.operator) == "a.pdf"
    with time_machine.travel(NOW.replace(day=22)):
        assert pile.held_scan(token=token, user=cast.operator) is None


def test_a_file_that_is_no_scan_is_named_and_its_row_stays(cast: Cast) -> None:
    page = browser(cast.operator).post(
        URL, row(0, "Joko Tallo", scan=scan_file("virus.pdf", b"MZ\x90\x00"))
    )

    assert page.status_code == 422
    assert "virus.pdf" in page.content.decode()
    assert not AbsenceLetter.objects.exists()


def test_an_empty_page_says_so_and_only_officers_have_it(cast: Cast) -> None:
    page = browser(cast.operator).post(URL, {})

    assert page.status_code == 422
    assert "Belum ada baris yang diisi." in page.content.decode()
    assert browser(cast.operator).get(URL).status_code == 200
    for stranger in (cast.employee, cast.superior, cast.admin):
        assert browser(stranger).get(URL).status_code == 403
