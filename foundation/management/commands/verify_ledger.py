"""Check the record: `verify_ledger` names the first bad place of every chain, anchor and row."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from foundation import ledger
from foundation.ledger.anchors import AnchorBroken, anchor_path, write_anchor
from foundation.models import Anchor, Event


class Command(BaseCommand):
    help = (
        "Memeriksa keutuhan catatan peristiwa; gagal bila ada yang diubah, hilang, atau disisipkan."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="cetak temuan sebagai JSON")
        parser.add_argument(
            "--all", action="store_true", help="sebut semua temuan, bukan yang pertama tiap rantai"
        )
        parser.add_argument(
            "--anchor", action="store_true", help="tulis jangkar baru bila semuanya utuh"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        faults = [*ledger.verify(), *ledger.disagreements()]
        count, anchors = Event.objects.count(), Anchor.objects.count()
        told = faults if options["all"] else ledger.firsts(faults)
        if options["json"]:
            found = [asdict(fault) for fault in told]
            self.stdout.write(json.dumps({"events": count, "anchors": anchors, "faults": found}))
        else:
            for fault in told:
                self.stdout.write(f"{fault.stream} peristiwa {fault.sequence}: {fault.reason}")
        if faults:
            raise CommandError(f"{len(faults)} kejanggalan pada {count} peristiwa.")
        if not options["json"]:
            self.stdout.write(
                f"Utuh: {count} peristiwa dan {anchors} jangkar diperiksa, tidak ada kejanggalan."
            )
        if options["anchor"]:
            self._anchor(quiet=options["json"])

    def _anchor(self, *, quiet: bool) -> None:
        try:
            anchor = write_anchor(now=timezone.now())
        except AnchorBroken as error:
            raise CommandError(str(error)) from error
        if anchor is not None and not quiet:
            path = anchor_path(anchor.number)
            self.stdout.write(f"Jangkar {anchor.number}: {anchor.digest} ({path})")
