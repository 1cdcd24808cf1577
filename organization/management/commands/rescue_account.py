"""Let the last one in who could let others in: `rescue_account USERNAME --reason "..."`.

Unlocks the account, takes its second step away and signs it out everywhere; the password stays.
Whoever has the server does this when nobody is left who could on a page.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from foundation.actors import SYSTEM
from organization import services
from organization.exceptions import AccountRefused
from organization.locked import locked_until
from organization.models import SecondFactor, User


class Command(BaseCommand):
    help = "Membuka kunci akun dan menghapus kode masuknya, bila tidak ada pejabat yang bisa."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="NAMA_PENGGUNA")
        parser.add_argument("--reason", required=True, metavar="ALASAN", help="dicatat")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"Tidak ada akun {options['username']}.")
        now, done = timezone.now(), []
        told: dict[str, Any] = {
            "user": user, "reason": options["reason"], "actor": SYSTEM, "now": now,
        }  # fmt: skip
        try:
            with transaction.atomic():
                if locked_until(now=now, username=user.username):
                    services.unlock_account(**told)
                    done.append("kunci dibuka")
                if SecondFactor.objects.filter(user=user).exists():
                    services.reset_second_factor(**told)
                    done.append("kode masuk dihapus, semua sesi diakhiri")
        except AccountRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{user.username}: {'; '.join(done) or 'tidak terkunci, tanpa kode'}.")
