"""Bring employees in from a CSV or XLSX file."""

from datetime import datetime

from foundation.actors import SYSTEM
from foundation.cells import Table
from organization.command_line import TableCommand
from organization.employee_rows import COLUMNS
from organization.models import Agency
from organization.services import ImportReport, import_employees


class Command(TableCommand[ImportReport]):
    help = (
        "Mengimpor pegawai dari CSV atau XLSX. Semua baris disimpan bersama-sama; bila satu baris "
        f"salah, tidak ada yang disimpan. Kolom: {', '.join(COLUMNS)}."
    )

    def bring_in(self, agency: Agency, table: Table, now: datetime) -> ImportReport:
        return import_employees(agency=agency, table=table, actor=SYSTEM, now=now)

    def in_words(self, report: ImportReport) -> str:
        return (
            f"{report.created} baru, {report.updated} diperbarui, {report.unchanged} tidak berubah."
        )
