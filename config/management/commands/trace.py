"""List what a request led to: `manage.py trace 7K3M-Q9TD-2HXA`."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from devices.models import DeviceCommand
from foundation.models import OutboxJob
from foundation.tracing import ACCEPTED

Line = tuple[datetime, str]


class Command(BaseCommand):
    help = (
        "Menampilkan pekerjaan dan perintah mesin yang berawal dari satu permintaan, menurut "
        'waktunya. Kodenya tertulis sebagai "Kode bantuan" pada halaman galat dan dalam log.'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", metavar="KODE")

    def handle(self, *args: Any, code: str, **options: Any) -> None:
        if not ACCEPTED.fullmatch(code):
            raise CommandError("Kode bantuan terdiri dari huruf, angka, dan tanda hubung.")
        lines = sorted([*_jobs(code), *_commands(code)])
        if not lines:
            raise CommandError(
                f"Tidak ada pekerjaan atau perintah mesin dengan kode {code}. "
                "Permintaannya mungkin hanya membaca; carilah kode itu di dalam log."
            )
        for at, text in lines:
            self.stdout.write(f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}  {text}")


def _jobs(code: str) -> Iterator[Line]:
    for job in OutboxJob.objects.filter(trace=code):
        name = f"pekerjaan {job.pk} ({job.kind})"
        yield job.created_at, f"{name} diminta; keadaan: {job.get_state_display()}"
        if job.done_at is not None:
            yield job.done_at, f"{name} selesai, percobaan: {job.attempts}"


def _commands(code: str) -> Iterator[Line]:
    for command in DeviceCommand.objects.filter(trace=code).select_related("device"):
        name = f"perintah mesin {command.pk} ({command.get_kind_display()})"
        state = command.get_state_display()
        yield command.created_at, f"{name} untuk mesin {command.device_id}; keadaan: {state}"
        if command.sent_at is not None:
            yield command.sent_at, f"{name} terkirim, percobaan: {command.attempts}"
        if command.settled_at is not None:
            yield command.settled_at, f"{name} berakhir: {state}"
