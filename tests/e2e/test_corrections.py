"""A correction in a real browser (Pergub art. 6(2)b): asked with a photo, returned, granted."""

from dataclasses import dataclass, field
from datetime import date

import pytest
import time_machine
from playwright.sync_api import Browser

from attendance.models import Correction
from documents.models import Document
from foundation import ledger, outbox
from organization.models import User
from tests.attendance.asking import bkd
from tests.attendance.people import AFTER_APRIL, employee_of, tap
from tests.cast import PASSWORD, Cast, appoint, make_cast
from tests.documents.words import text_of
from tests.e2e.people import Person, no_server_errors
from tests.files import image

pytestmark = [
    pytest.mark.xdist_group("walks"), pytest.mark.browser, pytest.mark.long,
    pytest.mark.timeout(600), pytest.mark.django_db(transaction=True),
]  # fmt: skip

MONDAY = date(2026, 4, 13)
DECIDES, COMPLETES = "Memutuskan permintaan koreksi", "Melengkapi permintaan koreksi"


@dataclass
class Office:
    """Windows by account; Joko came at 07.25, which no machine recorded."""

    cast: Cast
    chromium: Browser
    url: str
    desks: list[Person] = field(default_factory=list)

    def desk(self, user: User) -> Person:
        person = Person(self.chromium, self.url)
        person.sign_in(user.username, PASSWORD)
        self.desks.append(person)
        return person

    def sends(self, person: Person, button: str, **answers: str) -> None:
        """Fill a form in and press its button; the workers do what follows."""
        for name, value in answers.items():
            person.page.locator(f"form.form [name={name}]").fill(value)
        person.press(button)
        outbox.drain(limit=200)

    @property
    def row(self) -> Correction:
        return Correction.objects.get()

    @property
    def page(self) -> str:
        return f"/absensi/koreksi/{self.row.pk}/"


def photo(name: str) -> dict[str, object]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": image()}


def test_a_correction_goes_to_bkd_and_back_and_changes_the_day(
    chromium: Browser, served: str
) -> None:
    with time_machine.travel(AFTER_APRIL, tick=True):
        cast = make_cast()
        tap(employee_of(cast.employee), MONDAY, "16:03")
        appoint(cast.operator, "BKD", cast.agency)  # who asks does not decide, whatever his roles
        office = Office(cast, chromium, served)
        operator, board = office.desk(cast.operator), office.desk(bkd(cast))
        _asked(office, operator)
        _decided_by_another(operator)
        _returned(office, board)
        _supplemented(office, operator)
        _granted(office, board)
        _day_changed(office, operator)
    assert no_server_errors(office.desks) == []
    assert list(ledger.verify()) == []


def _asked(office: Office, operator: Person) -> None:
    operator.go("/absensi/koreksi/baru/?jenis=add")
    operator.page.locator("[name=employee]").select_option(label="Joko Tallo")
    operator.attach("evidence", photo("pintu depan.jpg"))
    office.sends(
        operator, "Kirim kepada BKD", day=MONDAY.isoformat(), clock="07:25",
        reason="Mesin di lobi mati sampai pukul 08.00.",
    )  # fmt: skip
    operator.sees("Permintaan koreksi dikirim kepada BKD.")
    operator.sees("Menunggu BKD")
    operator.sees("Joko Tallo: absen 13 April 2026 07.25")


def _decided_by_another(operator: Person) -> None:
    """Who asked holds the role and is refused all the same; the task goes back."""
    operator.take_task(DECIDES)
    operator.press("Kabulkan")
    operator.sees("Permintaan ini Anda ajukan sendiri")
    operator.press("Lepas")


def _returned(office: Office, board: Person) -> None:
    board.take_task(DECIDES)
    board.sees("Mesin di lobi mati sampai pukul 08.00.")
    board.sees("pintu depan.jpg")
    office.sends(board, "Kembalikan", alasan_keputusan_koreksi="Jam pada foto tidak ada.")
    assert office.row.status == Correction.Status.REQUESTED


def _supplemented(office: Office, operator: Person) -> None:
    """What BKD wants stands above the form; nothing new does not go back."""
    operator.take_task(COMPLETES)
    words = operator.page.inner_text("main")
    assert words.index("Jam pada foto tidak ada.") < words.index("Keterangan tambahan")
    operator.press("Kirim kembali kepada BKD")
    operator.sees("Tuliskan keterangan tambahan, atau unggah bukti tambahan")
    operator.attach("bukti_tambahan", photo("pintu depan dengan jam.jpg"))
    office.sends(
        operator, "Kirim kembali kepada BKD", keterangan_tambahan="Foto kedua menunjukkan jamnya."
    )


def _granted(office: Office, board: Person) -> None:
    board.take_task(DECIDES)
    board.sees("Putaran 2")
    board.sees("Dilengkapi Sari Benu: Foto kedua menunjukkan jamnya.")
    board.sees("pintu depan dengan jam.jpg")
    office.sends(board, "Kabulkan")
    row = office.row
    assert (row.status, row.decided_by) == (Correction.Status.APPROVED, bkd(office.cast))


def _day_changed(office: Office, operator: Person) -> None:
    """The day counts anew, and BKD's berita acara lies in the archive."""
    operator.go(office.page)
    operator.sees("Dikabulkan")
    operator.go(f"/absensi/mengapa/{office.row.employee_id}/{MONDAY.isoformat()}/")
    operator.sees("Absen 07.25 ditambahkan dengan koreksi BKD")
    paper = Document.objects.get(kind="ba_koreksi")
    operator.go(f"/dokumen/{paper.pk}/")
    operator.sees("Berita Acara Koreksi Data Absensi")
    words = "\n".join(text_of(paper.file.read()))
    assert "pintu depan.jpg, pintu depan dengan jam.jpg" in words
    home = employee_of(bkd(office.cast)).agency
    assert home.name.upper() in words
