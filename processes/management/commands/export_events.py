"""Write the event log: `export_events --sop KEY --from 2026-01 --output catatan.xes`."""

import json
import os
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Max, Min
from django.utils import timezone

from foundation.progress_bar import draw_bar
from organization.command_line import agency_by_code
from organization.models import Agency
from processes.audit.measured.refreshing import outdated, refresh
from processes.audit.scope import Scope, sops
from processes.eventlog.traces import Wanted
from processes.eventlog.writing import Form, Written, log_parts
from processes.models import InstanceAudit


class Command(BaseCommand):
    help = (
        "Menulis catatan peristiwa sebuah SOP untuk penambangan proses: XES (IEEE 1849) atau CSV. "
        "Orang ditulis sebagai nomor (petugas-17), kecuali dengan --names."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sop", help="kunci SOP; boleh tidak disebut bila hanya satu")
        parser.add_argument("--agency", help="kode perangkat daerah (tanpa ini: semuanya)")
        parser.add_argument("--from", dest="first", metavar="MONTH", help="bulan pertama, 2026-01")
        parser.add_argument("--until", dest="last", metavar="MONTH", help="bulan terakhir, 2026-04")
        parser.add_argument(
            "--steps-only",
            action="store_true",
            help="hanya tahap bernomor, satu peristiwa tiap kunjungan, juga yang masih berlaku",
        )
        parser.add_argument(
            "--finished-only", action="store_true", help="hanya berkas yang sudah selesai"
        )
        parser.add_argument(
            "--names", action="store_true", help="sebut nama orang dan judul setiap berkas"
        )
        parser.add_argument("--format", choices=list(Form), help="tanpa ini menurut nama berkas")
        parser.add_argument("--output", type=Path, help="nama berkas; tanpa ini ditulis ke layar")
        parser.add_argument("--json", action="store_true", help="laporkan jumlahnya sebagai JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        while refresh(now=now):
            pass
        wanted = Wanted(
            scope=_scope(options, now),
            steps_only=options["steps_only"],
            finished_only=options["finished_only"],
            names=options["names"],
        )
        output: Path | None = options["output"]
        self._written = Written(0)
        parts = log_parts(wanted, _form(options["format"], output), tell=self._tell)
        if output is None:
            self._print(parts)
        else:
            _keep(output, parts)
        self._report(output, options["json"])
        left = outdated().filter(
            definition_key=wanted.scope.definition_key, agency__in=wanted.scope.chosen
        )
        if count := left.count():
            raise CommandError(f"{count} berkas tidak dapat diukur dan tidak ada di catatan ini.")

    def _tell(self, written: Written) -> None:
        self._written = written
        draw_bar(self.stderr, written.traces, written.total, "berkas")

    def _print(self, parts: Iterator[bytes]) -> None:
        try:
            for part in parts:
                self.stdout.write(part.decode(), ending="")
            self.stdout.flush()
        except BrokenPipeError:
            # Nobody reads any more (`| head`); nor must Python find that out again at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise CommandError("Pembaca catatan ini berhenti sebelum selesai.") from None

    def _report(self, output: Path | None, as_json: bool) -> None:
        # Where the log itself is on the screen, its report must not stand in it.
        stream = self.stderr if output is None else self.stdout
        written = self._written
        if as_json:
            told = {"traces": written.traces, "events": written.events}
            stream.write(json.dumps(told | {"file": str(output) if output else None}))
        else:
            where = f"Ditulis: {output}, " if output else "Ditulis: "
            stream.write(f"{where}{written.traces} berkas, {written.events} peristiwa.")


def _scope(options: dict[str, Any], now: datetime) -> Scope:
    key, title = _sop(options["sop"])
    agency = agency_by_code(options["agency"]) if options["agency"] else None
    known = InstanceAudit.objects.filter(definition_key=key)
    months = known.aggregate(first=Min("period"), last=Max("period"))
    first = _month(options["first"]) or months["first"] or now.date().replace(day=1)
    last = _month(options["last"]) or max(months["last"] or first, first)
    if last < first:
        raise CommandError(f"--until {last:%Y-%m} mendahului --from {first:%Y-%m}.")
    return Scope(
        definition_key=key,
        title=title,
        agencies=tuple(Agency.objects.order_by("name")),
        agency=agency,
        first=first,
        last=last,
        now=now,
    )


def _sop(key: str | None) -> tuple[str, str]:
    titles = dict(sops())
    if key is None and len(titles) == 1:
        (key,) = titles
    if key is None or key not in titles:
        said = f"SOP '{key}' belum pernah dijalankan" if key else "Sebutkan SOP dengan --sop"
        raise CommandError(f"{said}; yang ada: {', '.join(sorted(titles)) or 'belum ada'}.")
    return key, titles[key]


def _month(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        raise CommandError(f"'{text}' bukan bulan; tulis seperti 2026-04.") from None


def _form(name: str | None, output: Path | None) -> Form:
    if name:
        return Form(name)
    return Form.CSV if output is not None and output.suffix.lower() == ".csv" else Form.XES


def _keep(path: Path, parts: Iterator[bytes]) -> None:
    """Write under a name beside it first: what stands under the name asked for is whole."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        try:
            with temporary.open("wb") as stream:
                stream.writelines(parts)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise CommandError(
            f"Berkas {path} tidak dapat ditulis: {error.strerror}. Sebutkan folder yang ada."
        ) from error
