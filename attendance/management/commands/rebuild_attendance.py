"""Judge a month anew: `rebuild_attendance --agency CODE --month 2026-04`."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from attendance.exceptions import AttendanceError
from attendance.months import Month
from attendance.operations import recap_sentence
from attendance.services import rebuild_draft
from foundation.actors import SYSTEM
from organization.models import Agency


class Command(BaseCommand):
    help = "Menyusun ulang draf rekap kehadiran satu bulan; rekap yang dibekukan tidak berubah."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--agency", required=True, help="kode instansi")
        parser.add_argument("--month", required=True, help="bulan, misalnya 2026-04")
        parser.add_argument("--json", action="store_true", help="cetak hasil sebagai JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            recap = rebuild_draft(
                agency=Agency.objects.get(code=options["agency"]),
                month=Month.parse(options["month"]),
                actor=SYSTEM,
                now=timezone.now(),
            )
        except Agency.DoesNotExist:
            raise CommandError(f"Instansi “{options['agency']}” tidak ada.") from None
        except (ValueError, AttendanceError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            data = {"recap": recap.pk, "sha256": recap.sha256, "figures": recap.figures}
            self.stdout.write(json.dumps(data, ensure_ascii=False))
        else:
            self.stdout.write(f"Disusun: {recap_sentence(recap)}")
