"""Looks a template through for whoever changed it: every slip at once, not only the first.

Filling stops at the first slip; here each tag is read by itself, so that one does not hide another.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from docx import Document
from jinja2 import TemplateSyntaxError

from documents.renderer.images import place_of
from documents.renderer.inspection import Reader
from documents.renderer.names import w
from documents.renderer.places import Places, places_of
from documents.renderer.sandbox import Forbidden, Sandbox
from documents.renderer.syntax import block_errors, in_words
from documents.renderer.word import parts_of, patched, unescaped

_COMMAND = re.compile(r"{%[-+]?\s*(\w+)")
_CLOSED_BY = {"for": "{% endfor %}", "if": "{% endif %}", "with": "{% endwith %}"}
_WITHIN = {"elif": "{% if 1 %}", "else": "{% if 1 %}"}
_ENDS = frozenset({"endfor", "endif", "endwith"})
_HARMLESS = ("if", "elif")  # commands that give no name: the rest can be read without them


@dataclass
class Examined:
    """What a template uses, what is wrong with its tags, and the pictures it has places for.

    Of each fault: "syntax" or "forbidden", what it is, the place in Word.
    """

    uses: list[tuple[str, str]] = field(default_factory=list)
    faults: list[tuple[str, str, str]] = field(default_factory=list)
    pictures: set[str] = field(default_factory=set)

    def as_answer(self) -> dict[str, Any]:
        return {
            "uses": list(dict.fromkeys(self.uses)),
            "faults": list(dict.fromkeys(self.faults)),
            "pictures": sorted(self.pictures),
        }


def examine(template: bytes) -> Examined:
    """Read all parts of a template; nothing of it is run."""
    examined = Examined()
    for _, root, label in parts_of(Document(io.BytesIO(template)).part):
        examined.pictures |= {place_of(drawing) for drawing in root.iter(w("drawing"))}
        _examine_part(places_of(patched(root), root, label), examined)
    return examined


def _examine_part(places: Places, examined: Examined) -> None:
    wrong = dict(_wrong_tags(places))
    for index, (kind, detail) in wrong.items():
        examined.faults.append((kind, detail, places.places[index]))
    unpaired = list(block_errors(places))
    examined.faults += [("syntax", str(error), error.place) for error in unpaired]
    if unpaired:
        return
    if not all(_can_be_left_out(places.tags[index]) for index in wrong):
        return
    reader = Reader()
    try:
        reader.read(Sandbox().parse(unescaped(_without(places, list(wrong)))))
    except Forbidden as error:
        examined.faults.append(("forbidden", str(error), places.at(error.lineno)))
    except TemplateSyntaxError as error:
        examined.faults.append(("syntax", in_words(error.message or ""), places.at(error.lineno)))
    examined.uses += [(path, places.at(line)) for path, line in reader.uses]


def _wrong_tags(places: Places) -> Iterator[tuple[int, tuple[str, str]]]:
    """Yield index and fault of each tag that is wrong by itself."""
    sandbox = Sandbox()
    for index, tag in enumerate(places.tags):
        name = _command(tag)
        if name in _ENDS:
            continue
        try:
            sandbox.from_string(_alone(tag, name))
        except Forbidden as error:
            yield index, ("forbidden", str(error))
        except TemplateSyntaxError as error:
            yield index, ("syntax", in_words(error.message or ""))


def _command(tag: str) -> str:
    found = _COMMAND.match(tag)
    return found[1] if found else ""


def _alone(tag: str, name: str) -> str:
    """Return the tag as a template of its own."""
    if name in _WITHIN:
        return f"{_WITHIN[name]}{tag}{_CLOSED_BY['if']}"
    return tag + _CLOSED_BY.get(name, "")


def _can_be_left_out(tag: str) -> bool:
    return tag.startswith("{{") or _command(tag) in _HARMLESS


def _without(places: Places, wrong: list[int]) -> str:
    """Return the source with something harmless in place of these tags, each on its line."""
    lines = places.source.split("\n")
    for index in wrong:
        tag, line = places.tags[index], places.lines[index] - 1
        name = _command(tag)
        harmless = f"{{% {name} 1 %}}" if name else "{{ '' }}"
        first, *others = tag.split("\n")
        lines[line] = lines[line].replace(first, "" if others else harmless, 1)
        for offset, rest in enumerate(others, start=1):
            last = offset == len(others)
            lines[line + offset] = lines[line + offset].replace(rest, harmless if last else "", 1)
    return "\n".join(lines)
