"""The look is told once: colours are tokens, and docs/identitas.md says of each pair what it is."""

import re
from itertools import chain
from pathlib import Path

import pytest

from foundation.indonesian import number_text

ROOT = Path(__file__).resolve().parents[2]
TOKENS = ROOT / "config/static/sopan/tokens.css"
PAGE = ROOT / "docs/identitas.md"
ON_PAPER = "print.css"  # ink on paper knows no theme
TEXT, EDGE = 4.5, 3.0  # WCAG 2.2: 1.4.3 of text, 1.4.11 of what must be seen to be used
ROW = re.compile(
    r"^\| `(--[a-z-]+)` di atas `(--[a-z-]+)` \| ([\d,]+) \| ([\d,]+) \|", re.MULTILINE
)
EDGES = {"--edge", "--focus", "--band-focus"}

Colours = dict[str, str]


def themes() -> tuple[Colours, Colours]:
    """Return the colours in the light and in the dark, which changes some of them."""
    light, _, dark = TOKENS.read_text().partition("@media (prefers-color-scheme: dark)")
    found = [dict(re.findall(r"(--[a-z-]+): (#[0-9a-f]{6});", part)) for part in (light, dark)]
    return found[0], found[0] | found[1]


def contrast(one: str, other: str) -> float:
    """Return how far two colours stand apart, 1 to 21 (WCAG 2.2, relative luminance)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def told() -> list[tuple[str, str, str, str]]:
    return ROW.findall(PAGE.read_text())


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_every_pair_on_the_page_is_as_far_apart_as_the_page_says(theme: int) -> None:
    colours = themes()[theme]
    for ink, ground, *ratios in told():
        measured = contrast(colours[ink], colours[ground])
        assert measured >= (EDGE if ink in EDGES else TEXT), (ink, ground)
        assert ratios[theme] == number_text(measured, 1), (ink, ground)


def test_every_colour_that_is_read_stands_on_the_page() -> None:
    inks = {name for name in themes()[0] if name.endswith("ink")}
    inks |= {"--muted", "--accent", "--good", "--warn", "--bad", "--band-muted"}
    assert inks <= {ink for ink, *_ in told()}


def test_colours_are_written_in_the_tokens_alone() -> None:
    styles = chain.from_iterable(
        (ROOT / room).rglob("static/**/*.css")
        for room in ("config", "organization", "processes", "devices", "documents", "attendance")
    )
    for path in styles:
        if path.name not in (TOKENS.name, ON_PAPER):
            assert not re.findall(r"#[0-9a-fA-F]{3,8}\b", path.read_text()), path


def test_every_picture_of_the_page_is_there() -> None:
    for path in re.findall(r"\]\(([^)#:]+)\)", PAGE.read_text()):
        assert (PAGE.parent / path).is_file(), path
