"""What lies on this machine: folders and their rights, room on the disk, programs, fonts."""

import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings

from config.doctor.registry import Found, examines, fine, grave, notice
from foundation.indonesian import size_text

GIBIBYTE = 1024**3
LEAST_FREE, SCANT_FREE = GIBIBYTE, 5 * GIBIBYTE
# The letters are set in Arial; Liberation Sans is as wide, letter by letter.
FONT, AS_WIDE = "Arial", ("Arial", "Liberation Sans", "Arimo")


@examines("Folder data")
def folders(now: datetime) -> Iterator[Found]:
    data = settings.DATA_DIR
    if stat.S_IMODE(data.stat().st_mode) & 0o077:
        yield grave(f"{data} dapat dibuka orang lain.", f"chmod 700 {data}")
    wanted = (data, data / "files", settings.ANCHOR_FOLDER)
    closed = [path for path in wanted if not os.access(_nearest(path), os.W_OK | os.X_OK)]
    for path in closed:
        yield grave(f"{path} tidak dapat ditulis.", f"Berikan kepada pengguna SOPan: chown {path}")
    if not closed:
        yield fine(f"{data} dapat ditulis.")


def _nearest(path: Path) -> Path:
    """Return the folder itself or the one above in which it would be made."""
    while not path.exists():
        path = path.parent
    return path


@examines("Ruang disk")
def disk(now: datetime) -> Iterator[Found]:
    free = shutil.disk_usage(settings.DATA_DIR).free
    text = f"Sisa {size_text(free)} untuk {settings.DATA_DIR}."
    if free < LEAST_FREE:
        yield grave(text, "Kosongkan sekarang: tanpa ruang, ketukan mesin ditolak.")
    elif free < SCANT_FREE:
        yield notice(text, "Rencanakan penambahan, atau pindahkan cadangan ke disk lain.")
    else:
        yield fine(text)


@examines("LibreOffice")
def libreoffice(now: datetime) -> Iterator[Found]:
    if found := shutil.which(settings.SOFFICE):
        yield fine(f"{found}.")
    else:
        yield notice(
            f"“{settings.SOFFICE}” tidak ada: surat hanya sebagai Word, tanpa PDF.",
            "Pasang libreoffice-writer, atau tunjuk dengan SOPAN_SOFFICE.",
        )


@examines("Huruf")
def fonts(now: datetime) -> Iterator[Found]:
    program = shutil.which("fc-match")
    if program is None:
        yield notice(
            "fontconfig tidak ada: bentuk PDF tidak dapat dipastikan.",
            "Pasang fontconfig dan fonts-liberation.",
        )
        return
    done = subprocess.run(
        [program, "-f", "%{family}", FONT], capture_output=True, text=True, timeout=30, check=False
    )
    family = done.stdout.split(",")[0].strip()
    if family in AS_WIDE:
        yield fine(f"{FONT} dicetak dengan {family}.")
    else:
        yield notice(
            f"{FONT} diganti dengan {family or 'huruf lain'}: baris pada PDF dapat bergeser.",
            "Pasang fonts-liberation.",
        )
