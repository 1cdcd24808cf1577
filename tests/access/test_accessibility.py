"""WCAG 2.2 AA by axe on every page: light and dark, on a desk and on a phone.

Pages are drawn first; the browser gets them, and what they load, from memory.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route

from tests.access.drawn import Drawn, drawn_pages
from tests.access.world import World
from tests.e2e.people import browser

pytestmark = [
    pytest.mark.django_db, pytest.mark.browser, pytest.mark.xdist_group("accessibility"),
    pytest.mark.timeout(1800), pytest.mark.long,
]  # fmt: skip

SITE = "http://sopan.test"
SERIOUS = ("serious", "critical")
LAWS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# What light, dark and the width can change; everything else is asked once.
OF_COLOUR = ["color-contrast", "link-in-text-block"]
OF_WIDTH = ["target-size", "scrollable-region-focusable", *OF_COLOUR]
WIDTHS = (1280, 360)
KINDS = {
    ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}  # fmt: skip
# Pages that people see every day: looked at in the short run.
DAILY = {
    "login", "index", "tasks:index", "tasks:cards", "tasks:detail task_ready",
    "tasks:detail task_claimed", "processes:detail instance", "absensi:mine",
    "absensi:month", "absensi:recap recap", "mesin:device device", "audit:index",
}  # fmt: skip


@pytest.fixture(scope="module")
def pages(world: World) -> list[Drawn]:
    return drawn_pages(world)


def handed_out(route: Route, texts: dict[str, str]) -> None:
    """Answer the browser from memory: a page, or a static file of the product."""
    path = route.request.url.removeprefix(SITE).partition("?")[0]
    if route.request.resource_type == "document":
        route.fulfill(body=texts[route.request.url.removeprefix(SITE)], content_type="text/html")
    elif path.startswith("/static/") and (found := finders.find(path.removeprefix("/static/"))):
        file = Path(str(found))
        route.fulfill(body=file.read_bytes(), content_type=KINDS.get(file.suffix, "text/plain"))
    else:
        route.fulfill(status=404)


def findings(page: Page, options: dict[str, Any]) -> list[str]:
    result = Axe().run(page, options=options | {"resultTypes": ["violations"]})
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in result.response["violations"]
        if one["impact"] in SERIOUS
        for node in one["nodes"][:3]
    ]


def looked_at(pages: list[Drawn]) -> list[str]:
    """Return what is wrong with these pages, each in all its faces."""
    # Not before: beside the browser's loop the database cannot be asked.
    with browser() as chromium:
        return list(_wrong(chromium, pages))


def _wrong(chromium: Browser, pages: list[Drawn]) -> Iterator[str]:
    texts = {page.path: page.html for page in pages}
    window = chromium.new_page()
    window.route("**/*", lambda route: handed_out(route, texts))
    for drawn in pages:
        window.set_viewport_size({"width": WIDTHS[0], "height": 800})
        window.emulate_media(color_scheme="light")
        window.goto(SITE + drawn.path)
        asked: dict[str, Any] = {"runOnly": LAWS}
        for width in WIDTHS:
            for scheme in ("light", "dark"):
                window.set_viewport_size({"width": width, "height": 800})
                window.emulate_media(color_scheme=scheme)
                found = findings(window, asked)
                face = f"{drawn.name} ({drawn.person}, {width}, {scheme})"
                yield from (f"{face} {one}" for one in found)
                asked = {"runOnly": {"type": "rule", "values": OF_WIDTH}}


def test_pages_of_every_day_have_nothing_serious_in_any_face(pages: list[Drawn]) -> None:
    daily = [page for page in pages if page.name in DAILY]
    assert {page.name for page in daily} == DAILY
    wrong = looked_at(daily)
    assert wrong == [], "\n".join(wrong)


def test_no_page_has_anything_serious_in_any_face(pages: list[Drawn]) -> None:
    assert len(pages) > 120
    wrong = looked_at(pages)
    assert wrong == [], f"{len(wrong)} findings\n" + "\n".join(wrong)
