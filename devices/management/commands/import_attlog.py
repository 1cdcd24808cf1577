"""Bring in an attendance log from a file."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from devices import services
from devices.attlog import Layout
from devices.command_line import OPERATOR, device_by_serial
from devices.exceptions import NotAllowedNow, NotAnAttendanceLog
from foundation.uploads import ATTENDANCE_LOGS, UploadRefused, check_upload


class Command(BaseCommand):
    help = (
        "Mengimpor log absensi: isi ATTLOG (ADMS) atau ekspor USB *_attlog.dat. Log yang sama "
        "boleh diimpor lagi; setiap ketukan dicatat satu kali."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--device", required=True, metavar="SN", help="nomor seri mesin")
        parser.add_argument(
            "--layout", choices=[layout.value for layout in Layout],
            help="susunan kolom; tanpa ini dikenali dari nama berkas dan jumlah kolom",
        )  # fmt: skip
        parser.add_argument("--json", action="store_true", help="laporkan sebagai JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        device, path = device_by_serial(options["device"]), options["file"]
        try:
            with path.open("rb") as file:
                upload = check_upload(file, name=path.name, allowed=ATTENDANCE_LOGS)
            report = services.import_attlog(
                device=device,
                content=upload.content,
                filename=path.name,
                layout=Layout(options["layout"]) if options["layout"] else None,
                actor=OPERATOR,
                now=timezone.now(),
            )
        except OSError as error:
            raise CommandError(f"Berkas {path} tidak dapat dibuka: {error.strerror}.") from error
        except (UploadRefused, NotAnAttendanceLog, NotAllowedNow) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report), ensure_ascii=False))
            return
        self.stdout.write(str(report))
        for line in report.rejected:
            self.stdout.write(f"  baris {line.number}: {line.reason}")
        if report.unknown_pins:
            self.stdout.write(f"  PIN belum dikenal: {', '.join(report.unknown_pins)}")
