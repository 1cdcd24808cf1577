"""Run fingerprint machines in software, or tell a running one what a person does."""

import argparse
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from devices.simulator.__main__ import DESCRIPTION, EPILOG, add_arguments, run


class Command(BaseCommand):
    help = DESCRIPTION
    requires_system_checks = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        # Django's own formatter would join the lines of the help.
        return super().create_parser(
            prog_name,
            subcommand,
            epilog=EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            **kwargs,
        )

    def add_arguments(self, parser: CommandParser) -> None:
        add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        code = run(argparse.Namespace(**options))
        if code:
            sys.exit(code)
