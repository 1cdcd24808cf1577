"""Large letters and wide spacing (WCAG 1.4.10, 1.4.12, 2.4.11, 2.5.8) on the pages of every day."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.access.drawn import Drawn, drawn_pages
from tests.access.test_accessibility import DAILY, SITE, findings, handed_out
from tests.access.world import World
from tests.e2e.people import browser

pytestmark = [
    pytest.mark.django_db, pytest.mark.browser, pytest.mark.xdist_group("accessibility"),
    pytest.mark.timeout(600), pytest.mark.long,
]  # fmt: skip

# A desk of 1280 pixels at four times its size.
NARROW = 320
# What 1.4.12 lets a reader set: lines, paragraphs, letters, words.
SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }"""
SPREAD = """text => { const sheet = new CSSStyleSheet(); sheet.replaceSync(text);
    document.adoptedStyleSheets = [sheet]; }"""
WIDTH = "() => document.documentElement.scrollWidth"
# What has the keyboard: is any of it on top, and does something show that it has it?
HELD = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const box = one.getBoundingClientRect(), style = getComputedStyle(one);
    const spots = [0.1, 0.5, 0.9].flatMap(x => [0.2, 0.5, 0.8].map(y =>
        document.elementFromPoint(box.left + x * box.width, box.top + y * box.height)));
    const inSight = spots.some(spot => spot && (one.contains(spot) || spot.contains(one)));
    const shown = style.outlineStyle !== 'none' || style.boxShadow !== 'none';
    return { name: one.outerHTML.slice(0, 120), inSight, shown };
}"""
STEPS = 25


@pytest.fixture(scope="module")
def pages(world: World) -> list[Drawn]:
    routes = {name.split()[0] for name in DAILY}
    return [page for page in drawn_pages(world, routes) if page.name in DAILY]


def test_nothing_is_cut_and_nothing_hidden_where_letters_are_large(pages: list[Drawn]) -> None:
    assert {page.name for page in pages} == DAILY
    with browser() as chromium:
        wrong = list(_wrong(chromium, pages))
    assert wrong == [], "\n".join(wrong)


def _wrong(chromium: Browser, pages: list[Drawn]) -> Iterator[str]:
    texts = {page.path: page.html for page in pages}
    window = chromium.new_page(viewport={"width": NARROW, "height": 640})
    window.route("**/*", lambda route: handed_out(route, texts))
    for drawn in pages:
        window.goto(SITE + drawn.path)
        rule = {"runOnly": {"type": "rule", "values": ["target-size"]}}
        yield from (f"{drawn.name}: {one}" for one in findings(window, rule))
        yield from (f"{drawn.name}: {one}" for one in _lost_to_the_keyboard(window))
        yield from _too_wide(window, drawn, "as it is")
        window.evaluate(SPREAD, SPACED)
        yield from _too_wide(window, drawn, "spaced")


def _too_wide(window: Page, drawn: Drawn, how: str) -> Iterator[str]:
    width = window.evaluate(WIDTH)
    if width > NARROW:
        yield f"{drawn.name}: {width} pixels wide, {how}"


def _lost_to_the_keyboard(window: Page) -> Iterator[str]:
    for _ in range(STEPS):
        window.keyboard.press("Tab")
        held = window.evaluate(HELD)
        if held and not held["inSight"]:
            yield f"covered: {held['name']}"
        if held and not held["shown"]:
            yield f"no ring: {held['name']}"
