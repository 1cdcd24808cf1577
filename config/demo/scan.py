"""A scan for a demo letter: a page drawn as a picture, saved as a small PDF."""

import io

from PIL import Image, ImageDraw


def scan_of(text: str) -> bytes:
    """Return a PDF of one page that shows the text as a scanner would."""
    page = Image.new("L", (620, 877), 246)
    draw = ImageDraw.Draw(page)
    draw.line((60, 120, 560, 120), fill=90, width=3)
    draw.text((60, 60), "CONTOH - BUKAN SURAT ASLI", fill=60)
    draw.text((60, 170), text, fill=40)
    for row in range(8):
        draw.line((60, 260 + row * 40, 540 - (row % 3) * 60, 260 + row * 40), fill=170, width=2)
    file = io.BytesIO()
    page.save(file, "PDF", resolution=75)
    return file.getvalue()
