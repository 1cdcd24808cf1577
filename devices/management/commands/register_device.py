"""Register a fingerprint machine."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from devices import services
from devices.command_line import OPERATOR, one_line
from devices.models import ZONES, Device
from organization.command_line import agency_by_code


class Command(BaseCommand):
    help = "Mendaftarkan mesin sidik jari. Tanpa --activate mesin menunggu persetujuan."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("serial", metavar="SN", help="nomor seri mesin")
        parser.add_argument("--agency", required=True, metavar="CODE", help="kode perangkat daerah")
        parser.add_argument("--name", help="nama mesin; tanpa ini nomor serinya")
        parser.add_argument("--place", default="", help="tempat mesin")
        parser.add_argument("--protocol", choices=Device.Protocol.values, default="pull")
        parser.add_argument("--host", metavar="H", help="alamat IP (wajib untuk pull)")
        parser.add_argument("--port", type=int, default=4370, metavar="P")
        parser.add_argument("--comm-key", type=int, default=0, metavar="K")
        parser.add_argument(
            "--time-zone", metavar="TZ", choices=[zone for zone, _ in ZONES],
            help="tanpa ini zona waktu perangkat daerah",
        )  # fmt: skip
        parser.add_argument(
            "--udp", action="store_true", help="lewat UDP: mesin lama yang tidak menjawab TCP"
        )
        parser.add_argument(
            "--dialect", choices=Device.Dialect.values,
            help="ragam ADMS: att (absensi) atau acc (akses pintu); tanpa ini seperti yang"
            " diumumkan mesin",
        )  # fmt: skip
        parser.add_argument("--activate", action="store_true", help="langsung setujui dan aktifkan")
        parser.add_argument("--json", action="store_true", help="laporkan sebagai JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        agency, now = agency_by_code(options["agency"]), timezone.now()
        dialect = {"dialect": options["dialect"]} if options["dialect"] else {}
        try:
            with transaction.atomic():
                device = services.register_device(
                    agency=agency,
                    serial=options["serial"],
                    name=options["name"] or options["serial"],
                    place=options["place"],
                    protocol=options["protocol"],
                    host=options["host"],
                    port=options["port"],
                    over_udp=options["udp"],
                    comm_key=options["comm_key"],
                    time_zone=options["time_zone"] or agency.time_zone,
                    actor=OPERATOR,
                    now=now,
                    **dialect,
                )
                if options["activate"]:
                    services.approve_device(device=device, actor=OPERATOR, now=now)
                    device = services.activate_device(device=device, actor=OPERATOR, now=now)
        except ValidationError as error:
            raise CommandError(one_line(error)) from error
        if options["json"]:
            data = {"id": device.pk, "serial": device.serial, "state": device.state}
            self.stdout.write(json.dumps(data))
        else:
            state = device.get_state_display()
            self.stdout.write(f"{device.name} ({device.serial}) terdaftar: {state}.")
