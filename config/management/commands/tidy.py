"""Take away what is kept no longer, or say what would go."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.privacy.retention import THEN, RetentionError, rules, tidy, would_go
from devices.command_line import OPERATOR
from foundation.indonesian import number_text


class Command(BaseCommand):
    help = (
        "Membersihkan data yang masa simpannya sudah lewat menurut tabel retensi; jam sistem "
        "melakukannya sekali sehari."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="hanya katakan apa yang akan dibersihkan"
        )
        parser.add_argument("--json", action="store_true", help="laporkan sebagai JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        now, dry = timezone.now(), options["dry_run"]
        try:
            done = would_go(now=now) if dry else tidy(now=now, actor=OPERATOR)
            kept = [rule for rule in rules() if not rule.sweep]
        except RetentionError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            told = [
                {"rule": one.rule.key, "days": one.rule.days, "then": one.rule.then,
                 "count": one.count}
                for one in done
            ]  # fmt: skip
            self.stdout.write(json.dumps({"dry_run": dry, "rules": told}, ensure_ascii=False))
            return
        for one in done:
            word = f"akan {THEN[one.rule.then]}" if dry else THEN[one.rule.then]
            count = number_text(one.count)
            self.stdout.write(f"{one.rule.title}: {count} {word} (lewat {one.rule.days} hari).")
        for rule in kept:
            word = "dibersihkan sepanjang hari" if rule.by else "disimpan"
            self.stdout.write(f"{rule.title}: {word}.")
