"""Makes the key by which push services of browsers know this installation."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from processes.notices.channels.push_messages import new_key


class Command(BaseCommand):
    help = (
        "Membuat kunci untuk pemberitahuan lewat peramban dan menyimpannya di folder data."
        " Kunci yang sudah ada tidak diganti: semua peramban harus didaftarkan lagi sesudahnya."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--print", action="store_true", help="tuliskan kunci baru saja, untuk SOPAN_PUSH_KEY"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["print"]:
            self.stdout.write(new_key())
            return
        if settings.PUSH_KEY:
            raise CommandError("Kunci sudah ada; pemberitahuan lewat peramban sudah siap.")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        try:
            descriptor = os.open(settings.PUSH_KEY_FILE, flags, 0o600)
        except FileExistsError:
            raise CommandError("Kunci sudah dibuat. Mulai ulang SOPan agar terpakai.") from None
        with os.fdopen(descriptor, "w") as file:
            file.write(new_key())
        self.stdout.write(
            f"Tersimpan di {settings.PUSH_KEY_FILE}. Mulai ulang SOPan agar kunci terpakai."
        )
