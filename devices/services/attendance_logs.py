"""Attendance logs into punches: raw first, then rows, each punch once."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import PurePath

from django.db import transaction

from devices.attlog import BadLine, Layout, ParsedLog, local_text, parse_attlog
from devices.exceptions import NotAllowedNow
from devices.models import Device, Punch, RawUpload, RejectedLine
from devices.services.sessions import IN_SERVICE
from devices.services.storing import MachineKey, Stored, Telling, store
from foundation import ledger
from foundation.actors import Actor

SHOWN_LINES = 200
COUNTS = ("total", "accepted", "duplicate", "quarantined")


@dataclass(frozen=True)
class ImportReport:
    """What became of every line: total = accepted + duplicate + quarantined."""

    upload_id: int
    device: str
    layout: str
    total: int
    accepted: int
    duplicate: int
    quarantined: int
    differing: int  # told again with other values, kept as evidence; among the duplicates
    unknown_pins: tuple[str, ...]  # of accepted punches that belong to nobody yet
    rejected: tuple[BadLine, ...]  # the quarantined lines, at most 200, new ones only

    def __str__(self) -> str:
        return (
            f"{self.total} baris: {self.accepted} ketukan baru, {self.duplicate} sudah ada, "
            f"{self.quarantined} dikarantina."
        )


def import_attlog(
    *,
    device: Device,
    content: bytes,
    filename: str,
    actor: Actor,
    now: datetime,
    layout: Layout | None = None,
) -> ImportReport:
    """Keep a log whole and make its punches; importing it again adds nothing.

    Raises NotAnAttendanceLog (LayoutUnclear) for content that is no log, NotAllowedNow for a
    machine that is not in service or another machine's file; nothing is written then.
    """
    if device.state not in IN_SERVICE:
        raise NotAllowedNow(
            f"{device.name} berstatus “{device.get_state_display()}”. Setujui mesin itu dulu, "
            "lalu impor lagi."
        )
    name = PurePath(filename.replace("\\", "/")).name[:200]
    _refuse_other_machine(device, name)
    log = parse_attlog(content, filename=name, layout=layout)
    telling = Telling(
        machine=MachineKey.of(device),
        content=content,
        log=log,
        received_at=now,
        channel=RawUpload.Channel.FILE,
        name=name,
        received_by_id=actor.user_id,
    )
    with transaction.atomic():
        (stored,) = store([telling])
        record_import(device=device, stored=stored, actor=actor, now=now)
        return _report(device, stored, log)


def record_import(*, device: Device, stored: Stored, actor: Actor, now: datetime) -> None:
    """Leave the event of punches that a person brought in, in the caller's transaction."""
    upload = RawUpload.objects.only("sha256", "channel").get(pk=stored.upload_id)
    ledger.record(
        stream=device.agency,
        actor=actor,
        verb="attendance_log_imported",
        subject=f"devices.rawupload:{upload.pk}",
        after={"device": device.serial, "sha256": upload.sha256, "channel": upload.channel}
        | {name: count for name, count in asdict(stored).items() if name in COUNTS},
        now=now,
    )


def _refuse_other_machine(device: Device, name: str) -> None:
    """A USB export may carry the serial number of its machine in its name."""
    stem = name.lower().removesuffix(".dat").removesuffix("_attlog")
    other = Device.objects.filter(serial__iexact=stem).exclude(pk=device.pk).first()
    if stem and other:
        raise NotAllowedNow(
            f"Nama berkas menunjuk mesin {other.serial} ({other.name}), bukan {device.name}. "
            "Pilih mesin yang benar, lalu ulangi."
        )


def _report(device: Device, stored: Stored, log: ParsedLog) -> ImportReport:
    nobodys = Punch.objects.filter(upload=stored.upload_id, employee=None, quarantine="")
    unknown = set(nobodys.order_by().values_list("pin", flat=True).distinct())
    rejected = sorted(_rejected(stored, log), key=lambda line: line.number)
    return ImportReport(
        **asdict(stored),
        device=device.name,
        layout=str(log.layout),
        unknown_pins=tuple(sorted(unknown, key=lambda pin: (len(pin), pin))),
        rejected=tuple(rejected[:SHOWN_LINES]),
    )


def _rejected(stored: Stored, log: ParsedLog) -> Iterator[BadLine]:
    """Yield what this log brought that is in quarantine, as it stood in the file."""
    if not stored.quarantined:
        return
    kept = RejectedLine.objects.filter(upload=stored.upload_id)[:SHOWN_LINES]
    yield from (BadLine(row.number, row.raw, row.reason) for row in kept)
    rows = Punch.objects.filter(upload=stored.upload_id).exclude(quarantine="")
    reasons = {
        (pin, at): why for pin, at, why in rows.values_list("pin", "local_time", "quarantine")
    }
    for line in log.lines if reasons else ():
        if reason := reasons.pop((line.pin, local_text(line.local)), ""):
            yield BadLine(line.number, line.raw, reason)
