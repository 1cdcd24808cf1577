"""Pictures that the data describe: lines, boxes and arrows, drawn here and put in as PNG.

A picture whose alternative text in Word is `gambar {{ row.gambar }} | {{ row.kata }}` is a place
for one, as wide as the template has it; what stands behind the stroke becomes its alternative text.
The description is a text, lengths in tenths of a millimetre, shapes divided by ";":

    720 158; grid 240 0 240 158; line 120 85 120 158; head 360 50 350 28 370 28;
    box 360 85 132 70; lozenge ...; capsule 120 85 132 56 Mulai; page 480 130 40 48 A;
    start 370 70 26 Ya; end 350 70 26 Tidak

Numbers of a sign are its middle, width and height; of a text an end of its base line and its size.
"""

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from documents.renderer.images import ImageRefused, put_picture, take_out
from documents.renderer.names import LINE_ART, WP, w

DOTS = 1.2  # per tenth of a millimetre: about 300 to the inch
FINER = 3  # drawn so much larger, then made smaller: smooth edges
LARGEST = 6000  # tenths of a millimetre
MOST_SHAPES = 1000
INK, GRID, PAPER = 20, 190, 255
THICK, THIN = 3.5, 1.5

Numbers = Sequence[float]


def draw_line_art(part: Any, tree: Any) -> None:
    """Draw the pictures of this part that are described in words.

    Like a place without a picture, one whose description is none is taken out.
    """
    for drawing in list(tree.iter(w("drawing"))):
        properties = drawing.find(f".//{WP}docPr")
        told = "" if properties is None else (properties.get("descr") or "")
        if not told.startswith(LINE_ART):
            continue
        description, _, words = told.removeprefix(LINE_ART).partition("|")
        try:
            content, shape = picture_of(description)
        except ImageRefused:
            take_out(drawing)
            continue
        put_picture(part, drawing, content, shape=shape)
        properties.set("descr", words.strip())


def picture_of(description: str) -> tuple[bytes, tuple[float, float]]:
    """Return the PNG of a description, and its width and height. Raises ImageRefused."""
    size, *shapes = description.split(";")
    try:
        wide, high = (float(number) for number in size.split())
        if not (1 <= wide <= LARGEST and 1 <= high <= LARGEST) or len(shapes) > MOST_SHAPES:
            raise ImageRefused
        scale = DOTS * FINER
        image = Image.new("L", (round(wide * scale), round(high * scale)), PAPER)
        pen = _Pen(ImageDraw.Draw(image), scale)
        for shape in shapes:
            kind, *words = shape.split()
            pen.draw(kind, words)
    except (ValueError, KeyError) as error:
        raise ImageRefused from error
    stored = io.BytesIO()
    image.reduce(FINER).save(stored, "PNG", optimize=True, dpi=(DOTS * 254, DOTS * 254))
    return stored.getvalue(), (wide, high)


class _Pen:
    """Draws one shape after the other on an image of `scale` dots per tenth of a millimetre."""

    def __init__(self, draw: ImageDraw.ImageDraw, scale: float) -> None:
        self.on, self.scale = draw, scale
        self.signs: Mapping[str, Callable[[float, float, float, float], None]] = {
            "box": self._box,
            "capsule": self._capsule,
            "lozenge": self._lozenge,
            "page": self._page,
        }

    def draw(self, kind: str, words: list[str]) -> None:
        """Draw one shape. Raises KeyError or ValueError for what is none."""
        if kind in ("line", "grid"):
            a, b, c, d = self._numbers(words)
            width = THICK if kind == "line" else THIN
            self._line([(a, b), (c, d)], INK if kind == "line" else GRID, width)
        elif kind == "head":
            a, b, c, d, e, f = self._numbers(words)
            self.on.polygon([(a, b), (c, d), (e, f)], fill=INK)
        elif kind in ("start", "end"):
            x, y, size = self._numbers(words[:3])
            self._write(x, y, size, words[3:], "ls" if kind == "start" else "rs")
        else:
            x, y, wide, high = self._numbers(words[:4])
            self.signs[kind](x, y, wide, high)
            # The foot of the sign for the next page is pointed: its letter stands higher.
            lift = high * 0.1 if kind == "page" else 0
            self._write(x, y - lift, 26 * self.scale, words[4:], "mm")

    def _numbers(self, words: Sequence[str]) -> list[float]:
        return [float(word) * self.scale for word in words]

    def _line(self, points: Sequence[tuple[float, float]], color: int, width: float) -> None:
        self.on.line(points, fill=color, width=round(width * self.scale))

    def _box(self, x: float, y: float, wide: float, high: float) -> None:
        self._round(x, y, wide, high, 0)

    def _capsule(self, x: float, y: float, wide: float, high: float) -> None:
        self._round(x, y, wide, high, high / 2)

    def _round(self, x: float, y: float, wide: float, high: float, radius: float) -> None:
        sides = (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
        thick = round(THICK * self.scale)
        self.on.rounded_rectangle(sides, radius, fill=PAPER, outline=INK, width=thick)

    def _lozenge(self, x: float, y: float, wide: float, high: float) -> None:
        right, foot = x + wide / 2, y + high / 2
        self._polygon([(x, y - high / 2), (right, y), (x, foot), (x - wide / 2, y)])

    def _page(self, x: float, y: float, wide: float, high: float) -> None:
        left, right, shoulder = x - wide / 2, x + wide / 2, y + high * 0.15
        top, foot = y - high / 2, y + high / 2
        self._polygon([(left, top), (right, top), (right, shoulder), (x, foot), (left, shoulder)])

    def _polygon(self, points: list[tuple[float, float]]) -> None:
        self.on.polygon(points, fill=PAPER)
        self.on.line([*points, *points[:2]], INK, round(THICK * self.scale), joint="curve")

    def _write(self, x: float, y: float, size: float, words: Sequence[str], anchor: str) -> None:
        if words:
            font = ImageFont.load_default(size)
            self.on.text((x, y), " ".join(words), fill=INK, font=font, anchor=anchor)
