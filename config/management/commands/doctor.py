"""`manage.py doctor`: go through an installation and say what must be done."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from config.doctor import Level, Row, examine
from foundation.indonesian import number_text

WIDTH = max(len(level.label) for level in Level)


class Command(BaseCommand):
    help = "Memeriksa pemasangan ini dan menyebut apa yang harus dilakukan."
    # It says itself what is wrong with settings and tables, instead of stopping there.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="sebagai JSON, untuk program lain")

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor == "postgresql":
            # A server that says nothing is told so in seconds, not after the system's minutes.
            connection.settings_dict["OPTIONS"].setdefault("connect_timeout", 5)
        rows = []
        for row in examine(now=timezone.now()):
            rows.append(row)
            if not options["json"]:
                self._show(row)
        grave = sum(row.level is Level.GRAVE for row in rows)
        if options["json"]:
            told = {"ok": not grave, "rows": [asdict(row) for row in rows]}
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
        if grave:
            raise CommandError(f"{number_text(grave)} hal harus diperbaiki.")
        if not options["json"]:
            self.stdout.write("Tidak ada yang harus diperbaiki.")

    def _show(self, row: Row) -> None:
        style = {
            Level.FINE: self.style.SUCCESS,
            Level.NOTICE: self.style.WARNING,
            Level.GRAVE: self.style.ERROR,
        }[row.level]
        self.stdout.write(f"{style(row.level.label.ljust(WIDTH))}  {row.subject}: {row.text}")
        if row.advice:
            self.stdout.write(f"{' ' * WIDTH}  -> {row.advice}")
