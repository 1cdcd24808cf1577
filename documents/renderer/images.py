"""Pictures of the agency in the places that the template keeps for them.

A picture whose alternative text in Word is `logo` or `qr` is a place: it gives position and room.
"""

import io
from collections.abc import Mapping
from typing import Any

from documents.renderer.names import MC, WP, A, R, w

PLACES = ("logo", "qr")
PARTS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}


class ImageRefused(Exception):
    """The bytes are no picture that Word can show."""


def place_images(part: Any, tree: Any, images: Mapping[str, bytes]) -> None:
    """Put the pictures into the drawings of this part; take a drawing out that gets none."""
    for drawing in list(tree.iter(w("drawing"))):
        name = place_of(drawing)
        if name not in PLACES:
            continue
        if name in images:
            put_picture(part, drawing, images[name])
        else:
            take_out(drawing)


def place_of(drawing: Any) -> str:
    """Return the alternative text of a drawing in Word, in small letters."""
    properties = drawing.find(f".//{WP}docPr")
    return "" if properties is None else (properties.get("descr") or "").strip().lower()


def put_picture(
    part: Any, drawing: Any, content: bytes, *, shape: tuple[float, float] | None = None
) -> None:
    """Show the picture as large as the place allows, with its own proportions.

    With a `shape` (width, height) it is as wide as the place and as high as that demands. Raises
    ImageRefused.
    """
    if not content.startswith(tuple(PARTS)):
        raise ImageRefused
    try:
        relation, image = part.get_or_add_image(io.BytesIO(content))
        wide, high = int(image.px_width), int(image.px_height)
    except Exception as error:  # whatever a broken picture makes of the library
        raise ImageRefused from error
    extent, blip = drawing.find(f".//{WP}extent"), drawing.find(f".//{A}blip")
    if extent is None or blip is None or not (wide and high):
        raise ImageRefused
    room = int(extent.get("cx")), int(extent.get("cy"))
    if shape is not None:
        room = room[0], round(room[0] * shape[1] / shape[0])
        wide, high = room  # whole dots are never quite of that shape
    scale = min(room[0] / wide, room[1] / high)
    size = {"cx": str(max(1, round(wide * scale))), "cy": str(max(1, round(high * scale)))}
    for child in list(blip):
        blip.remove(child)  # the vector twin of the old picture, and its colours
    for name in (f"{R}link", f"{R}embed"):
        blip.attrib.pop(name, None)
    blip.set(f"{R}embed", relation)
    for crop in list(drawing.iter(f"{A}srcRect")):
        crop.getparent().remove(crop)
    for box in (extent, *drawing.iterfind(f".//{A}xfrm/{A}ext")):
        for side, length in size.items():
            box.set(side, length)


def take_out(drawing: Any) -> None:
    """Remove the drawing, and the older twin that Word keeps beside some."""
    alternative = next(drawing.iterancestors(f"{MC}AlternateContent"), None)
    gone = drawing if alternative is None else alternative
    gone.getparent().remove(gone)
