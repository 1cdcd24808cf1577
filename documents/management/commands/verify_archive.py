"""Check every document and archive against the hashes in its row, its manifest and its event."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from documents.checking import check_archive, check_document
from documents.models import Archive, Document


class Command(BaseCommand):
    help = "Periksa keutuhan semua dokumen dan arsip: berkas, ukuran, SHA-256, dan peristiwa."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="tulis hasil sebagai JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        documents, archives = Document.objects.count(), Archive.objects.count()
        show = sys.stderr.isatty() and not options["json"]
        faults = []
        for number, found in enumerate(self._checked(), start=1):
            faults += found
            if show:
                self.stderr.write(f"\r{number}/{documents + archives}", ending="")
        if show:
            self.stderr.write("")
        if options["json"]:
            report = {
                "documents": documents,
                "archives": archives,
                "faults": [vars(fault) for fault in faults],
            }
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            for fault in faults:
                self.stdout.write(f"{fault.subject}: {fault.path}: {fault.reason}")
        if faults:
            raise CommandError(f"{len(faults)} kerusakan ditemukan; pulihkan dari cadangan.")
        if not options["json"]:
            self.stdout.write(f"{documents} dokumen dan {archives} arsip utuh.")

    def _checked(self) -> Any:
        for document in Document.objects.defer("context").order_by("id").iterator():
            yield list(check_document(document))
        archives = Archive.objects.select_related("agency", "instance").defer("instance__state")
        for archive in archives.order_by("id").iterator():
            yield list(check_archive(archive))
