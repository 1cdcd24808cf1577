"""What leaves the printer: the content alone, tables whole, nothing beyond the edge."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.access.drawn import Drawn, drawn_pages
from tests.access.test_accessibility import SITE, handed_out
from tests.access.world import World
from tests.e2e.people import browser

pytestmark = [
    pytest.mark.django_db, pytest.mark.browser, pytest.mark.xdist_group("accessibility"),
    pytest.mark.timeout(600), pytest.mark.long,
]  # fmt: skip

# What an office files: the month, the instance, the task, the report of times.
FILED = ("absensi:recap", "absensi:person", "processes:detail", "tasks:detail", "audit:index")
# A4 upright less its margins of 15 mm, in pixels of 1/96 inch.
SHEET = 680
BLACK_ON_WHITE = "rgb(0, 0, 0) on rgb(255, 255, 255)"
NOT_FOR_PAPER = ".band, .menu, .skip, .tabs, .trail, .button"
SEEN = "all => all.filter(one => one.checkVisibility()).map(one => one.outerHTML.slice(0, 120))"
FOLDED_HEADS = """all => all.filter(one => one.tHead && one.checkVisibility()
    && getComputedStyle(one.tHead).display !== 'table-header-group').map(one => one.className)"""
INK = """() => {
    const { color, backgroundColor } = getComputedStyle(document.body);
    return `${color} on ${backgroundColor}`;
}"""
BEYOND = """width => [...document.querySelectorAll('main *')]
    .filter(one => one.checkVisibility() && !one.closest('.visually-hidden, svg')
        && one.getBoundingClientRect().right > width + 1)
    .map(one => one.outerHTML.slice(0, 120)).slice(0, 3)"""


@pytest.fixture(scope="module")
def pages(world: World) -> list[Drawn]:
    return drawn_pages(world, FILED)


def test_paper_shows_the_content_whole_and_no_controls(pages: list[Drawn]) -> None:
    assert {page.name.split()[0] for page in pages} == set(FILED)
    with browser() as chromium:
        wrong = list(_wrong(chromium, pages))
    assert wrong == [], "\n".join(wrong)


def _wrong(chromium: Browser, pages: list[Drawn]) -> Iterator[str]:
    texts = {page.path: page.html for page in pages}
    window = chromium.new_page(viewport={"width": SHEET, "height": 990})
    window.route("**/*", lambda route: handed_out(route, texts))
    window.emulate_media(media="print", color_scheme="dark")
    for drawn in pages:
        window.goto(SITE + drawn.path)
        found = {
            "no heading": [] if window.locator("h1").first.is_visible() else ["h1"],
            "a control": window.locator(NOT_FOR_PAPER).evaluate_all(SEEN),
            "no head of a table": window.locator("table").evaluate_all(FOLDED_HEADS),
            "beyond the edge": window.evaluate(BEYOND, SHEET),
            "no black ink": [] if window.evaluate(INK) == BLACK_ON_WHITE else ["body"],
        }
        yield from (f"{drawn.name}: {what}: {one}" for what, ones in found.items() for one in ones)
