"""Do all work with one machine now, in this process."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from devices import services
from devices.command_line import OPERATOR, device_by_serial
from devices.exceptions import DeviceError, NotAllowedNow
from devices.models import Device
from devices.services.sessions import IN_SERVICE

OF_A_MACHINE = ("devices.check", "devices.push_users", "devices.pull_punches")


class Command(BaseCommand):
    help = (
        "Menghubungi satu mesin sekarang: periksa jam dan isi, kirim data pegawai, ambil dan salin "
        "sidik jari, tarik log absensi. Log di mesin tidak dihapus. Mesin yang mengirim sendiri "
        "tidak dapat dihubungi: pekerjaan itu dipesan dan dikerjakan saat mesin melapor."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("serial", metavar="SN", help="nomor seri mesin")
        parser.add_argument("--json", action="store_true", help="laporkan sebagai JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        device = device_by_serial(options["serial"])
        if not device.is_pulled:
            self._order(device, as_json=options["json"])
            return
        how: dict[str, Any] = {"device": device, "actor": OPERATOR}
        try:
            services.check_device(**how, now=timezone.now())
            pushed = services.push_users(**how, now=timezone.now())
            fetched = services.fetch_templates(**how, now=timezone.now())
            spread = services.spread_templates(**how, now=timezone.now())
            pulled = services.pull_punches(**how, now=timezone.now())
        except (DeviceError, NotAllowedNow) as error:
            raise CommandError(str(error)) from error
        data = {
            "serial": device.serial,
            "clock_offset": device.clock_offset,
            "users": pushed.total,
            "fingers_fetched": fetched.taken,
            "fingers_copied": spread.copied,
            "punches_new": pulled.accepted,
            "punches_known": pulled.duplicate,
        }
        if options["json"]:
            self.stdout.write(json.dumps(data))
            return
        self.stdout.write(f"{pushed}.")
        self.stdout.write(f"{fetched.taken} sidik jari diambil, {spread.copied} disalin ke mesin.")
        self.stdout.write(str(pulled))

    def _order(self, device: Device, *, as_json: bool) -> None:
        if device.state not in IN_SERVICE:
            raise CommandError(
                f"{device.name} berstatus “{device.get_state_display()}”. Setujui mesin itu dulu."
            )
        ordered = [*OF_A_MACHINE, "devices.sync_fingerprints"]
        for kind in ordered:
            owner = device if kind in OF_A_MACHINE else device.agency
            services.request_work(kind=kind, owner=owner, actor=OPERATOR, now=timezone.now())
        if as_json:
            self.stdout.write(json.dumps({"serial": device.serial, "ordered": ordered}))
        else:
            self.stdout.write(
                f"{device.name} mengirim sendiri: {len(ordered)} pekerjaan dipesan dan dikerjakan "
                "saat mesin melapor. Hasilnya tampil di halaman mesin."
            )
