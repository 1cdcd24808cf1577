"""Measure every instance anew: `rebuild_timings [--agency CODE]`."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from foundation.progress_bar import draw_bar
from organization.command_line import agency_by_code
from processes.audit.measured.refreshing import outdated, rebuild


class Command(BaseCommand):
    help = (
        "Mengukur ulang waktu setiap tahap pada semua berkas dari catatannya. Catatan itu sendiri "
        "tidak berubah; perlu bila kalender atau jam kerja dibetulkan untuk hari yang telah lewat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--agency", help="kode perangkat daerah (tanpa ini: semuanya)")
        parser.add_argument("--json", action="store_true", help="cetak hasil sebagai JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        agency = agency_by_code(options["agency"]) if options["agency"] else None
        done = rebuild(now=timezone.now(), agency=agency, progress=self._progress)
        left = outdated()
        count = (left.filter(agency=agency) if agency else left).count()
        if options["json"]:
            self.stdout.write(json.dumps({"measured": done, "left": count}))
        else:
            self.stdout.write(f"{done} berkas diukur ulang.")
        if count:
            raise CommandError(f"{count} berkas tidak dapat diukur; sebabnya ada di log.")

    def _progress(self, done: int, total: int) -> None:
        draw_bar(self.stderr, done, total, "berkas")
