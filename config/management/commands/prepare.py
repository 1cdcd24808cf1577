"""Make the installation ready: `make run` calls this before it starts web and worker."""

import os
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from config.demo.office import read_script
from config.demo.passwords import demo_password_file
from config.demo.province import read_province
from config.demo.tapin import read_tapin
from organization.models import Agency, User
from organization.services import issue_setup_code


class Command(BaseCommand):
    help = "Menyiapkan basis data, mengisi demo pada start pertama, dan menunjukkan alamatnya."

    def handle(self, *args: Any, **options: Any) -> None:
        self._migrate()
        demo = os.environ.get("SOPAN_DEMO", "full")
        if demo != "none" and not Agency.objects.exists():
            self.stdout.write("Mengisi demo (sekali saja, satu menit atau lebih) ...")
            call_command(
                "demo", start_only=demo == "start", province=demo == "province", stdout=self.stdout
            )
        port = os.environ.get("SOPAN_PORT", "8000")
        self.stdout.write(f"SOPan: http://localhost:{port}/   (berhenti dengan Ctrl-C)")
        self.stdout.write(f"Data : {settings.DATA_DIR}")
        if demo_password_file().exists():
            password = demo_password_file().read_text().strip()
            names = [
                row["username"] for kind in ("accounts", "others") for row in read_script()[kind]
            ]
            names += [row["username"] for row in read_tapin()["accounts"]]
            names += [f"{row['username']}.dinkes" for row in read_province()["officers"]]
            there = set(User.objects.filter(username__in=names).values_list("username", flat=True))
            known = ", ".join(name for name in names if name in there)
            self.stdout.write(f"Masuk: {known} - sandi {password}")

        if code := issue_setup_code(now=timezone.now()):
            self.stdout.write(f"Mulai: http://localhost:{port}/mulai/ - kode {code}, sekali pakai")

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Menyiapkan basis data ...")
            call_command("migrate", verbosity=0, interactive=False)
