"""Bring the shifts of a month in from a CSV or XLSX file."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from foundation.actors import SYSTEM
from foundation.archives import MIB
from foundation.cells import CellsRefused, read_table
from foundation.uploads import TABLES, UploadRefused, check_upload
from organization.models import Agency
from organization.questions import unknown_agency
from organization.roster_rows import HINT
from organization.services import RosterReport, import_roster

LIMIT = 10 * MIB


class Command(BaseCommand):
    help = (
        "Mengimpor jadwal giliran dari CSV atau XLSX. Semua baris disimpan bersama-sama; bila satu "
        f"baris salah, tidak ada yang disimpan. {HINT}"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--agency", required=True, metavar="CODE", help="kode perangkat daerah")
        parser.add_argument("--json", action="store_true", help="laporkan sebagai JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        agency = Agency.objects.filter(code=options["agency"]).first()
        if agency is None:
            raise CommandError(unknown_agency(options["agency"]))
        report = self._import(options["file"], agency)
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report), ensure_ascii=False))
        elif report.errors:
            for error in report.errors:
                self.stderr.write(str(error))
        else:
            self.stdout.write(
                f"{report.changed} hari dari {report.people} pegawai disimpan, "
                f"{report.unchanged} tidak berubah."
            )
        if report.errors:
            raise CommandError(
                f"Tidak ada yang disimpan: {len(report.errors)} hal perlu diperbaiki."
            )

    def _import(self, path: Path, agency: Agency) -> RosterReport:
        try:
            with path.open("rb") as file:
                upload = check_upload(file, name=path.name, allowed=TABLES, limit=LIMIT)
            table = read_table(upload)
        except OSError as error:
            raise CommandError(f"Berkas {path} tidak dapat dibuka: {error.strerror}.") from error
        except (UploadRefused, CellsRefused) as error:
            raise CommandError(str(error)) from error
        return import_roster(
            agency=agency, table=table, actor=SYSTEM, user=None, now=timezone.now()
        )
