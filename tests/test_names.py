"""Code does not know the SOPs: no BPMN id, lane or decision value stands in Python or in a page.

A SOP is files. Code that named one of its steps would make a second SOP need code too, and would
break silently when a diagram is redrawn. So every literal of every room is compared with every name
of every SOP, those of the product and those of the tests.

What is compared: docstrings and comments are prose and may speak of anything. A lane is looked for
as a word in any text ("Hanya Kadis ..." would be wrong for the next SOP); an id or a value counts
where it is the whole literal, or is quoted inside one, or is no word of a language (it has an
underscore or a digit), since plain words like "selesai" belong in sentences.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest
from lxml import etree

ROOT = Path(__file__).resolve().parent.parent
ROOMS = (
    "attendance",
    "config",
    "devices",
    "documents",
    "foundation",
    "organization",
    "processes",
    "workflows",
)
# Makes the standard Word files: what stands there are the words of letters, the SOP's among them.
WORDING = ("template_builder",)
SOPS = (ROOT / "workflows" / "bpmn", ROOT / "tests" / "sops")
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"

# The one start and the one end of a diagram are called what every language calls them, and so are
# the columns of a table and the dates of a period. Add no name of a task, a gateway or a value.
ORDINARY = frozenset({"mulai", "selesai"})

# Lanes that are called as the Pergub calls the institution: its name belongs in sentences, and only
# a literal that is nothing else would be the lane.
INSTITUTIONS = frozenset({"BKD", "Pengelola"})

# Lanes that are called as everybody who works is called: the word stands on every other page.
EVERYDAY = frozenset({"Pegawai"})

TOKEN = re.compile(r"[\w-]+")
QUOTED = re.compile(r"""(?P<quote>["'])(?P<text>.*?)(?P=quote)""")
TAG = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)


@dataclass(frozen=True)
class Names:
    """What SOPs call their things. `words` are looked for in any text, `values` as literals."""

    lanes: frozenset[str]
    values: frozenset[str]  # BPMN ids and values of decisions

    def in_literal(self, text: str) -> set[str]:
        """Return the names that this literal holds."""
        found = {text.strip()} & (self.lanes | self.values)
        found |= {quoted["text"] for quoted in QUOTED.finditer(text)} & (self.lanes | self.values)
        return found | self.in_prose(text)

    def in_prose(self, text: str) -> set[str]:
        """Return the names that a sentence holds: lanes, and ids that are no plain words."""
        searched = self.lanes - INSTITUTIONS
        found = {lane for lane in searched if re.search(rf"\b{re.escape(lane)}\b", text)}
        tokens = {token for token in TOKEN.findall(text) if not _is_plain_word(token)}
        return found | (tokens & self.values)


def _is_plain_word(token: str) -> bool:
    return token.isalpha() and (token.islower() or token.istitle())


def names_of(folders: list[Path]) -> Names:
    """Read the names out of the files of these SOPs."""
    lanes: set[str] = set()
    values: set[str] = set()
    for folder in folders:
        diagram = etree.parse(folder / "process.bpmn")
        values |= {str(element.get("id")) for element in diagram.iter() if element.get("id")}
        lanes |= {str(lane.get("name")) for lane in diagram.iter(f"{BPMN}lane")}
        for form in sorted((folder / "forms").glob("*.toml")):
            fields = tomllib.loads(form.read_text(encoding="utf-8")).get("fields", [])
            outcomes = [field for field in fields if field["type"] == "outcome"]
            values |= {option["value"] for field in outcomes for option in field["options"]}
    return Names(frozenset(lanes) - EVERYDAY, frozenset(values) - ORDINARY)


def sop_folders() -> list[Path]:
    return sorted(file.parent for root in SOPS for file in root.glob("*/process.bpmn"))


