"""The head of an agency on a phone: a month decided in a few taps, on a page that weighs little."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, Response, expect

from processes.models import Task
from tests.cast import PASSWORD, make_cast
from tests.e2e.people import Person
from tests.e2e.pictures import keep
from tests.refusals import at

pytestmark = [
    pytest.mark.xdist_group("walks"), pytest.mark.browser, pytest.mark.long,
    pytest.mark.timeout(600),
]  # fmt: skip

CARDS = "/tugas/kartu/"
MOST_TAPS, MOST_KEYS, MOST_BYTES = 3, 12, 100_000


@dataclass
class Phone:
    """A phone whose owner counts what he taps, presses and downloads."""

    owner: Person
    taps: int = 0
    keys: int = 0
    bodies: list[Response] = field(default_factory=list)

    @property
    def page(self) -> Page:
        return self.owner.page

    def tap(self, name: str) -> None:
        self.taps += 1
        with self.page.expect_navigation():
            self.page.get_by_text(name, exact=True).tap()

    def tick(self, name: str) -> None:
        self.taps += 1
        self.page.get_by_text(name).tap()

    def press(self, key: str) -> None:
        self.keys += 1
        self.page.keyboard.press(key)

    def focused(self) -> str:
        told: str = self.page.evaluate("document.activeElement.innerText")
        return told.strip()


@pytest.fixture
def month(served: str) -> Task:
    """A month whose recap waits for the head."""
    cast = make_cast()
    month, _, _ = at(cast, 7)
    return month.task


@pytest.fixture
def phone(month: Task, served: str, chromium: Browser) -> Iterator[Phone]:
    """The phone of the head, signed in; what it downloads from now on is all new to it."""
    context = chromium.new_context(
        viewport={"width": 360, "height": 800}, has_touch=True, is_mobile=True, locale="id-ID"
    )
    page = context.new_page()
    person = Person.__new__(Person)
    person.url, person.page, person.server_errors = served, page, []
    person.sign_in("ratna", PASSWORD)
    person.page = context.new_page()
    phone = Phone(person)
    phone.page.on("response", lambda answer: phone.bodies.append(answer))
    phone.page.goto(f"{served}{CARDS}")
    yield phone
    context.close()
    connection.close()


def outcome(task: Task) -> str:
    connection.close()  # beside the browser's loop it may still be that of another test's file
    return Task.objects.get(pk=task.pk).outcome_kind


def test_a_month_is_approved_in_two_taps(phone: Phone, month: Task) -> None:
    expect(phone.page.get_by_role("heading", level=2)).to_contain_text("Rekap April 2026")
    keep(phone.owner, "kartu.png")
    phone.tap("Setujui")
    expect(phone.page.get_by_role("heading", level=2)).to_contain_text("Rekap April 2026")
    keep(phone.owner, "kartu-pastikan.png")
    phone.tap("Ya, setujui")
    expect(phone.page.locator("main")).to_contain_text("Tidak ada lagi")
    keep(phone.owner, "kartu-habis.png")
    assert phone.taps <= MOST_TAPS
    assert outcome(month) == "approve"


def test_a_month_is_sent_back_with_its_reason_in_three_taps(phone: Phone, month: Task) -> None:
    phone.tap("Kembalikan")
    expect(phone.page.locator("main")).to_contain_text("Berkas kembali ke tahap")
    keep(phone.owner, "kartu-kembalikan.png")
    phone.tick("Surat pendukung belum lengkap.")
    phone.tap("Ya, kembalikan")
    expect(phone.page.locator("main")).to_contain_text("Tercatat.")
    assert phone.taps <= MOST_TAPS
    assert outcome(month) == "return"


def test_the_page_weighs_little_even_unpacked(phone: Phone) -> None:
    phone.page.wait_for_load_state("networkidle")
    sizes = {answer.url: len(answer.body()) for answer in phone.bodies}
    assert sum(sizes.values()) <= MOST_BYTES, sizes
    assert len(sizes) <= 4, sizes


def test_nothing_is_wider_than_the_phone_and_every_target_is_large(phone: Phone) -> None:
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360
    for target in phone.page.locator("a, button").all():
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 44, target.inner_text()


def test_a_month_is_approved_by_keyboard_alone(phone: Phone, month: Task) -> None:
    while phone.focused() != "Setujui":
        phone.press("Tab")
        assert phone.keys < MOST_KEYS
    with phone.page.expect_navigation():
        phone.press("Enter")
    while phone.focused() != "Ya, setujui":
        phone.press("Tab")
        assert phone.keys < MOST_KEYS
    with phone.page.expect_navigation():
        phone.press("Enter")
    assert phone.keys <= MOST_KEYS
    assert outcome(month) == "approve"
