"""Write a month: `export_recap --agency CODE --month 2026-04 --format csv`."""

from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from attendance.days.months import Month
from attendance.recaps.exporting import DAY_KEYS, FORMATS, Exported, of_month, write
from foundation.indonesian import period_label
from organization.command_line import agency_by_code

KEYS = "\n".join(f"  {key:13} {meaning}" for key, meaning in DAY_KEYS.items())
HELP = f"""Menulis kehadiran satu bulan sebagai JSON, CSV, atau XLSX.

Yang ditulis adalah rekap beku yang berlaku (versi terakhir); bila belum ada, bulan itu menurut data
sekarang. Kunci "source" pada JSON mengatakannya: frozen, atau current (draft dan submitted hanya
bila versinya diminta dengan --recap-version).

JSON: agency, month, source, version, amendment, frozen_at, sha256, made_at, totals, dan employees;
tiap pegawai: order, name, nip, employment, grade, position, unit, totals, days; tiap hari:
{KEYS}
"""


class Command(BaseCommand):
    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--agency", required=True, help="kode instansi")
        parser.add_argument("--month", required=True, help="bulan, misalnya 2026-04")
        parser.add_argument("--format", choices=sorted(FORMATS), default="json")
        parser.add_argument(
            "--recap-version", type=int, metavar="N", help="versi rekap lama, misalnya 1"
        )
        parser.add_argument(
            "--current", action="store_true", help="menurut data sekarang, walaupun sudah dibekukan"
        )
        parser.add_argument("--output", help="nama berkas; tanpa ini ditulis ke layar")

    def handle(self, *args: Any, **options: Any) -> None:
        exported = _exported(options)
        content = write(exported, options["format"])
        told = _source_text(exported)
        if options["output"]:
            _keep(Path(options["output"]), content)
            self.stderr.write(f"Ditulis: {options['output']} ({len(content)} byte), {told}")
        elif options["format"] == "xlsx":
            raise CommandError("XLSX bukan teks; sebutkan berkasnya dengan --output.")
        else:
            self.stderr.write(told)
            self.stdout.write(content.decode())


def _exported(options: dict[str, Any]) -> Exported:
    try:
        return of_month(
            agency_by_code(options["agency"]),
            Month.parse(options["month"]),
            now=timezone.now(),
            version=options["recap_version"],
            as_now=options["current"],
        )
    except (ValueError, LookupError) as error:
        raise CommandError(str(error)) from error


def _keep(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise CommandError(
            f"Berkas {file} tidak dapat ditulis: {error.strerror}. Sebutkan folder yang ada."
        ) from error


def _source_text(exported: Exported) -> str:
    label = period_label(str(exported.month))
    if exported.recap is None:
        return f"{label} menurut data sekarang (belum dibekukan)."
    return f"Rekap {label} {exported.recap.title}, {exported.recap.get_status_display().lower()}."
