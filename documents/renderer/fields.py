"""Fields of Word: only those that count, date or repeat what stands in the document itself.

Others read files, start programs or ask a server when the reader opens the letter. The rendered
parts are looked at too, since a template may put a field together from pieces.
"""

from collections.abc import Iterator
from typing import Any

from documents.renderer.names import w

ALLOWED = frozenset({
    "=", "AUTHOR", "CREATEDATE", "DATE", "DOCPROPERTY", "EDITTIME", "EQ", "FILENAME",
    "FORMCHECKBOX", "FORMTEXT", "IF", "LASTSAVEDBY", "NOTEREF", "NUMCHARS", "NUMPAGES",
    "NUMWORDS", "PAGE", "PAGEREF", "PRINTDATE", "QUOTE", "REF", "REVNUM", "SAVEDATE", "SECTION",
    "SECTIONPAGES", "SEQ", "STYLEREF", "SUBJECT", "SYMBOL", "TC", "TIME", "TITLE", "TOC", "XE",
})  # fmt: skip
_MARKS = ("begin", "separate", "end")


class FieldRefused(Exception):
    """The message is the field's name."""


def check_fields(root: Any) -> None:
    """Raise FieldRefused at a field that is not allowed, and at one put together from others."""
    for instruction in _instructions(root):
        words = instruction.split()
        name = words[0].upper() if words else ""
        if name.startswith("="):
            name = "="
        local = name == "HYPERLINK" and len(words) > 1 and words[1].lower() == "\\l"
        if "{" in instruction or (name not in ALLOWED and not local):
            raise FieldRefused(name[:40] or "?")


def _instructions(root: Any) -> Iterator[str]:
    """Yield what each field says, without what the fields within it say."""
    for simple in root.iter(w("fldSimple")):
        yield simple.get(w("instr"), "")
    open_fields: list[list[str]] = []
    reading: list[bool] = []
    for node in root.iter(w("fldChar"), w("instrText"), w("delInstrText")):
        if node.tag != w("fldChar"):
            if not open_fields or not reading[-1]:
                yield node.text or ""
                continue
            open_fields[-1].append(node.text or "")
            continue
        kind = node.get(w("fldCharType"))
        if kind == "begin":
            open_fields.append([])
            reading.append(True)
        elif kind == "separate" and reading:
            reading[-1] = False
        elif kind == "end" and open_fields:
            reading.pop()
            yield "".join(open_fields.pop())
    for left in open_fields:
        yield "".join(left)
