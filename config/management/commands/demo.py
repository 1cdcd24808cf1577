"""Fill an empty installation with the invented office: `manage.py demo`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.demo.build import build_demo, build_start
from config.demo.province import build_province
from foundation.progress_bar import draw_bar
from organization.models import Agency


class Command(BaseCommand):
    help = "Mengisi instalasi kosong dengan kantor contoh; semua orang di dalamnya rekaan."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--start-only",
            action="store_true",
            help="hanya kantor, pegawai dan pimpinannya: semua tahap SOP belum dikerjakan",
        )
        parser.add_argument(
            "--province",
            action="store_true",
            help="satu provinsi: 40 perangkat daerah, 12.000 pegawai, 150 mesin; sebulan dinilai "
            "di beberapa di antaranya",
        )
        parser.add_argument(
            "--months", type=int, default=2, metavar="N", help="umur kantor itu; paling sedikit 2"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if Agency.objects.exists():
            raise CommandError("Instalasi ini sudah berisi; demo hanya untuk yang masih kosong.")
        now = timezone.localtime()
        if options["province"]:
            build_province(now, self._progress)
        elif options["start_only"]:
            build_start(now)
        else:
            build_demo(now, self.stdout.write, months=options["months"])
        self.stdout.write("Demo siap.")

    def _progress(self, done: int, total: int, what: str) -> None:
        draw_bar(self.stderr, done, total, what)
