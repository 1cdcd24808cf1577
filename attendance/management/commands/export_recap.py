"""Write a month's recap: `export_recap --agency CODE --month 2026-04 --format csv`."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from attendance.exporting import FORMATS, export
from attendance.models import Recap
from attendance.months import Month


class Command(BaseCommand):
    help = "Menulis rekap kehadiran satu bulan (versi terakhir) sebagai JSON, CSV, atau XLSX."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--agency", required=True, help="kode instansi")
        parser.add_argument("--month", required=True, help="bulan, misalnya 2026-04")
        parser.add_argument("--format", choices=sorted(FORMATS), default="json")
        parser.add_argument("--output", help="nama berkas; tanpa ini ditulis ke layar")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            month = Month.parse(options["month"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        recaps = Recap.objects.filter(agency__code=options["agency"], month=month.first)
        recap = recaps.select_related("agency").order_by("-version").first()
        if recap is None:
            raise CommandError(
                f"Belum ada rekap {month} untuk “{options['agency']}”;"
                " jalankan rebuild_attendance lebih dahulu."
            )
        content = export(recap, options["format"])
        if options["output"]:
            Path(options["output"]).write_bytes(content)
            self.stderr.write(f"Ditulis: {options['output']} ({len(content)} byte)")
        elif options["format"] == "xlsx":
            raise CommandError("XLSX bukan teks; sebutkan berkasnya dengan --output.")
        else:
            self.stdout.write(content.decode())
