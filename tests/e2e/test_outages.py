"""An outage in a real browser, by everybody whom its procedure asks, with returns on the way.

Operator, personnel officer, two managers of the application and BKD each have a window; the clock
is moved on for the timer that waits for the end of the day, and the system's steps run between.
"""

from dataclasses import dataclass, field
from datetime import date

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Browser, expect

from attendance.models import Correction, Outage
from devices.models import Punch
from organization.models import User
from processes.models import Instance
from tests.attendance.asking import bkd, manager, wita
from tests.attendance.outage_runs import MONDAY, Run
from tests.attendance.people import PDF, employee_of, tap
from tests.cast import PASSWORD, Cast, make_cast
from tests.e2e.people import Person, no_server_errors

pytestmark = [
    pytest.mark.xdist_group("walks"), pytest.mark.browser, pytest.mark.long,
    pytest.mark.timeout(600), pytest.mark.django_db(transaction=True),
]  # fmt: skip

OUTAGES = "/absensi/gangguan/"
SCAN = {"name": "rekap.pdf", "mimeType": "application/pdf", "buffer": PDF}


@dataclass
class Office:
    """Windows by account, and the clock on the wall."""

    cast: Cast
    run: Run
    chromium: Browser
    url: str
    clock: time_machine.Traveller
    desks: list[Person] = field(default_factory=list)

    def desk(self, user: User) -> Person:
        person = Person(self.chromium, self.url)
        person.sign_in(user.username, PASSWORD)
        self.desks.append(person)
        return person

    def at(self, day: date, clock: str) -> None:
        self.clock.move_to(wita(day, clock))
        self.works()

    def works(self) -> None:
        """Let workers and clocks do what is theirs by now."""
        self.run.now = timezone.now()
        self.run.system()

    def does(self, person: Person, task: str, button: str, **answers: str) -> None:
        """Take a task from the queue, fill it in, press its button; the system goes on."""
        person.take_task(task)
        self.sends(person, button, **answers)

    def sends(self, person: Person, button: str, **answers: str) -> None:
        for name, value in answers.items():
            person.page.locator(f"form.form [name={name}]").fill(value)
        person.press(button)
        self.works()


def test_an_outage_goes_from_hand_to_hand_to_bkd_decision(chromium: Browser, served: str) -> None:
    with time_machine.travel(wita(MONDAY, "15:00")) as clock:
        cast = make_cast()
        office = Office(cast, Run(cast), chromium, served, clock)
        operator, officer = office.desk(cast.operator), office.desk(cast.secretary)
        first, second = office.desk(manager(cast)), office.desk(manager(cast, "pengelola2"))
        board = office.desk(bkd(cast))
        _reported(office, operator, officer)
        _diagnosed(office, first)
        office.at(MONDAY, "16:10")  # the work of the day is over: its timer fires
        _sent_and_received(office, operator, board)
        _typed(office, first)
        _checked_by_another(office, first, second)
        tap(employee_of(cast.employee), MONDAY, "07:02")
        _repaired(office, first)
        _decided(office, board)
        operator.go(f"{OUTAGES}{office.run.outage.pk}/")
        operator.sees("Daftar lengkap")
        assert office.run.instance.status == Instance.Status.FINISHED
    assert no_server_errors(office.desks) == []
    assert Correction.objects.get().status == Correction.Status.APPROVED
    assert Punch.objects.filter(channel="list").count() == 2


def _reported(office: Office, operator: Person, officer: Person) -> None:
    """Recorded on a page, reported without enough words, given back, reported again, forwarded."""
    operator.go(f"{OUTAGES}baru/")
    operator.page.locator("[name=first_on]").fill(MONDAY.isoformat())
    operator.page.locator("[name=reason]").fill("Listrik padam")
    operator.press("Catat dan laporkan")
    operator.sees("Gangguan dicatat dan dilaporkan")
    office.run.outage = Outage.objects.get()
    office.does(operator, "Melaporkan", "Laporkan gangguan", gejala_mesin="Mati.")
    office.does(
        officer, "Meneruskan", "Kembalikan kepada pelapor", catatan_penerusan="Sejak kapan?"
    )
    operator.take_task("Melaporkan")
    operator.sees("Putaran 2")
    office.sends(operator, "Laporkan gangguan", gejala_mesin="Layar mati sejak 14.50.")
    office.does(officer, "Meneruskan", "Teruskan kepada Diskominfo")


