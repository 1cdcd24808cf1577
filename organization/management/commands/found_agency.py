"""Found an agency: `found_agency CODE --name "Dinas ..." [--under CODE]`."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_slug
from django.utils import timezone

from foundation.actors import SYSTEM
from organization.command_line import agency_by_code
from organization.models import Agency
from organization.services import found_agency, place_agency


class Command(BaseCommand):
    help = "Membuat satu perangkat daerah; dengan --under sebagai UPT di bawah yang lain."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", metavar="CODE", help="kode, misalnya dinkes")
        parser.add_argument("--name", required=True, help="nama lengkap pada kop")
        parser.add_argument("--under", metavar="CODE", help="kode perangkat daerah induk")
        parser.add_argument("--government", default="", help="pemerintah pada kop")
        parser.add_argument("--city", default="", help="tempat surat")
        parser.add_argument("--json", action="store_true", help="laporkan sebagai JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        code = options["code"]
        try:
            validate_slug(code)
        except ValidationError as error:
            raise CommandError("Kode terdiri atas huruf, angka, - dan _.") from error
        if Agency.objects.filter(code=code).exists():
            raise CommandError(f"Perangkat daerah {code} sudah ada.")
        under = agency_by_code(options["under"]) if options["under"] else None
        now = timezone.now()
        agency = found_agency(
            code=code, name=options["name"], government=options["government"],
            city=options["city"], actor=SYSTEM, now=now,
        )  # fmt: skip
        place_agency(agency=agency, under=under, actor=SYSTEM, now=now)
        if options["json"]:
            told = {"code": code, "name": agency.name, "under": under.code if under else None}
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self.stdout.write(f"Dibuat: {agency.name} ({code}).")
