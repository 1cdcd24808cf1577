"""Say under which other agency one stands: `place_agency CODE --under CODE`."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from foundation.actors import SYSTEM
from organization.command_line import agency_by_code
from organization.exceptions import AgencyRefused
from organization.services import place_agency


class Command(BaseCommand):
    help = "Menempatkan perangkat daerah (UPT) di bawah yang lain; tanpa --under berdiri sendiri."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", metavar="CODE")
        parser.add_argument("--under", metavar="CODE", help="kode perangkat daerah induk")
        parser.add_argument("--json", action="store_true", help="laporkan sebagai JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        agency = agency_by_code(options["code"])
        under = agency_by_code(options["under"]) if options["under"] else None
        try:
            place_agency(agency=agency, under=under, actor=SYSTEM, now=timezone.now())
        except AgencyRefused as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            told = {"code": agency.code, "under": under.code if under else None}
            self.stdout.write(json.dumps(told))
        else:
            where = f"di bawah {under.name}" if under else "berdiri sendiri"
            self.stdout.write(f"{agency.name}: {where}.")