def _diagnosed(office: Office, first: Person) -> None:
    first.take_task("Menerima laporan")
    first.page.get_by_label("Daftar hadir manual bertanda tangan").check()
    office.sends(first, "Selesaikan tahap", hasil_diagnosa="Adaptor rusak.")


def _sent_and_received(office: Office, operator: Person, board: Person) -> None:
    """BKD gives the first recap back: its paper is not there; the second comes in both forms."""
    _send(office, operator, "800/151/2026")
    office.does(
        board, "Menerima", "Kembalikan", catatan_penerimaan="Hardcopy belum bertanda tangan."
    )
    operator.take_task("Mengirim")
    operator.sees("Hardcopy belum bertanda tangan.")
    operator.attach("rekap_softcopy", SCAN)
    office.sends(operator, "Kedua bentuk sudah dikirim", nomor_hardcopy="800/152/2026")
    board.take_task("Menerima")
    board.tick_all("bentuk_diterima")
    office.sends(board, "Terima kedua bentuk", nomor_tanda_terima="TT-9/BKD")


def _send(office: Office, operator: Person, number: str) -> None:
    operator.take_task("Mengirim")
    operator.attach("rekap_softcopy", SCAN)
    office.sends(operator, "Kedua bentuk sudah dikirim", nomor_hardcopy=number)


def _typed(office: Office, first: Person) -> None:
    """The day's list is a page of its own; the task is refused while that is empty."""
    first.take_task("Menginput")
    task = first.page.url.removeprefix(first.url)
    first.page.locator("[name=tembusan_diterima]").check()
    office.sends(first, "Selesaikan tahap")
    first.sees("belum diinput")
    first.go(f"{OUTAGES}{office.run.outage.pk}/daftar/?tanggal={MONDAY.isoformat()}")
    person = employee_of(office.cast.employee).name
    first.page.get_by_label(f"Jam masuk {person}").fill("07:25")
    first.page.get_by_label(f"Jam pulang {person}").fill("16:05")
    first.press("Simpan daftar")
    first.sees("Daftar disimpan.")
    first.go(task)
    first.page.locator("[name=tembusan_diterima]").check()
    office.sends(first, "Selesaikan tahap")


def _checked_by_another(office: Office, first: Person, second: Person) -> None:
    """Who typed reads why he may not take the task; a second person finds the list right."""
    first.open_task("Mencocokkan")
    first.sees("Anda sendiri yang mengerjakan")
    expect(first.page.get_by_role("button", name="Kerjakan")).to_have_count(0)
    office.does(second, "Mencocokkan", "Cocok dengan daftar bertanda tangan")


def _repaired(office: Office, first: Person) -> None:
    """Tested once in vain, repaired again, handed over before a witness."""
    repair = {"tindakan_perbaikan": "Adaptor diganti.", "nama_teknisi": "Benediktus Lede"}
    office.does(first, "Memperbaiki", "Selesaikan tahap", **repair)
    office.does(
        first, "Menguji", "Belum berfungsi", uraian_uji="Mati lagi.", catatan_uji="Kabelnya juga."
    )
    office.does(first, "Memperbaiki", "Selesaikan tahap", **repair)
    office.does(
        first, "Menguji", "Berfungsi, serahkan kembali", uraian_uji="Tiga pegawai terekam.",
        nama_saksi="Joko Tallo", hari_terakhir_terganggu=MONDAY.isoformat(),
    )  # fmt: skip


def _decided(office: Office, board: Person) -> None:
    """The machine says 07.02, the list 07.25: BKD lets the list hold."""
    board.take_task("Memutuskan selisih")
    task = board.page.url.removeprefix(board.url)
    board.go(f"{OUTAGES}{office.run.outage.pk}/selisih/")
    board.page.locator("[name=note]").fill("Paraf pada daftar.")
    board.press("Pakai daftar 07.25")
    expect(board.page.locator("main")).to_contain_text("Tidak ada selisih yang menunggu")
    board.go(task)
    board.page.locator("[name=selisih_diperiksa]").check()
    office.sends(board, "Selesaikan tahap")
