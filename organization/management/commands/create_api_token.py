"""Make a token for a program: `create_api_token sari --scope tugas:baca --days 90`."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from foundation.actors import SYSTEM
from organization.api_scopes import SCOPES
from organization.exceptions import OrganizationError
from organization.models import User
from organization.services import create_api_token


class Command(BaseCommand):
    help = "Membuat token API bagi sebuah program, yang bertindak sebagai pemilik akun."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", metavar="USER", help="nama pengguna pemilik token")
        parser.add_argument(
            "--scope", action="append", default=[], choices=list(SCOPES), dest="scopes",
            help="boleh berulang: " + "; ".join(f"{k} ({v})" for k, v in SCOPES.items()),
        )  # fmt: skip
        parser.add_argument("--days", type=int, required=True, metavar="N", help="1 sampai 366")
        parser.add_argument("--name", default="Program", help="untuk apa token ini")
        parser.add_argument("--json", action="store_true", help="laporkan sebagai JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["user"]).first()
        if user is None:
            raise CommandError(f"Tidak ada akun bernama {options['user']}.")
        try:
            issued = create_api_token(
                user=user, name=options["name"], scopes=options["scopes"], days=options["days"],
                actor=SYSTEM, now=timezone.now(),
            )  # fmt: skip
        except OrganizationError as refused:
            raise CommandError(str(refused)) from refused
        token = issued.token
        if options["json"]:
            told = {
                "id": token.public_id,
                "token": issued.text,
                "scopes": token.scopes,
                "expires_at": token.expires_at.isoformat(),
            }
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        until = timezone.localtime(token.expires_at)
        self.stdout.write(f"Token {token} milik {user.username}, berlaku s.d. {until:%d-%m-%Y}.")
        self.stdout.write(f"Hanya tampil sekali: {issued.text}")
