"""Begin a SOP of one's own: `new_sop layanan_tamu --lanes "Penerima Tamu,Kepala Bagian"`.

The folder runs as it is; its notes say what to change. docs/sop-baru.md leads through the rest.
"""

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflows import repository
from workflows.definitions import KEY
from workflows.files.sop_file import MAXIMUM_TITLE
from workflows.management.beginnings import first_files
from workflows.reading.gate import MAXIMUM_LANE_NAME

LANES = "Penyusun,Pemutus"
MOST_LANES = 8
NAME_HINT = "Huruf kecil, angka dan _ saja, diawali huruf, paling panjang 80: layanan_tamu."


class Command(BaseCommand):
    help = "Membuat folder SOP baru yang langsung dapat dijalankan, untuk diubah sendiri."
    # Whatever is wrong with another SOP must not keep anybody from beginning this one.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", help="nama folder, misalnya layanan_tamu")
        parser.add_argument("--title", help="judul SOP (tanpa ini: dari nama folder)")
        parser.add_argument(
            "--lanes", default=LANES,
            help=f"peran menurut urutan kerja, dipisah koma (bawaan: {LANES}); "
            "yang terakhir memutuskan",
        )  # fmt: skip
        parser.add_argument("--into", type=Path, help="folder tempat SOP diletakkan")

    def handle(self, *args: Any, **options: Any) -> None:
        key: str = options["key"]
        into: Path = options["into"] or repository.roots()[0]
        _require_new(key, into)
        title = _title(options["title"] or key.replace("_", " ").title())
        files = first_files(key, title, _lanes(options["lanes"]))
        mistakes = [f for f in repository.examine(files, key).findings if f.is_error]
        if mistakes:
            raise CommandError("; ".join(map(str, mistakes)))
        folder = _write(into / key, files)
        self.stdout.write(f"SOP '{title}' dibuat di {folder}:")
        for path in sorted(files):
            self.stdout.write(f"  {path}")
        self.stdout.write(
            "Ubah berkasnya (docs/sop-baru.md), jalankan `manage.py check`, lalu mulai ulang SOPan."
        )


def _require_new(key: str, into: Path) -> None:
    if not KEY.fullmatch(key):
        raise CommandError(f"Nama folder '{key[:80]}' tidak dapat dipakai. {NAME_HINT}")
    taken = [folder for folder in repository.folders() if folder.name == key]
    if os.path.lexists(into / key):
        taken.append(into / key)
    if taken:
        raise CommandError(f"SOP '{key}' sudah ada di {taken[0]}; pilih nama lain.")


def _title(written: str) -> str:
    title = " ".join(written.split())
    if not title.isprintable() or not title or len(title) > MAXIMUM_TITLE:
        raise CommandError(f"Judul harus satu baris, paling panjang {MAXIMUM_TITLE} huruf.")
    return title


def _lanes(written: str) -> Sequence[str]:
    lanes = [" ".join(name.split()) for name in written.split(",")]
    if not 1 <= len(lanes) <= MOST_LANES:
        raise CommandError(f"Peran paling banyak {MOST_LANES}; tambahkan yang lain di diagram.")
    for name in lanes:
        if not name or not name.isprintable() or len(name) > MAXIMUM_LANE_NAME:
            raise CommandError(
                f"Nama peran '{name[:80]}' tidak dapat dipakai: 1 sampai {MAXIMUM_LANE_NAME} huruf."
            )
        if lanes.count(name) > 1:
            raise CommandError(f"Peran '{name}' ditulis dua kali.")
    return lanes


def _write(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write a folder whole or not at all: a server that reads meanwhile sees no half of it."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".baru-", dir=folder.parent))
    try:
        for path, content in files.items():
            (draft / path).parent.mkdir(exist_ok=True)
            (draft / path).write_bytes(content)
        draft.chmod(0o755)
        draft.rename(folder)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise CommandError(f"Folder {folder} tidak dapat ditulis: {error.strerror}.") from error
    return folder
