"""What is wrong with the tags of a template, in words for the person who edits it in Word."""

import re

from documents.renderer.places import Places

_NAME = re.compile(r"{%[-+]?\s*(\w+)")
_BLOCKS = {"for": "endfor", "if": "endif", "with": "endwith"}
_INNER = {"else": ("for", "if"), "elif": ("if",)}
_MESSAGES = [
    (re.compile(r"No filter named '(.*)'"), "tidak ada filter '{}'"),
    (re.compile(r"No test named '(.*)'"), "tidak ada uji '{}'"),
    (re.compile(r"Encountered unknown tag '(.*?)'"), "tidak ada perintah '{}'"),
    (re.compile(r"expected token .*, got '(.*)'"), "'{}' tidak pada tempatnya"),
    (re.compile(r"[Uu]nexpected '?(.*?)'?$"), "'{}' tidak pada tempatnya"),
    (re.compile(r"unexpected char '(.*)' at"), "tanda '{}' tidak dikenal"),
]


class TagError(Exception):
    """A tag is wrong; `place` says where it stands in Word."""

    def __init__(self, message: str, place: str) -> None:
        super().__init__(message)
        self.place = place


def check_blocks(places: Places) -> None:
    """Raise TagError at a `for` or `if` without its end, and at an end without its beginning."""
    opened: list[tuple[str, int]] = []
    for index, tag in enumerate(places.tags):
        found = _NAME.match(tag)
        name = found[1] if found else ""
        if name in _BLOCKS:
            opened.append((name, index))
        elif name in _BLOCKS.values():
            if not opened or _BLOCKS[opened[-1][0]] != name:
                raise TagError(f"{{% {name} %}} tidak punya pasangan", places.places[index])
            opened.pop()
        elif name in _INNER and (not opened or opened[-1][0] not in _INNER[name]):
            raise TagError(f"{{% {name} %}} tidak punya pasangan", places.places[index])
    if opened:
        name, index = opened[-1]
        raise TagError(
            f"{{% {name} … %}} belum ditutup dengan {{% {_BLOCKS[name]} %}}", places.places[index]
        )


def in_words(message: str) -> str:
    """Return what Jinja says about a slip, in Indonesian where it is known."""
    for pattern, text in _MESSAGES:
        if found := pattern.search(message):
            return text.format(found[1])
    return message
