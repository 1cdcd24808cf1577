"""What is wrong with the tags of a template, in words for the person who edits it in Word."""

import re
from collections.abc import Iterator

from documents.renderer.places import Places

_NAME = re.compile(r"{%[-+]?\s*(\w+)")
_BLOCKS = {"for": "endfor", "if": "endif", "with": "endwith"}
_INNER = {"else": ("for", "if"), "elif": ("if",)}
_MESSAGES = [
    (re.compile(r"No filter named '(.*)'"), "tidak ada filter '{}'"),
    (re.compile(r"No test named '(.*)'"), "tidak ada uji '{}'"),
    (re.compile(r"Encountered unknown tag '(.*?)'"), "tidak ada perintah '{}'"),
    (re.compile(r"unexpected char .(.*). at"), "tanda '{}' tidak dikenal"),
    (re.compile(r"(?:got|[Uu]nexpected) '?end of"), "tanda ini kosong atau belum selesai"),
    (re.compile(r"[Uu]nexpected '(.*)', expected"), "'{}' tidak pada tempatnya"),
    (re.compile(r"[Ee]xpected .*, got '(.*)'"), "'{}' tidak pada tempatnya"),
    (re.compile(r"[Uu]nexpected '?(.*?)'?$"), "'{}' tidak pada tempatnya"),
    (re.compile(r"tag name expected"), "tidak ada perintah di dalamnya"),
    (re.compile(r"expected name or number"), "belum ada nama sesudah titik"),
    (re.compile(r"[Cc]an't assign"), "nama itu tidak dapat dipakai di sini"),
]


class TagError(Exception):
    """A tag is wrong; `place` says where it stands in Word."""

    def __init__(self, message: str, place: str) -> None:
        super().__init__(message)
        self.place = place


def check_blocks(places: Places) -> None:
    """Raise TagError at a `for` or `if` without its end, and at an end without its beginning."""
    for error in block_errors(places):
        raise error


def block_errors(places: Places) -> Iterator[TagError]:
    """Yield every `for` or `if` without its end, and every end without its beginning."""
    opened: list[tuple[str, int]] = []
    for index, tag in enumerate(places.tags):
        found = _NAME.match(tag)
        name = found[1] if found else ""
        if name in _BLOCKS:
            opened.append((name, index))
        elif name in _BLOCKS.values():
            while opened and _BLOCKS[opened[-1][0]] != name and _closes(name, opened):
                yield _unclosed(*opened.pop(), places)
            if not opened or _BLOCKS[opened[-1][0]] != name:
                yield TagError(f"{{% {name} %}} tidak punya pasangan", places.places[index])
            else:
                opened.pop()
        elif name in _INNER and (not opened or opened[-1][0] not in _INNER[name]):
            yield TagError(f"{{% {name} %}} tidak punya pasangan", places.places[index])
    for name, index in reversed(opened):
        yield _unclosed(name, index, places)


def _closes(end: str, opened: list[tuple[str, int]]) -> bool:
    """Say whether one of the open blocks ends so: those within it were left open."""
    return any(_BLOCKS[name] == end for name, _ in opened)


def _unclosed(name: str, index: int, places: Places) -> TagError:
    return TagError(
        f"{{% {name} … %}} belum ditutup dengan {{% {_BLOCKS[name]} %}}", places.places[index]
    )


def in_words(message: str) -> str:
    """Return what Jinja says about a slip, in Indonesian where it is known."""
    for pattern, text in _MESSAGES:
        if found := pattern.search(message):
            return text.format(*found.groups())
    return "isi tanda ini tidak dapat dibaca"
