"""Fills in what is known only when a document is issued: number, code, hash.

A document is rendered with marks in their place, outside any transaction; while the counter is
locked the marks are replaced, which needs no second rendering.
"""

import secrets
import zipfile
from collections.abc import Mapping
from io import BytesIO

from documents.renderer.packing import repack
from documents.renderer.text import as_attribute

# Digits between two private-use characters: no filter for capitals changes a mark, and nobody who
# types a text can guess one. New in each process, so never store or hash a mark.
_CHANCE = f"{secrets.randbelow(10**30):030}"


def _mark(kind: int) -> str:
    return f"\ue000{kind}{_CHANCE}\ue001"


NUMBER_MARK = _mark(1)  # the letter's number
CODE_MARK = _mark(2)  # the code of the page that verifies the document
DATA_MARK = _mark(3)  # the short hash of the data
MARKS = (NUMBER_MARK, CODE_MARK, DATA_MARK)

_STAMPED = ("word/document", "word/header", "word/footer", "word/footnotes", "word/endnotes")


def stamp(content: bytes, marks: Mapping[str, str]) -> bytes:
    """Return the Word file with each mark replaced by its text, in body, headers and footers.

    The text is escaped and stays on one line. Parts without a mark are copied as they are; the same
    file and marks give the same bytes.
    """
    texts = {mark.encode(): as_attribute(text).encode() for mark, text in marks.items()}
    changed = {}
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            if not (name.startswith(_STAMPED) and name.endswith(".xml")):
                continue
            part = archive.read(name)
            if any(mark in part for mark in texts):
                for mark, text in texts.items():
                    part = part.replace(mark, text)
                changed[name] = [part]
    return repack(content, changed)
