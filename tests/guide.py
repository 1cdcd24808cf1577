"""What a guide tells its reader to write and to type, read out of its Markdown."""

import io
import re
from dataclasses import dataclass
from pathlib import Path

from docx import Document as WordFile

ROOT = Path(__file__).resolve().parent.parent
FILE = re.compile(r"^Berkas `([^`]+)`( \(diketik di Word\))?:\n\n```\w+\n(.*?)^```$", re.M | re.S)
COMMAND = re.compile(r"^```sh\n(.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Step:
    """A file to write (`path`), or, without one, commands to type."""

    path: str
    text: str
    in_word: bool = False

    @property
    def content(self) -> bytes:
        return typed_in_word(self.text) if self.in_word else self.text.encode()


def steps(guide: Path) -> list[Step]:
    """Return files and commands in the order of the guide."""
    text = guide.read_text(encoding="utf-8")
    found = [(m.start(), Step(m[1], m[3], bool(m[2]))) for m in FILE.finditer(text)]
    found += [(m.start(), Step("", m[1])) for m in COMMAND.finditer(text)]
    return [step for _, step in sorted(found, key=lambda row: row[0])]


def typed_in_word(text: str) -> bytes:
    """Return a Word file with a paragraph for each line."""
    word = WordFile()
    for line in text.splitlines():
        word.add_paragraph(line)
    target = io.BytesIO()
    word.save(target)
    return target.getvalue()
