"""Pictures for the documentation: `python -m tests.e2e.pictures FOLDER`, and those of the walks.

For the audit an office that is seven months old is played into a folder of its own; two are too
few for figures. Walks keep what they see where SOPAN_PICTURES says (`make pictures`).
"""

import os
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image

from tests.e2e.installation import ROOT, clean_copy, running
from tests.e2e.people import Person, browser

MONTHS = 7
PICTURES = {
    "audit-peta-panas.png": ("/audit/peta/", "section[aria-labelledby=peta]"),
    "audit-sebaran.png": ("/audit/", "section[aria-labelledby=sebaran]"),
    "audit-tahap.png": ("/audit/", "section[aria-labelledby=tahap]"),
}

# By the walk that keeps them.
WALKS = {
    "test_first_day": (
        "mulai.png", "mulai-instansi.png", "mulai-pimpinan.png", "mulai-selesai.png",
        "hari-pertama.png", "bulan-pertama.png",
    ),
    "test_nine_stages": (
        "berkas.png", "pengawas.png", "tugas.png", "persetujuan-360.png", "kotak-tugas.png",
    ),
    "test_cards": (
        "kartu.png", "kartu-pastikan.png", "kartu-habis.png", "kartu-kembalikan.png",
    ),
    "test_employee_asks_why": (
        "pegawai-beranda.png", "pegawai-bulan.png", "pegawai-mengapa.png", "pegawai-koreksi.png",
    ),
    "test_auditor": (
        "auditor-peta.png", "auditor-baris.png", "auditor-berkas.png", "auditor-catatan.png",
    ),
}  # fmt: skip
MOST_BYTES = 150_000
COLOURS = 128  # enough for flat pages, at a third of the bytes


def keep(person: Person, name: str, *, height: int = 800) -> None:
    """Keep what a window of this height shows, under a listed name, small enough for the docs."""
    assert any(name in names for names in WALKS.values()), name
    if not (folder := os.environ.get("SOPAN_PICTURES")):
        return
    path = Path(folder, name)
    person.shot(path, height=height)
    shrink(path)


def shrink(path: Path) -> None:
    """Make a picture light enough for whoever reads the docs over a slow line."""
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
    assert path.stat().st_size <= MOST_BYTES, path


def take(folder: Path) -> None:
    """Take every picture as the head of the office sees it."""
    with tempfile.TemporaryDirectory(prefix="sopan-pictures-") as name:
        copy, data = clean_copy(Path(name, "sopan")), Path(name, "data")
        _play(data)
        with running(copy, data, demo="none", clock=_now()) as office, browser() as chromium:
            head = Person(chromium, office.url)
            head.sign_in("kadis", office.password)
            for picture, (page, part) in PICTURES.items():
                head.page.goto(f"{office.url}{page}")
                head.page.locator(part).screenshot(path=folder / picture)
                shrink(folder / picture)


def _play(data: Path) -> None:
    environment = os.environ | {"SOPAN_DATA": str(data), "SOPAN_DEMO": "none"}
    environment.pop("DATABASE_URL", None)
    data.mkdir()
    for command in (["prepare"], ["demo", "--months", str(MONTHS)]):
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True
        )


def _now() -> str:
    return f"{datetime.now(ZoneInfo('Asia/Makassar')):%Y-%m-%dT%H:%M}"


if __name__ == "__main__":
    take(Path(sys.argv[1]))
