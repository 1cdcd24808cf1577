"""An auditor asks where the time goes: from the heat map to the visits, the file and its record."""

from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from playwright.sync_api import Browser, expect

from foundation import outbox
from organization.models import User
from tests.cast import PASSWORD, appoint, make_cast, make_user
from tests.e2e.people import Person, no_server_errors
from tests.e2e.pictures import keep
from tests.processes.audit.forty_steps import ADDRESS, NOW, VISITS, play

pytestmark = [
    pytest.mark.xdist_group("walks"), pytest.mark.browser,
    pytest.mark.timeout(600), pytest.mark.django_db(transaction=True),
]  # fmt: skip

STEP = "mencetak"  # four visits of ten to forty minutes


@pytest.fixture
def auditor(served: str) -> Iterator[User]:
    """Somebody who works elsewhere and sees what the agency did, after the forty acts."""
    cast = make_cast()
    play(cast)
    auditor = make_user(None, "veronika", first_name="Veronika", last_name="Lelo")
    appoint(auditor, "Auditor", cast.agency)
    with time_machine.travel(NOW, tick=True):
        yield auditor


def test_an_auditor_goes_from_the_heat_map_to_the_row_and_its_record(
    auditor: User, served: str, chromium: Browser
) -> None:
    desk = Person(chromium, served)
    desk.sign_in(auditor.username, PASSWORD)
    desk.go(f"/audit/?{ADDRESS}")
    desk.follow("Peta panas")
    keep(desk, "auditor-peta.png", height=1160)
    desk.leave(desk.page.locator("svg a", has_text="Mencetak").first)
    _rows_are_those_of_the_step(desk)
    keep(desk, "auditor-baris.png", height=1160)
    address, shown = desk.page.url, desk.page.locator("table").inner_text()
    desk.leave(desk.page.locator("td[data-label=Berkas] a").first)
    desk.sees("Riwayat")
    keep(desk, "auditor-berkas.png", height=1160)
    _the_record_is_whole(desk)
    other = Person(chromium, served)
    other.sign_in(auditor.username, PASSWORD)
    other.page.goto(address)
    assert other.page.locator("table").inner_text() == shown
    assert no_server_errors([desk, other]) == []


def _rows_are_those_of_the_step(desk: Person) -> None:
    """The figures by hand: each visit of this step and no other."""
    visits = [visit for visit in VISITS if visit.step == STEP]
    expect(desk.page.locator("h2#baris")).to_have_text(f"{len(visits)} kunjungan")
    names = desk.page.locator("td[data-label=Tahap]").all_inner_texts()
    assert all("Mencetak" in name for name in names)
    minutes = sorted(visit.work[1] for visit in visits)
    cells = desk.page.locator("td[data-label=Kerja]").all_inner_texts()
    assert sorted(int(cell.split(" mnt")[0]) for cell in cells) == minutes


def _the_record_is_whole(desk: Person) -> None:
    desk.go("/audit/catatan/")
    desk.press("Periksa sekarang")
    connection.close()  # beside the browser's loop it may still be that of another test's file
    outbox.drain(limit=50)
    desk.go("/audit/catatan/")
    desk.sees("tidak ada kejanggalan")
    expect(desk.page.locator("section[aria-labelledby=terakhir] .badge")).to_have_text("Utuh")
    keep(desk, "auditor-catatan.png")
