"""Check every document and archive against the hashes in its row, its manifest and its event."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from documents.archive.checking import walk
from documents.archive.left_overs import left_overs
from documents.models import Archive, Document


class Command(BaseCommand):
    help = "Periksa keutuhan semua dokumen dan arsip: berkas, ukuran, SHA-256, dan peristiwa."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="tulis hasil sebagai JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        documents, archives = Document.objects.count(), Archive.objects.count()
        show = sys.stderr.isatty() and not options["json"]
        faults = []
        for number, found in enumerate(walk(), start=1):
            faults += found
            if show:
                self.stderr.write(f"\r{number}/{documents + archives}", ending="")
        if show:
            self.stderr.write("")
        unnamed = [str(path) for path in left_overs(timezone.now())]
        if options["json"]:
            report = {
                "documents": documents,
                "archives": archives,
                "faults": [vars(fault) for fault in faults],
                "left_overs": unnamed,
            }
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            for fault in faults:
                where = ": ".join(filter(None, (fault.subject, fault.path)))
                self.stdout.write(f"{where}: {fault.reason}")
            for path in unnamed:
                self.stdout.write(f"sisa tanpa pemilik: {path}")
        if faults:
            raise CommandError(f"{len(faults)} kerusakan ditemukan; pulihkan dari cadangan.")
        if not options["json"]:
            self.stdout.write(f"{documents} dokumen dan {archives} arsip utuh.")
