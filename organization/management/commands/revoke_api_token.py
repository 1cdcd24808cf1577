"""Let a token open nothing any more: `revoke_api_token ID`, the part after "sopan_"."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from foundation.actors import SYSTEM
from organization.models import ApiToken
from organization.services import revoke_api_token


class Command(BaseCommand):
    help = "Mencabut token API."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("public_id", metavar="ID", help="sepuluh huruf setelah sopan_")

    def handle(self, *args: Any, **options: Any) -> None:
        token = ApiToken.objects.filter(public_id=options["public_id"]).first()
        if token is None:
            raise CommandError(f"Tidak ada token {options['public_id']}.")
        was_open = revoke_api_token(token=token, actor=SYSTEM, now=timezone.now())
        self.stdout.write(f"Token {token} {'dicabut' if was_open else 'sudah dicabut'}.")
