"""A logo as it is kept for letters: PNG, large enough for print, nothing in it but pixels."""

import io

from PIL import Image

from foundation.uploads import UploadRefused, open_image

EDGE = 800  # 3 cm at 600 dots an inch
MOST_PIXELS = 25_000_000  # decoded they fill 100 MB
SMALLEST = 32


def prepare_logo(content: bytes, *, label: str) -> bytes:
    """Return the picture as PNG, at most 800 pixels long. Raises UploadRefused."""
    with open_image(content, label=label) as image:
        if image.width * image.height > MOST_PIXELS:
            raise UploadRefused(
                f"Logo “{label}” berukuran {image.width} x {image.height} piksel; kecilkan dahulu."
            )
        if min(image.size) < SMALLEST:
            raise UploadRefused(
                f"Logo “{label}” hanya {image.width} x {image.height} piksel; unggah gambar yang "
                "lebih besar supaya tidak kabur saat dicetak."
            )
        try:
            drawn = image.convert("RGBA" if image.has_transparency_data else "RGB")
        except (OSError, ValueError, SyntaxError) as error:
            raise UploadRefused(f"Logo “{label}” terpotong atau rusak; unggah ulang.") from error
    drawn.thumbnail((EDGE, EDGE), Image.Resampling.LANCZOS)
    # On a canvas of its own: what else a file carries (text, profiles) is left behind.
    clean = Image.frombytes(drawn.mode, drawn.size, drawn.tobytes())
    target = io.BytesIO()
    clean.save(target, "PNG", optimize=True)
    return target.getvalue()
