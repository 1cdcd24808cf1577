"""From an empty installation to the first closed month: the assistant, then the nine stages.

Nobody has an account when it begins, and no demo lends a hand: the code of the terminal opens the
assistant, a table brings the people in, letters appoint the head and two who supervise.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser

from config.demo.machines import running as machines
from config.demo.office import employee_file
from config.demo.people import Person as Employee
from config.demo.people import invent_people
from tests import tables
from tests.e2e.installation import Installation, clean_copy, running
from tests.e2e.people import Person, no_server_errors
from tests.e2e.pictures import keep
from tests.e2e.test_nine_stages import (
    OWN_PASSWORD,
    Month,
    appoint,
    approve,
    archive,
    file,
    first_sign_in,
    hand_out_passwords,
    import_log,
    print_resume,
    register_people_and_machines,
    report,
    start_period,
    support_data,
    switch_on,
)

pytestmark = [
    pytest.mark.xdist_group("walks"), pytest.mark.browser, pytest.mark.long,
    pytest.mark.timeout(1200),
]  # fmt: skip

SERIALS = ("DEMO0000000001", "DEMO0000000002")
FOREFINGER = 6
OFFICE = {
    "name": "Dinas Komunikasi dan Informatika",
    "code": "diskominfo",
    "government": "Pemerintah Provinsi Nusa Tenggara Timur",
    "address": "Jalan Palapa 17",
    "city": "Kupang",
    "letter_code": "KOMINFO",
}


def staff() -> list[Employee]:
    """Return the people of the office: its superiors, and enough civil servants to appoint."""
    people = invent_people()
    return people[:40] + [p for p in people[40:] if p.status == "PNS"][:5]


def test_a_first_day_from_nothing_to_the_first_closed_month(
    chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, month = tmp_path_factory.mktemp("first-day"), Month.last()
    copy = clean_copy(folder / "sopan")
    tables.lay(folder / "data")
    with running(copy, folder / "data", demo="none", clock=f"{month.begin}T08:00") as office:
        accounts = prepare(chromium, office)
        with fingers_pressed(office):
            officers, people = set_up(chromium, office, month, accounts)
    a_month_later = running(copy, folder / "data", demo="none", clock=f"{month.end}T08:00")
    with a_month_later as office, fingers_pressed(office):
        people += close(chromium, office, month, accounts[0][0], officers)
    assert no_server_errors(people) == []


def prepare(chromium: Browser, office: Installation) -> list[tuple[str, str]]:
    """Take the steps of the assistant; return the accounts of the head and of two supervisors."""
    owner, people = Person(chromium, office.url), staff()
    owner.go("/")
    owner.follow("Mulai menyiapkan")
    code = re.findall(r"kode (\S+), sekali pakai", office.log.read_text())[-1]
    owner.page.locator("[name=code]").fill("aaaa-bbbb-cccc")
    owner.press("Mulai")
    owner.sees("Kode tidak cocok")
    owner.page.locator("[name=code]").fill(code)
    owner.press("Mulai")
    keep(owner, "mulai.png")
    owner.leave(owner.page.locator("main a.button--large"))
    for name, value in OFFICE.items():
        owner.page.locator(f"[name={name}]").fill(value)
    keep(owner, "mulai-instansi.png", height=1000)
    owner.press("Simpan")
    owner.attach("file", file("pegawai.csv", employee_file(people)))
    owner.press("Impor")
    accounts = [note_letter(owner, people[0], "Kadis")]
    keep(owner, "mulai-pimpinan.png")
    owner.follow("Lanjut")
    accounts.append(note_letter(owner, people[1], "Pengelola"))
    owner.follow("Catat pejabat lain")
    accounts.append(note_letter(owner, people[2], "BKD"))
    owner.follow("Lanjut")
    owner.press("Isi hari libur nasional")
    owner.sees("Alamat server")
    owner.go("/mulai/")
    keep(owner, "mulai-selesai.png", height=1000)
    owner.press("Selesai")
    owner.go("/mulai/pegawai/")
    assert owner.page.url == f"{office.url}/mulai/"
    assert no_server_errors([owner]) == []
    return accounts


def note_letter(owner: Person, person: Employee, role: str) -> tuple[str, str]:
    """Appoint somebody; return the name of his account and the password that is shown once."""
    page = owner.page
    page.locator("[name=role]").select_option(role)
    choice = page.locator("[name=employee] option", has_text=person.name).first
    page.locator("[name=employee]").select_option(value=choice.get_attribute("value"))
    page.locator("[name=letter_number]").fill("821.2/14/2026")
    owner.press("Catat penunjukan")
    return page.locator("dd strong").first.inner_text(), page.locator("code.figure").inner_text()


@contextmanager
def fingers_pressed(office: Installation) -> Iterator[None]:
    """Two machines on the network; whoever becomes a user of the first presses a finger there."""
    over = threading.Event()
    with machines(SERIALS, first_port=office.machines_port) as there:

        def press() -> None:
            while not over.wait(1):
                there[SERIALS[0]].tell(f"enrol_all {FOREFINGER}")

        people = threading.Thread(target=press, daemon=True)
        people.start()
        try:
            yield
        finally:
            over.set()
            people.join()


def set_up(
    chromium: Browser, office: Installation, month: Month, accounts: list[tuple[str, str]]
) -> tuple[list[str], list[Person]]:
    """Stages 1 to 4; return the accounts of the officers, and who took part."""
    kadis, pengelola, board = (
        first_sign_in(chromium, office, username, password) for username, password in accounts
    )
    kadis.go("/")
    keep(kadis, "hari-pertama.png", height=1000)
    start_period(kadis, month)
    instance = kadis.page.url.removeprefix(office.url)
    chosen = [p for p in staff()[11:] if p.status == "PNS"][:3]
    appoint(kadis, chosen, month)
    officers = hand_out_passwords(kadis, chosen)
    admin, operator, operator2 = (
        first_sign_in(chromium, office, username, password) for username, password in officers
    )
    register_people_and_machines(admin, office.machines_port)
    record(operator, [pengelola, board], office)
    switch_on(admin, office, month)
    kadis.waits_for("Menunggu waktu", instance)
    return [name for name, _ in officers], [kadis, pengelola, board, admin, operator, operator2]


def record(operator: Person, supervisors: list[Person], office: Installation) -> None:
    """Stage 3: nobody confirms his own finger, so the second supervisor confirms the first's."""
    operator.take_task("sidik jari")
    task = operator.page.url
    operator.waits_for("belum direkam", "/mesin/perekaman/")
    office.wait_for_fingers()
    operator.go("/mesin/perekaman/")
    operator.press("Tarik sidik jari sekarang")
    for person in supervisors:
        person.waits_for("Sahkan yang dicentang", "/mesin/perekaman/?pd=diskominfo&tampil=pengawas")
        for box in person.page.locator("[name=enrolment]:enabled").all():
            box.check()
        person.press("Sahkan")
    operator.waits_for("Tidak ada yang kurang", "/mesin/perekaman/?tampil=belum")
    operator.page.goto(task)
    operator.tick_all("pelaksanaan_perekaman")
    operator.complete()


def close(
    chromium: Browser, office: Installation, month: Month, head: str, officers: list[str]
) -> list[Person]:
    """Stages 5 to 9 at the beginning of the next month; then the first page shows the month."""
    kadis, admin, operator = (Person(chromium, office.url) for _ in range(3))
    for person, username in zip((kadis, admin, operator), (head, *officers[:2]), strict=True):
        person.sign_in(username, OWN_PASSWORD.format(username))
    office.wait_for_machines(month.end)
    import_log(operator, office, month.days)
    support_data(operator)
    print_resume(operator)
    approve(kadis)
    report(admin, month)
    archive(operator)
    kadis.waits_for("Bulan terakhir yang dibekukan", "/")
    keep(kadis, "bulan-pertama.png", height=1400)
    return [kadis, admin, operator]
