"""Begin a SOP for a subject: `start_process KEY --agency CODE --subject 2026-04`."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from organization.models import Agency, User
from processes import services
from processes.exceptions import ProcessError


class Command(BaseCommand):
    help = "Memulai sebuah SOP untuk satu perihal (bulan ditulis 2026-04)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", help="nama folder SOP di workflows/bpmn/")
        parser.add_argument("--agency", required=True, help="kode instansi")
        parser.add_argument("--subject", default="", help="perihal, misalnya 2026-04")
        parser.add_argument("--by", help="nama pengguna yang memulai (tanpa ini: Sistem)")
        parser.add_argument("--json", action="store_true", help="cetak hasil sebagai JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            agency = Agency.objects.get(code=options["agency"])
            user = User.objects.get(username=options["by"]) if options["by"] else None
            instance = services.start_process(
                definition_key=options["key"],
                agency=agency,
                subject=options["subject"],
                actor_user=user,
                now=timezone.now(),
            )
        except (Agency.DoesNotExist, User.DoesNotExist) as error:
            raise CommandError("Instansi atau pengguna itu tidak ada.") from error
        except (LookupError, ProcessError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps({"instance": instance.pk, "title": instance.title}))
        else:
            self.stdout.write(f"Dimulai: {instance.title} (berkas {instance.pk})")
