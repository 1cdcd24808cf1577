"""Check every chain of events: `verify_ledger` names each place that was tampered with."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation import ledger
from foundation.models import Event


class Command(BaseCommand):
    help = (
        "Memeriksa keutuhan catatan peristiwa; gagal bila ada yang diubah, hilang, atau disisipkan."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="cetak temuan sebagai JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        faults = list(ledger.verify())
        count = Event.objects.count()
        if options["json"]:
            found = [asdict(fault) for fault in faults]
            self.stdout.write(json.dumps({"events": count, "faults": found}))
        else:
            for fault in faults:
                self.stdout.write(f"{fault.stream} peristiwa {fault.sequence}: {fault.reason}")
        if faults:
            raise CommandError(f"{len(faults)} kejanggalan pada {count} peristiwa.")
        if not options["json"]:
            self.stdout.write(f"Utuh: {count} peristiwa diperiksa, tidak ada kejanggalan.")
