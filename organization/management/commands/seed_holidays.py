"""Write the public holidays and collective leave of a year."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from foundation.actors import SYSTEM
from organization.calendars.holiday_seeds import NoHolidaysKnown
from organization.exceptions import OrganizationError
from organization.services import seed_holidays


class Command(BaseCommand):
    help = (
        "Mengisi hari libur nasional dan cuti bersama satu tahun untuk semua perangkat daerah. "
        "Hari yang sudah diubah orang tidak ditimpa."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", type=int, required=True, metavar="YYYY")
        parser.add_argument("--json", action="store_true", help="laporkan sebagai JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = seed_holidays(year=options["year"], actor=SYSTEM, now=timezone.now())
        except (NoHolidaysKnown, OrganizationError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report), ensure_ascii=False))
            return
        self.stdout.write(
            f"{report.year}: {len(report.created)} hari ditambahkan, {len(report.updated)} "
            f"diperbarui, {report.unchanged} tidak berubah."
        )
        for text in report.kept:
            self.stdout.write(f"Tetap seperti yang ditulis: {text}.")
        for text in report.only_here:
            self.stdout.write(f"Tidak ada dalam paket: {text}.")
