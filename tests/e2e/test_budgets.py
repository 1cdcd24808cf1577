"""The five pages that are opened most, on a phone that has never seen them: what each may cost.

The office is the demo of ninety people, served as an installation serves it. `make pictures` writes
what was measured into docs/identitas.md.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, StorageState

from foundation.indonesian import number_text
from tests.e2e.installation import ROOT, Installation, clean_copy, running
from tests.e2e.people import Person
from tests.e2e.weighing import Weight, weigh

pytestmark = [
    pytest.mark.xdist_group("walks"), pytest.mark.browser, pytest.mark.long,
    pytest.mark.timeout(900),
]  # fmt: skip

MOST_BYTES = {"Kartu keputusan": 15_000}
MOST_BYTES_OF_A_PAGE = 60_000  # packed, with every style, script and picture
MOST_REQUESTS = 18
MOST_BLOCKED = 5.0  # turns of the loop
MOST_SHIFTED = 0.1
TABLE = re.compile(r"(?<=<!-- takaran -->\n).*?(?=<!-- /takaran -->)", re.DOTALL)

Pages = Mapping[str, tuple[str, str]]  # name -> account, path


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("budgets")
    today = datetime.now(ZoneInfo("Asia/Makassar")).date()
    monday = today - timedelta(days=today.weekday())
    copy = clean_copy(folder / "sopan")
    with running(copy, folder / "data", demo="full", clock=f"{monday}T08:00") as office:
        yield office


def test_the_main_pages_keep_their_budgets(office: Installation, chromium: Browser) -> None:
    states = {name: _signed_in(chromium, office, name) for name in ("kadis", "operator")}
    task = _taken_task(chromium, office, states["operator"])
    pages: Pages = {
        "Beranda": ("kadis", "/"),
        "Tugas": ("kadis", "/tugas/"),
        "Sebuah tugas dengan formulir": ("operator", task),
        "Absensi sebulan": ("operator", "/absensi/bulan/"),
        "Peta panas": ("kadis", "/audit/peta/"),
        "Kartu keputusan": ("kadis", "/tugas/kartu/"),
    }
    weights = {
        name: weigh(chromium, states[who], f"{office.url}{path}")
        for name, (who, path) in pages.items()
    }
    _write(weights)
    too_much = {name: found for name, weight in weights.items() if (found := _over(name, weight))}
    assert too_much == {}


def _over(name: str, weight: Weight) -> list[str]:
    """Return what of a page is over its budget, in words."""
    most = MOST_BYTES.get(name, MOST_BYTES_OF_A_PAGE)
    limits: list[tuple[bool, Callable[[], str]]] = [
        (weight.total > most, lambda: f"{weight.total} bytes: {weight.bytes_by_url}"),
        (len(weight.bytes_by_url) > MOST_REQUESTS, lambda: f"asks for {[*weight.bytes_by_url]}"),
        (weight.blocked_turns > MOST_BLOCKED, lambda: f"busy for {weight.blocked_turns} turns"),
        (weight.shifted > MOST_SHIFTED, lambda: f"jumps by {weight.shifted}"),
        (bool(weight.strangers), lambda: f"asks strangers: {weight.strangers}"),
        (bool(weight.forgotten), lambda: f"asked for again: {weight.forgotten}"),
    ]
    return [words() for is_over, words in limits if is_over]


def _signed_in(chromium: Browser, office: Installation, name: str) -> StorageState:
    person = Person(chromium, office.url)
    person.sign_in(name, office.password)
    return person.page.context.storage_state()


def _taken_task(chromium: Browser, office: Installation, state: StorageState) -> str:
    """Take a numbered step with a form of its own; return where it lies."""
    person = Person(chromium, office.url)
    person.page.context.add_cookies(state["cookies"])  # type: ignore[arg-type]
    person.take_task("Melaksanakan input data pendukung")
    person.page.locator("form.form textarea").first.wait_for()
    return person.page.url.removeprefix(office.url)


def _write(weights: Mapping[str, Weight]) -> None:
    """Put the figures into the page on the identity, where pictures are made."""
    if not os.environ.get("SOPAN_PICTURES"):
        return
    rows = [
        f"| {name} | {number_text(weight.total / 1000, 1)} kB | {len(weight.bytes_by_url)} "
        f"| {number_text(weight.blocked_turns, 1)} | {number_text(weight.shifted, 2)} "
        f"| {number_text(weight.painted_slowly, 1)} dtk |"
        for name, weight in weights.items()
    ]
    head = (
        "| Halaman | Dikirim | Permintaan | Sibuk (putaran) | Bergeser | Kata pertama |\n"
        "|---|---|---|---|---|---|\n"
    )
    page = Path(ROOT, "docs/identitas.md")
    page.write_text(TABLE.sub(lambda _: head + "\n".join(rows) + "\n", page.read_text()))
