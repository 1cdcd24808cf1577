"""Where in Word a tag of a template stands: "Tabel 2, baris 3: ... {{ orang.nip }} ...".

Jinja knows lines. Each tag is put on a line of its own before Jinja reads the template; the library
moves tags but keeps their words, so the words lead back to the paragraph.
"""

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from documents.renderer.names import w

TAG = re.compile(r"{{.*?}}|{%.*?%}", re.DOTALL)
_RAW = re.compile(r"({%-?\s*raw\s*-?%}.*?{%-?\s*endraw\s*-?%}|{#.*?#})", re.DOTALL)
_PREFIX = re.compile(r"^(?:tr|tc|p|r)\s+|^(?:cellbg|colspan)\s+")
_QUOTES = str.maketrans("\u201c\u201d\u2018\u2019", "\"\"''")
_LINE = "{#\n#}"  # a new line for Jinja, nothing in the result
SNIPPET = 60


@dataclass
class Places:
    """The places of the tags of one part; `lines` are those on which a tag begins."""

    source: str
    lines: list[int] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    def at(self, line: int) -> str:
        """Return the place of the tag that stands on this line, "" if nobody knows."""
        index = bisect_right(self.lines, line) - 1
        return self.places[index] if 0 <= index < len(self.places) else ""


def places_of(source: str, root: Any, label: str) -> Places:
    """Return the patched source with a line per tag, and where in `root` each of them stands.

    `root` is the part as the library read it, `label` names it ("" for the body of the letter).
    """
    known: dict[str, deque[str]] = {}
    for where, text in _paragraphs(root, label):
        for found in TAG.finditer(text):
            place = f"{where}: {_snippet(text, found.start(), found.end())}"
            known.setdefault(_words(found[0]), deque()).append(place)
    pieces, found_places, last = [], Places(""), label
    line = 1
    for index, piece in enumerate(_RAW.split(source)):
        end = 0
        for found in TAG.finditer(piece) if index % 2 == 0 else ():
            before = piece[end : found.start()]
            line += before.count("\n") + 1
            queue = known.get(_words(found[0]))
            last = queue.popleft() if queue else last
            found_places.lines.append(line)
            found_places.places.append(last)
            found_places.tags.append(found[0])
            pieces += [before, _LINE, found[0]]
            line += found[0].count("\n")
            end = found.end()
        pieces.append(piece[end:])
        line += piece[end:].count("\n")
    found_places.source = "".join(pieces)
    return found_places


def _words(tag: str) -> str:
    """Return what a tag says, however the library rewrote it."""
    inner = _PREFIX.sub("", tag[2:-2].strip("-+ \n\t\u00a0"))
    inner = _PREFIX.sub("", inner).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return " ".join(inner.replace("&#8216;", "'").translate(_QUOTES).split())


def _snippet(text: str, start: int, end: int) -> str:
    """Return the tag with some of the text around it."""
    if len(text) > SNIPPET:
        before = max(0, min(start, start - (SNIPPET - (end - start)) // 2))
        after = min(len(text), max(end, before + SNIPPET))
        text = f"{'…' if before else ''}{text[before:after]}{'…' if after < len(text) else ''}"
    return " ".join(text.split())


def _paragraphs(root: Any, label: str) -> Iterator[tuple[str, str]]:
    """Yield place and text of each paragraph, in the order of the part."""
    prefix = f"{label}, " if label else ""
    paragraphs = tables = 0
    for block in _blocks(root):
        if block.tag == w("p"):
            paragraphs += 1
            yield _named(f"{prefix}paragraf {paragraphs}"), _text(block)
        else:
            tables += 1
            for number, row in enumerate(block.iter(w("tr")), start=1):
                for paragraph in row.iter(w("p")):
                    yield _named(f"{prefix}tabel {tables}, baris {number}"), _text(paragraph)


def _named(place: str) -> str:
    return place[0].upper() + place[1:]


def _blocks(root: Any) -> Iterator[Any]:
    for child in root.iterchildren():
        if child.tag in (w("p"), w("tbl")):
            yield child
        elif child.tag in (w("body"), w("sdt"), w("sdtContent"), w("footnote"), w("endnote")):
            yield from _blocks(child)


def _text(paragraph: Any) -> str:
    parts = []
    for node in paragraph.iter(w("t"), w("tab"), w("br")):
        parts.append((node.text or "") if node.tag == w("t") else " ")
    return "".join(parts)
