"""Fitting words into shapes without a font at hand: widths are those of Helvetica, near enough."""

from collections.abc import Sequence
from dataclasses import dataclass

LINE = 1.18  # height of a line, in sizes of the font
SMALLEST = 8.0

_WIDTHS = (
    ("'ijl|", 0.222),
    (" !,./:;I[]ft", 0.278),
    ("()-r`", 0.333),
    ("ckJsvxyz", 0.5),
    ("LTFZ", 0.611),
    ("ABEKPSVXY&", 0.667),
    ("CDHNRUw", 0.722),
    ("GOQ", 0.778),
    ("mM", 0.833),
    ("%W", 0.94),
)
WIDTH_OF = {letter: width for letters, width in _WIDTHS for letter in letters}
USUAL = 0.556


def width_of(text: str, size: float) -> float:
    """Return how wide a text is drawn, in units of `size`."""
    return sum(WIDTH_OF.get(letter, USUAL) for letter in text) * size


@dataclass(frozen=True)
class Fitted:
    """Lines that fit, and the size of the font at which they do."""

    lines: tuple[str, ...]
    size: float

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * LINE


def fit(text: str, width: float, height: float, size: float) -> Fitted:
    """Return the text broken into lines for a box, in the largest font up to `size`."""
    while True:
        fitted = Fitted(wrap(text, width, size), size)
        if fitted.height <= height or size <= SMALLEST:
            return fitted
        size -= 0.5


def wrap(text: str, width: float, size: float) -> tuple[str, ...]:
    """Return the lines of a text, broken at spaces and hyphens, within a word only if it must."""
    lines: list[str] = []
    line = ""
    for word, glue in _pieces(text):
        if line and width_of(line + glue + word, size) > width:
            lines.append(line)
            line = ""
        while not line and len(word) > 3 and width_of(word, size) > width:
            cut = _cut(word, width, size)
            lines.append(word[:cut] + "-")
            word = word[cut:]
        line = line + glue + word if line else word
    return (*lines, line) if line else tuple(lines)


def _pieces(text: str) -> Sequence[tuple[str, str]]:
    """Return the unbreakable pieces, each with what joins it to the one before."""
    pieces: list[tuple[str, str]] = []
    for word in text.split():
        glue = " "
        head, hyphen, rest = word.partition("-")
        # "e-absensi" stays whole: a single letter at the end of a line reads badly.
        while hyphen and len(head) > 2 and rest:
            pieces.append((f"{head}-", glue))
            glue = ""
            head, hyphen, rest = rest.partition("-")
        pieces.append((head + hyphen + rest, glue))
    return pieces


def _cut(word: str, room: float, size: float) -> int:
    """Return how many letters fit with a hyphen behind them: at least two, leaving two."""
    fitting = [n for n in range(2, len(word) - 1) if width_of(word[:n] + "-", size) <= room]
    return fitting[-1] if fitting else 2
