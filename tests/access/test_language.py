"""Indonesian everywhere: no page shows an English sentence, nor does a form that is sent empty."""

import itertools
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from tests.access.drawn import Drawn, drawn_pages
from tests.access.table import RULES, Rule, address
from tests.access.world import World, ask

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.xdist_group("access-language")]

# Words that an English sentence cannot do without and no Indonesian one has.
WORDS = """
the and of is are was were be been has have had with from this that these those not please must
should select choose enter required field valid invalid value values save delete remove submit
cancel close search show hide yes your you our their when where which what who how already failed
failure success successfully missing unknown wrong before after between there here each every any
all none only other another more less than then but because while until
"""
ENGLISH = frozenset(WORDS.split())
# What a button or a label says by itself.
BUTTONS = """
submit save error delete cancel close search required next previous back edit view add remove
loading warning yes logout upload download settings
"""
LABELS = frozenset(BUTTONS.split())
SHOWN_IN = re.compile(r'(?:aria-label|title|placeholder|alt|content)="([^"]*)"')
# What the page hands to machines or quotes from them: code, logs, addresses, names of fields.
QUOTED = re.compile(r"<(code|pre|script|style|svg|kbd|samp)\b.*?</\1>", re.DOTALL)
SCRIPTS = sorted(Path(__file__).parents[2].glob("*/static/*/*.js"))
# Titles of people and things that are English by themselves.
NAMES = ("All in one",)


def shown(html: str) -> str:
    """Return what people see or hear of a page."""
    html = QUOTED.sub(" ", html)
    attributes = " . ".join(SHOWN_IN.findall(html))
    return unescape(re.sub(r"<[^>]+>", " ", html) + " . " + attributes)


def english_labels(html: str) -> list[str]:
    """Return what stands by itself, in at most three words, with one of an English button."""
    html = QUOTED.sub(" ", html)
    alone = [unescape(text).split() for text in re.split(r"<[^>]+>", html)]
    alone += [unescape(text).split() for text in SHOWN_IN.findall(html)]
    return [" ".join(words) for words in alone if len(words) <= 3 and _says(words)]


def _says(words: list[str]) -> bool:
    return not LABELS.isdisjoint(word.lower().strip(".:!") for word in words)


def english(text: str) -> list[str]:
    """Return the stretches of a text in which two English words stand close together."""
    for name in NAMES:
        text = text.replace(name, " ")
    words = re.findall(r"[^\W\d_]+", text)
    hits = [n for n, word in enumerate(words) if word.lower() in ENGLISH]
    close = [a for a, b in itertools.pairwise(hits) if b - a <= 4]
    return [" ".join(words[max(0, n - 3) : n + 6]) for n in close]


@pytest.fixture(scope="module")
def pages(world: World) -> list[Drawn]:
    return drawn_pages(world)


def test_the_measure_finds_english_and_leaves_indonesian_alone() -> None:
    assert english("Select a valid choice. That choice is not one of the available choices.")
    assert english("Pilih salah satu; berkas ini belum lengkap, unggah lagi file yang benar.") == []


def test_no_page_shows_an_english_sentence(pages: list[Drawn]) -> None:
    found = {page.name: told for page in pages if (told := english(shown(page.html)))}
    assert found == {}


def test_no_button_and_no_label_is_english(pages: list[Drawn]) -> None:
    assert english_labels("<button>Save</button> <p>Simpan</p>") == ["Save"]
    found = {page.name: told for page in pages if (told := english_labels(page.html))}
    assert found == {}


# As machines write them: 2026-05-04, 07:20, 198503122010011007 (an NIP in one piece).
OF_MACHINES = re.compile(
    r"\b\d{4}-\d\d-\d\d\b|\b\d{1,2}:\d\d\b|\b(?:19|20)\d{16}\b(?!\.jpg)"
    r"|\b(?:None|True|False)\b"
)


def test_dates_times_and_numbers_are_written_as_people_write_them(pages: list[Drawn]) -> None:
    assert OF_MACHINES.findall("2026-05-04 pukul 07:20") == ["2026-05-04", "07:20"]
    found = {page.name: told for page in pages if (told := OF_MACHINES.findall(seen(page.html)))}
    assert found == {}


def seen(html: str) -> str:
    """Return the text of a page between its marks, without what is typed into."""
    html = re.sub(r"<textarea\b.*?</textarea>", " ", QUOTED.sub(" ", html), flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", html))


def test_no_script_says_english() -> None:
    texts = {script: spoken(script.read_text()) for script in SCRIPTS}
    assert sum(map(len, texts.values())) > 10
    found = {script.name: told for script, said in texts.items() if (told := english(said))}
    assert found == {}


def spoken(source: str) -> str:
    """Return the texts within a script that are several words, without its comments."""
    source = re.sub(r"/\*.*?\*/|(?m:^\s*//.*$)", " ", source, flags=re.DOTALL)
    texts = re.findall(r"([\"'`])((?:(?!\1)[^\n\\]|\\.)*)\1", source)
    return " . ".join(text for _, text in texts if re.search(r"[a-z] [A-Za-z]", text))


def refusals(world: World) -> Iterator[tuple[str, str]]:
    """Yield what every form says that is sent empty, or filled with nonsense."""
    for rule in (rule for rule in RULES if rule.post):
        for body in ({}, dict.fromkeys(rule.body, "?" * 3)):
            yield from _said(world, rule, body)


def _said(world: World, rule: Rule, body: dict[str, str]) -> Iterator[tuple[str, str]]:
    path = address(rule, world.own, rule.of[0] if rule.of else "")
    for person in world.people.values():
        seen = ask(person.client, "post", path, body)
        if seen.is_page and seen.status in (200, 400, 409, 422):
            yield f"{rule.route} {person.name}", seen.text
            return


def test_no_refusal_of_a_form_is_english(world: World) -> None:
    told = dict(refusals(world))
    assert len(told) > 30
    found = {name: words for name, text in told.items() if (words := english(shown(text)))}
    assert found == {}
