"""Write every report once, from the demo's data, as Word and PDF: `make examples`."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.demo.examples import examples
from documents.renditions.office import slot
from organization.models import Agency

SECONDS = 300
HEAD = """# Examples

Every report once, written from the invented people and punches of the demo office by
`make examples`. What the nine-stage SOP wrote in the demo's finished month comes first, then what
other procedures wrote, then what is asked for on `/dokumen/buat/`.

| Report | Word | PDF |
|---|---|---|
"""


class Command(BaseCommand):
    help = "Menulis contoh setiap laporan dari data demo ke sebuah folder, Word dan PDF."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        if not Agency.objects.exists():
            raise CommandError("Belum ada data demo; jalankan dulu: manage.py prepare")
        folder: Path = options["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        written = list(examples(timezone.now()))
        for example in written:
            (folder / f"{example.name}.docx").write_bytes(example.content)
        words = {str(place): example.content for place, example in enumerate(written)}
        with slot() as office:
            pdfs = office.convert(words, seconds=SECONDS).made
        for place, example in enumerate(written):
            (folder / f"{example.name}.pdf").write_bytes(pdfs[str(place)])
        lines = (
            f"| {e.title} | [{e.name}.docx]({e.name}.docx) | [{e.name}.pdf]({e.name}.pdf) |\n"
            for e in written
        )
        (folder / "README.md").write_text(HEAD + "".join(lines))
        self.stdout.write(f"{len(written)} laporan ditulis ke {folder}.")
