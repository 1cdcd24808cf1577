"""After a restore: go on after the last letter of the paper book."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from documents.exceptions import DocumentError
from documents.services import skip_letter_numbers
from foundation.actors import Actor
from organization.command_line import agency_by_code

OPERATOR = Actor(user_id=None, name="Pengelola server")


class Command(BaseCommand):
    help = (
        "Melanjutkan nomor surat tahun ini sesudah nomor terakhir menurut buku agenda, misalnya "
        "sesudah cadangan dipulihkan. Nomor di antaranya dilewati dan tercatat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("agency", metavar="CODE", help="kode perangkat daerah")
        parser.add_argument("--last", type=int, required=True, help="nomor terakhir di buku agenda")
        parser.add_argument("--reason", required=True, help="alasannya, tercatat")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counter = skip_letter_numbers(
                agency=agency_by_code(options["agency"]),
                last=options["last"],
                reason=options["reason"],
                actor=OPERATOR,
                now=timezone.now(),
            )
        except DocumentError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{counter}. Nomor berikutnya: {counter.last + 1}.")
