"""Bytes of a machine as text, and the lines that a reply counts."""

import re
from collections.abc import Iterator

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
BLANK = " \t\v\f"
LINE_END = re.compile(r"\r\n|\r|\n")


def decode(body: bytes) -> tuple[str, str]:
    """Return the text and its encoding: UTF-8, else GB 18030 (Chinese machines), else Latin-1.

    Never raises: Latin-1 reads anything.
    """
    body = body.removeprefix(BYTE_ORDER_MARK)
    for encoding in ("utf-8", "gb18030"):
        try:
            return body.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return body.decode("latin-1"), "latin-1"


def count_lines(body: bytes) -> int:
    """Return how many lines are not blank: what a reply counts, read or not.

    Lines end with LF, CRLF or CR. Old firmware sends again what was not counted.
    """
    lines = body.removeprefix(BYTE_ORDER_MARK).replace(b"\r", b"\n").split(b"\n")
    return sum(1 for line in lines if line.strip())


def numbered_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield each line that is not blank with its number, counted from 1 with the blank ones."""
    for number, line in enumerate(LINE_END.split(text), start=1):
        if line.strip(BLANK):
            yield number, line
