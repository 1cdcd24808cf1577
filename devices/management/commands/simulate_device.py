"""Run a fingerprint machine in software, or tell a running one what a person does."""

import argparse
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from devices.simulator.__main__ import add_arguments, run
from devices.simulator.control import HELP


class Command(BaseCommand):
    help = (
        "Menjalankan mesin sidik jari simulasi (protokol 4370), atau dengan --tell menyuruh mesin "
        "simulasi yang sedang berjalan. Perintah: " + " | ".join(HELP.splitlines())
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        code = run(argparse.Namespace(**options))
        if code:
            sys.exit(code)
