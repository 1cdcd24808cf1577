"""Seal what is sealed with the newest key."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from devices.command_line import OPERATOR
from devices.services.rotation import rotate_keys
from foundation.indonesian import list_text


class Command(BaseCommand):
    help = (
        "Menyandi ulang semua nilai tersandi (sidik jari, kunci komunikasi, kiriman, lokasi "
        "presensi) dengan kunci terbaru: "
        "yang pertama dalam SOPAN_FIELD_KEYS. Kunci lama baru boleh dihapus sesudah perintah ini "
        "selesai. Boleh dihentikan dan diulang kapan saja."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="laporkan sebagai JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        report = rotate_keys(actor=OPERATOR, now=timezone.now(), progress=self._show)
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report)))
        else:
            counts = [
                f"{report.fingers} sidik jari",
                f"{report.comm_keys} kunci komunikasi",
                f"{report.uploads} kiriman",
                *(f"{count} {name}" for name, count in report.others.items()),
            ]
            self.stdout.write(f"{list_text(counts)} disandi ulang.")
        if report.unreadable:
            raise CommandError(
                f"{len(report.unreadable)} nilai tidak dapat dibuka: tambahkan kunci lamanya ke "
                "SOPAN_FIELD_KEYS, lalu ulangi."
            )

    def _show(self, done: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done}/{total}", ending="" if done < total else "\n")
