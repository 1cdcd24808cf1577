"""What the commands about an agency share, here and in the rooms above."""

import json
from abc import ABC, abstractmethod
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from foundation.archives import MIB
from foundation.cells import CellsRefused, Table, read_table
from foundation.uploads import TABLES, UploadRefused, check_upload
from organization.employee_rows import TableReport
from organization.models import Agency

LIMIT = 10 * MIB
ReportT = TypeVar("ReportT", bound=TableReport)


def agency_by_code(code: str) -> Agency:
    """Return the agency. Raises CommandError, which names those that exist."""
    agency = Agency.objects.filter(code=code).first()
    if agency is None:
        known = ", ".join(Agency.objects.order_by("code").values_list("code", flat=True))
        raise CommandError(
            f"Perangkat daerah '{code}' tidak ada; yang ada: {known or 'belum ada'}."
        )
    return agency


class TableCommand(BaseCommand, ABC, Generic[ReportT]):
    """Brings a CSV or XLSX file of an agency in, as a whole or, with any error, not at all."""

    @abstractmethod
    def bring_in(self, agency: Agency, table: Table, now: datetime) -> ReportT:
        """Write what the table says, by the system's hand."""

    @abstractmethod
    def in_words(self, report: ReportT) -> str:
        """Say in a line what was written."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--agency", required=True, metavar="CODE", help="kode perangkat daerah")
        parser.add_argument("--json", action="store_true", help="laporkan sebagai JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        agency, table = agency_by_code(options["agency"]), table_of(options["file"])
        report = self.bring_in(agency, table, timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report), ensure_ascii=False))
        elif report.is_written:
            self.stdout.write(self.in_words(report))
        else:
            for error in report.errors:
                self.stderr.write(str(error))
        if not report.is_written:
            raise CommandError(
                f"Tidak ada yang disimpan: {len(report.errors)} hal perlu diperbaiki."
            )


def table_of(path: Path) -> Table:
    """Read a CSV or XLSX file. Raises CommandError, which says why it cannot be read."""
    try:
        with path.open("rb") as file:
            upload = check_upload(file, name=path.name, allowed=TABLES, limit=LIMIT)
        return read_table(upload)
    except OSError as error:
        raise CommandError(f"Berkas {path} tidak dapat dibuka: {error.strerror}.") from error
    except (UploadRefused, CellsRefused) as error:
        raise CommandError(str(error)) from error
