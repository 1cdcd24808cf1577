"""Make a backup of the database and the files; the keys go elsewhere."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.backups.failure import BackupError
from config.backups.keys import write_keys
from config.backups.making import make_backup
from config.backups.places import backup_folder
from devices.command_line import OPERATOR
from foundation.indonesian import number_text, size_text
from foundation.progress_bar import draw_bar

MEGABYTE = 1024 * 1024


class Command(BaseCommand):
    help = (
        "Mencadangkan basis data dan semua berkas menjadi satu arsip, selagi SOPan berjalan. Kunci "
        "tidak pernah di dalamnya: simpan dengan --keys di media lain."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=Path, help="arsip .tar.gz; tanpa ini ke folder cadangan"
        )
        parser.add_argument("--keys", type=Path, help="tulis kunci ke berkas ini (mode 600)")
        parser.add_argument("--json", action="store_true", help="laporkan sebagai JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        file, keys, now = options["file"], options["keys"], timezone.now()
        try:
            if keys:
                write_keys(keys, archive=file or backup_folder() / "arsip")
            made = make_backup(target=file, actor=OPERATOR, now=now, show=self._show)
        except BackupError as error:
            raise CommandError(str(error)) from error
        place = (file or backup_folder() / made.name).absolute()
        if options["json"]:
            told = asdict(made) | {"path": str(place)}
            self.stdout.write(json.dumps(told, default=str, ensure_ascii=False))
        else:
            self.stdout.write(
                f"{place}: {size_text(made.size)}, {number_text(made.rows)} baris dalam "
                f"{made.tables} tabel, {number_text(made.files)} berkas, dalam "
                f"{number_text(made.seconds, 1)} detik."
            )
            self.stdout.write(f"SHA-256 {made.sha256}")
        if made.faults:
            raise CommandError(
                f"Cadangan dibuat, tetapi {len(made.faults)} berkas yang disebut basis data tidak "
                f"utuh: {'; '.join(made.faults[:5])}."
            )

    def _show(self, done: int, total: int) -> None:
        # Rounded up: a small installation has a bar as well.
        draw_bar(self.stderr, -(-done // MEGABYTE), -(-total // MEGABYTE), "MB")
