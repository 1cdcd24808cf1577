"""Restore a backup into a throwaway place and check it there."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.backups.failure import BackupError
from config.backups.trying import newest, try_backup
from config.management.commands.backup import MEGABYTE
from devices.command_line import OPERATOR
from foundation.indonesian import number_text
from foundation.progress_bar import draw_bar


class Command(BaseCommand):
    help = (
        "Mencoba cadangan: dipulihkan ke tempat sementara, diperiksa, lalu dibuang lagi. Hasilnya "
        "dicatat di sebelah arsip dan dalam catatan peristiwa."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=Path, help="arsip .tar.gz; tanpa ini cadangan terbaru"
        )
        parser.add_argument("--json", action="store_true", help="laporkan sebagai JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.archive = (options["file"] or newest()).absolute()
            trial = try_backup(
                archive=self.archive, actor=OPERATOR, now=timezone.now(), told=self._show
            )
        except BackupError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            told = asdict(trial) | {"ok": trial.ok, "path": str(self.archive)}
            self.stdout.write(json.dumps(told, default=str, ensure_ascii=False))
        else:
            for finding in trial.findings:
                word = "Cocok" if finding.ok else "GAGAL"
                self.stdout.write(f"{word} {finding.name}: {finding.told}.")
            self.stdout.write(f"{self.archive.name}: {number_text(trial.seconds, 1)} detik.")
        if not trial.ok:
            raise CommandError("Cadangan ini tidak dapat dipercaya; buat yang baru.")

    def _show(self, place: int) -> None:
        total = self.archive.stat().st_size
        draw_bar(self.stderr, -(-place // MEGABYTE), -(-total // MEGABYTE), "MB")
