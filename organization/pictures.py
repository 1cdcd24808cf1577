"""A photo as it is kept: JPEG, at most 600 pixels, without the camera's notes (EXIF)."""

import io
import struct

from PIL import Image

from foundation.uploads import UploadRefused, open_image

EDGE = 600
MAX_PHOTO_PIXELS = 50_000_000  # as telephones take them; a PNG of it fills 200 MB when decoded
QUALITY = 85
ORIENTATION = 0x0112  # the EXIF tag by which a telephone says how it was held
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def prepare_photo(content: bytes, *, label: str) -> bytes:
    """Return the picture re-encoded, upright and small; raise UploadRefused with a sentence.

    Re-encoding leaves nothing of the file but its pixels: no place where it was taken, no script.
    """
    with open_image(content, label=label) as image:
        if image.width * image.height > MAX_PHOTO_PIXELS:
            raise UploadRefused(
                f"Foto “{label}” berukuran {image.width} x {image.height} piksel; kecilkan dahulu."
            )
        # A JPEG can be decoded at a fraction of its size at once.
        image.draft("RGB", (2 * EDGE, 2 * EDGE))
        try:
            turn = TURNS.get(image.getexif().get(ORIENTATION, 1))
            small = image.convert("RGBA" if image.has_transparency_data else "RGB")
        except (OSError, ValueError, SyntaxError, struct.error) as error:
            raise UploadRefused(f"Foto “{label}” terpotong atau rusak; unggah ulang.") from error
    small.thumbnail((EDGE, EDGE))
    if turn is not None:
        small = small.transpose(turn)
    file = io.BytesIO()
    _on_white(small).save(file, "JPEG", quality=QUALITY, optimize=True)
    return file.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    sheet = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(sheet, image).convert("RGB")
