"""Restore a backup into an empty place, check it, and say what was lost."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.backups.failure import BackupError
from config.backups.keys import read_keys
from config.backups.restoring import Restored, restore
from config.management.commands.backup import MEGABYTE
from documents.issue.numbering import LETTERS
from documents.models import LetterNumber
from foundation.indonesian import duration_text, moment_text, number_text
from foundation.progress_bar import draw_bar


class Command(BaseCommand):
    help = (
        "Memulihkan cadangan ke tempat yang kosong (SOPAN_DATA dan basis data baru), lalu "
        "memeriksanya. Yang ada tidak pernah ditimpa."
    )
    requires_system_checks = []  # they look at what is not there yet

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="arsip .tar.gz yang dibuat perintah backup")
        parser.add_argument("--keys", type=Path, help="berkas kunci yang disimpan terpisah")
        parser.add_argument("--json", action="store_true", help="laporkan sebagai JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            keys = read_keys(options["keys"]) if options["keys"] else None
            done = restore(
                archive=options["file"].absolute(), keys=keys, now=timezone.now(), show=self._show
            )
        except BackupError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            told = asdict(done) | {"ok": done.ok, "age": done.age.total_seconds()}
            self.stdout.write(json.dumps(told, default=str, ensure_ascii=False))
        else:
            self._tell(done)
        if not done.ok:
            raise CommandError("Cadangan dipulihkan, tetapi pemeriksaannya menemukan kejanggalan.")

    def _tell(self, done: Restored) -> None:
        zone = timezone.get_current_timezone_name()
        machines = done.aftermath.machines
        later = "yang terjadi sesudahnya tidak ada di sini"
        made, age = moment_text(done.made_at, zone), duration_text(done.age)
        seconds, rows = number_text(done.seconds, 1), number_text(done.rows)
        ended = (
            f"{done.aftermath.sessions} sesi",
            f"{done.aftermath.leases} pekerjaan pelaksana lama",
            f"{machines.commands} perintah mesin",
            f"{machines.jobs} pekerjaan mesin",
        )
        lines = [
            f"Titik pulih  : {made}, {age} yang lalu; {later}.",
            f"Waktu pulih  : {seconds} detik untuk {rows} baris dan {done.files} berkas.",
            *(
                f"{'Cocok' if finding.ok else 'GAGAL':13}: {finding.name}: {finding.told}."
                for finding in done.findings
            ),
            f"Diakhiri     : {', '.join(ended)}.",
            f"Diminta lagi : log dari {machines.asked} mesin, begitu worker berjalan.",
        ]
        lines += [f"Nomor surat  : {told}." for told in _last_numbers(done.made_at.year)]
        if done.migrated:
            lines.append(f"Diperbarui   : {len(done.migrated)} migrasi program ini dijalankan.")
        for line in lines:
            self.stdout.write(line)

    def _show(self, done: int, total: int) -> None:
        draw_bar(self.stderr, -(-done // MEGABYTE), -(-total // MEGABYTE), "MB")


def _last_numbers(year: int) -> list[str]:
    """Say where the letters of each agency stand: later ones would be given again."""
    rows = LetterNumber.objects.filter(year=year, series=LETTERS).select_related("agency")
    return [
        f"{row.agency.code} terakhir {row.last}; bila buku agenda lebih jauh, jalankan "
        f"skip_letter_numbers {row.agency.code} sebelum surat pertama"
        for row in rows.order_by("agency__code")
    ]
