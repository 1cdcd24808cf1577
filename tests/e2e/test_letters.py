"""Letters of absence in a real browser: a return, a superior who is silent, one who is away.

It begins with `make run` on a clean copy that has not even tables, and the demo of two months.

Operator, admin and superior work with their own accounts on the demo office; its clock is moved on
by starting `make run` again, so the reminder and the escalation come from rows that survived that.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from config.demo.people import Person as Employee
from config.demo.people import invent_people
from config.demo.scan import scan_of
from tests.e2e.installation import Installation, clean_copy, running
from tests.e2e.people import Person, no_server_errors

pytestmark = [
    pytest.mark.xdist_group("walks"), pytest.mark.browser, pytest.mark.long,
    pytest.mark.timeout(1200),
]  # fmt: skip

APPROVALS = "/absensi/persetujuan/"


def test_a_letter_is_returned_escalated_and_decided_by_who_stands_in(
    chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, today = tmp_path_factory.mktemp("letters"), _monday()
    copy = clean_copy(folder / "sopan")
    superior = next(p for p in invent_people() if p.position == "Ketua Tim Kerja")
    returned, silent, stood_in = [p for p in invent_people()[11:] if p.superior == superior.number][
        :3
    ]
    with running(copy, folder / "data", demo="full", clock=f"{today}T08:00") as office:
        first = _desks(chromium, office, "operator", "admin", "atasan")
        operator, admin, atasan = first
        _sent_back_and_mended(operator, admin, atasan, returned, today)
        _handed_in(operator, admin, silent, today, "090/12/2026")
        atasan.waits_for(silent.name, APPROVALS)
    later = today + timedelta(days=3)
    with running(copy, folder / "data", demo="full", clock=f"{later}T09:30") as office:
        second = _desks(chromium, office, "operator", "admin", "atasan", "kadis", "sekretaris")
        operator, admin, atasan, kadis, sekretaris = second
        _decided_above(operator, atasan, kadis, silent, today)
        _stood_in_for(admin, later, superior)
        _handed_in(operator, admin, stood_in, later, "090/13/2026")
        _decided_in_place(operator, sekretaris, stood_in, later)
    assert no_server_errors([*first, *second]) == []


def _monday() -> date:
    """Return a Monday of late: the demo's months end before it."""
    today = datetime.now(ZoneInfo("Asia/Makassar")).date()
    return today - timedelta(days=today.weekday())


def _desks(chromium: Browser, office: Installation, *usernames: str) -> list[Person]:
    people = []
    for username in usernames:
        person = Person(chromium, office.url)
        person.sign_in(username, office.password)
        people.append(person)
    return people


def _handed_in(operator: Person, admin: Person, about: Employee, first: date, number: str) -> None:
    """The operator writes the letter down with its scan; the admin finds it complete."""
    operator.go("/absensi/surat/baru/")
    page = operator.page
    option = page.locator("[name=employee] option", has_text=about.name).first
    page.locator("[name=employee]").select_option(value=option.get_attribute("value"))
    page.locator("[name=kind]").select_option("DL")
    page.locator("[name=first_on]").fill(first.isoformat())
    page.locator("[name=last_on]").fill((first + timedelta(days=1)).isoformat())
    page.locator("[name=number]").fill(number)
    page.locator("[name=issuer]").fill("Kepala Dinas")
    scan = {"name": "surat.pdf", "mimeType": "application/pdf", "buffer": scan_of(number)}
    operator.attach("scan", scan)
    operator.press("Simpan dan ajukan")
    _found_complete(admin, about)


def _found_complete(admin: Person, about: Employee) -> None:
    admin.take_task("Memeriksa kelengkapan", about.name)
    admin.tick_all("yang_diperiksa")
    admin.press("Lengkap, teruskan")


def _sent_back_and_mended(
    operator: Person, admin: Person, atasan: Person, about: Employee, today: date
) -> None:
    _handed_in(operator, admin, about, today, "090/11/2026")
    atasan.open_card(about.name)
    atasan.page.locator("[name=alasan_keputusan]").fill("Tanggal kembali tidak terbaca.")
    atasan.press("Kembalikan")
    operator.take_task("Memindai dan memperbaiki", about.name)
    operator.sees("Tanggal kembali tidak terbaca.")
    scan = {"name": "ulang.pdf", "mimeType": "application/pdf", "buffer": scan_of("ulang")}
    operator.attach("pindaian_surat", scan)
    operator.complete()
    _found_complete(admin, about)
    atasan.open_card(about.name)
    atasan.press("Setujui")
    _is_decided(operator, "090/11/2026", today)


def _is_decided(operator: Person, number: str, first: date) -> None:
    """Look at the letter's own page until the decision is applied."""
    operator.go(f"/absensi/surat/?bulan={first:%Y-%m}&q={number}")
    operator.leave(operator.page.locator("main a.row").first)
    operator.waits_for("Disetujui", operator.page.url.removeprefix(operator.url))


def _decided_above(
    operator: Person, atasan: Person, kadis: Person, about: Employee, first: date
) -> None:
    """Three working days without an answer: the next one above may decide too, and does."""
    atasan.waits_for(about.name, APPROVALS)
    kadis.open_card(about.name)
    kadis.press("Setujui")
    _is_decided(operator, "090/12/2026", first)
    atasan.go(APPROVALS)
    expect(atasan.page.locator("main")).not_to_contain_text(about.name)


def _stood_in_for(admin: Person, today: date, superior: Employee) -> None:
    """The superior is away; by letter the secretary stands in for him."""
    admin.go("/kalender/pengganti/baru/")
    page = admin.page
    secretary = next(p for p in invent_people() if p.position == "Sekretaris")
    for field, person in (("principal", superior), ("substitute", secretary)):
        option = page.locator(f"[name={field}] option", has_text=person.name).first
        page.locator(f"[name={field}]").select_option(value=option.get_attribute("value"))
    page.locator("[name=capacity]").select_option("plh")
    page.locator("[name=letter_number]").fill("800/77/2026")
    page.locator("[name=valid_from]").fill(today.isoformat())
    page.locator("[name=valid_until]").fill((today + timedelta(days=3)).isoformat())
    page.locator("main form[method=post] button.button--primary").click()
    admin.sees("Plh.")


def _decided_in_place(operator: Person, sekretaris: Person, about: Employee, first: date) -> None:
    sekretaris.open_card(about.name)
    sekretaris.press("Setujui")
    _is_decided(operator, "090/13/2026", first)
    operator.sees("Plh. Ketua Tim Kerja")