def literals(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of every string in a Python file that is not a docstring."""
    tree = ast.parse(source)
    prose = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.lineno, node.value


def in_python(source: str, names: Names) -> list[tuple[int, str]]:
    """Return line and name of everything a Python file should not know."""
    return [(line, name) for line, text in literals(source) for name in names.in_literal(text)]


class _Page(HTMLParser):
    """Collects what a template's markup says: values of attributes, and text."""

    def __init__(self, names: Names) -> None:
        super().__init__()
        self.names = names
        self.found: list[tuple[int, str]] = []

    def _note(self, found: set[str]) -> None:
        self.found += [(self.getpos()[0], name) for name in sorted(found)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for _, value in attrs:
            text = value or ""
            known = self.names.lanes | self.names.values
            self._note(self.names.in_literal(text) | (set(text.split()) & known))

    handle_startendtag = handle_starttag

    def handle_data(self, data: str) -> None:
        self._note(self.names.in_prose(data))


def in_template(source: str, names: Names) -> list[tuple[int, str]]:
    """Return line and name of everything a Django template should not know."""
    found = []
    for tag in TAG.finditer(source):
        line = source.count("\n", 0, tag.start()) + 1
        if not tag.group().startswith("{#"):
            for quoted in QUOTED.finditer(tag.group()):
                found += [(line, name) for name in sorted(names.in_literal(quoted["text"]))]
    page = _Page(names)
    # Tags go, line breaks stay, so that the lines of the markup are still right.
    page.feed(TAG.sub(lambda tag: "\n" * tag.group().count("\n"), source))
    page.close()
    return found + page.found


def files(pattern: str) -> list[Path]:
    return sorted(
        file
        for room in ROOMS
        for file in (ROOT / room).rglob(pattern)
        if not {"migrations", "__pycache__", *WORDING} & set(file.parts)
    )


PLANTED = Names(frozenset({"Kadis"}), frozenset({"setuju", "langkah_7", "Gerbang7"}))


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("if task.lane == 'Kadis': pass", "Kadis"),
        ("message = f'Hanya Kadis yang boleh, {user}'", "Kadis"),
        ("if answers['keputusan'] == 'setuju': pass", "setuju"),
        ("""condition = "form.keputusan == 'setuju'" """, "setuju"),
        ("STEPS = {'langkah_7': 1}", "langkah_7"),
        ("url = f'/tugas/{pk}/langkah_7/'", "langkah_7"),
        ("gateway = 'Gerbang7'", "Gerbang7"),
    ],
)
def test_a_name_planted_in_python_is_found(source: str, name: str) -> None:
    assert in_python(source, PLANTED) == [(1, name)]


@pytest.mark.parametrize(
    "source",
    [
        '"""A module that speaks of Kadis and langkah_7."""',
        "def decide() -> None:\n    '''Only Kadis.'''",
        "x = 1  # what Kadis does in langkah_7",
        "text = 'Pimpinan belum setuju; tunggu sebentar.'",
        "username = 'kadis'",
        "text = 'Kadisdik'",
    ],
)
def test_prose_and_other_words_are_left_alone(source: str) -> None:
    assert in_python(source, PLANTED) == []


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("{% if task.lane == 'Kadis' %}x{% endif %}", "Kadis"),
        ('{% if task.outcome == "setuju" %}x{% endif %}', "setuju"),
        ("<p>Kirim kepada Kadis</p>", "Kadis"),
        ('<button name="k" value="setuju">Ya</button>', "setuju"),
        ('<a class="button langkah_7" href="#">x</a>', "langkah_7"),
        ('{% include "processes/langkah_7.html" %}', "langkah_7"),
    ],
)
def test_a_name_planted_in_a_template_is_found(source: str, name: str) -> None:
    assert in_template(source, PLANTED) == [(1, name)]


@pytest.mark.parametrize(
    "source",
    [
        "{# Kadis sees this #}",
        "<p>Berkas sudah setuju dibaca</p>",
        "<!-- Kadis -->",
        "<p>{{ task.lane }}</p>",
    ],
)
def test_prose_and_comments_of_a_template_are_left_alone(source: str) -> None:
    assert in_template(source, PLANTED) == []


def test_the_names_of_at_least_two_sops_are_searched() -> None:
    folders = sop_folders()
    assert len(folders) >= 2, "the second SOP is missing: one SOP proves nothing"
    names = names_of(folders)
    assert len(names.lanes) >= 4
    assert len(names.values) >= 40


@pytest.mark.parametrize("folder", sop_folders(), ids=lambda folder: folder.name)
def test_lanes_ids_and_decisions_are_read_out_of_each_sop(folder: Path) -> None:
    names = names_of([folder])
    assert names.lanes
    assert names.values


def test_the_words_that_are_not_searched_are_starts_and_ends_only() -> None:
    for folder in sop_folders():
        for element in etree.parse(folder / "process.bpmn").iter():
            if element.get("id") in ORDINARY:
                assert element.tag in (f"{BPMN}startEvent", f"{BPMN}endEvent")


def test_no_python_names_a_step_a_lane_or_a_decision_of_a_sop() -> None:
    names = names_of(sop_folders())
    found = [
        f"{file.relative_to(ROOT)}:{line}: {name}"
        for file in files("*.py")
        for line, name in in_python(file.read_text(encoding="utf-8"), names)
    ]
    assert not found, "\n".join(found)


def test_no_template_names_a_step_a_lane_or_a_decision_of_a_sop() -> None:
    names = names_of(sop_folders())
    found = [
        f"{file.relative_to(ROOT)}:{line}: {name}"
        for file in files("*.html")
        for line, name in in_template(file.read_text(encoding="utf-8"), names)
    ]
    assert not found, "\n".join(found)
