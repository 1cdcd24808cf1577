"""Judge a month anew: `rebuild_attendance --agency CODE --month 2026-04`."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from attendance.days.months import Month
from attendance.exceptions import AttendanceError
from attendance.offered.recap_operations import recap_sentence
from attendance.services import rebuild_draft
from attendance.services.recaps import refuse_future
from attendance.services.sheets import rebuild_sheets
from foundation.actors import SYSTEM
from foundation.progress_bar import draw_bar
from organization.command_line import agency_by_code


class Command(BaseCommand):
    help = (
        "Menilai ulang kehadiran satu bulan: lembar tiap pegawai, lalu draf rekapnya. Rekap yang "
        "dibekukan tidak berubah; perbedaannya menjadi data susulan."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--agency", required=True, help="kode instansi")
        parser.add_argument("--month", required=True, help="bulan, misalnya 2026-04")
        parser.add_argument("--json", action="store_true", help="cetak hasil sebagai JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            agency = agency_by_code(options["agency"])
            month = Month.parse(options["month"])
            now = timezone.now()
            refuse_future(agency, month, now)
            rebuilt = rebuild_sheets(agency=agency, month=month, now=now, progress=self._progress)
            recap = rebuild_draft(agency=agency, month=month, actor=SYSTEM, now=now)
        except (ValueError, AttendanceError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            data = {
                "recap": recap.pk, "sha256": recap.sha256, "figures": recap.figures,
                "employees": rebuilt.people, "changed": rebuilt.changed,
            }  # fmt: skip
            self.stdout.write(json.dumps(data, ensure_ascii=False))
        else:
            self.stdout.write(f"Disusun: {recap_sentence(recap)}")

    def _progress(self, done: int, total: int) -> None:
        draw_bar(self.stderr, done, total, "pegawai")
