"""Bring the shifts of a month in from a CSV or XLSX file."""

from datetime import datetime

from foundation.actors import SYSTEM
from foundation.cells import Table
from organization.calendars.roster_rows import HINT
from organization.command_line import TableCommand
from organization.models import Agency
from organization.services import RosterReport, import_roster


class Command(TableCommand[RosterReport]):
    help = (
        "Mengimpor jadwal giliran dari CSV atau XLSX. Semua baris disimpan bersama-sama; bila satu "
        f"baris salah, tidak ada yang disimpan. {HINT}"
    )

    def bring_in(self, agency: Agency, table: Table, now: datetime) -> RosterReport:
        return import_roster(agency=agency, table=table, actor=SYSTEM, user=None, now=now)

    def in_words(self, report: RosterReport) -> str:
        return (
            f"{report.changed} hari dari {report.people} pegawai disimpan, "
            f"{report.unchanged} tidak berubah."
        )
