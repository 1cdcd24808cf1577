"""What machines told, kept: the body as it came and its punches in one commit, each punch once.

One way in for every channel. A punch is told apart by machine, PIN and the machine's wall second;
the first telling wins, later ones that differ are kept as evidence. Whatever is told again adds
nothing, so whoever did not hear our answer may tell it again.
"""

import hashlib
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, F

from devices.adms.text import count_lines
from devices.attlog import FUTURE_TOLERANCE, ParsedLog, local_text
from devices.models import Device, PunchEvidence, RawUpload, RejectedLine
from devices.services import storing_sql
from foundation import crypto

PLAIN_BYTES = 512  # below this, packing costs more than it saves
ZLIB_LEVEL = 1
BATCH = 500


@dataclass(frozen=True, slots=True)
class MachineKey:
    """What must be known of a machine to keep what it tells."""

    id: int
    serial: str
    agency_id: int
    time_zone: str

    @classmethod
    def of(cls, device: Device) -> "MachineKey":
        return cls(device.pk, device.serial, device.agency_id, device.time_zone)


@dataclass(frozen=True, slots=True)
class Telling:
    """One body or file of one machine and what was read in it."""

    machine: MachineKey
    content: bytes
    log: ParsedLog
    received_at: datetime  # aware; the clock that tells which punches lie in the future
    channel: str
    table: str = "ATTLOG"
    address: str | None = None
    name: str = ""
    received_by_id: int | None = None
    upload_id: int | None = None  # the body is kept already; its punches are not


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of the lines: total = accepted + duplicate + quarantined.

    Of the duplicates, `differing` told other values than the first telling.
    """

    upload_id: int
    total: int
    accepted: int
    duplicate: int
    quarantined: int
    differing: int = 0


def store(tellings: Sequence[Telling]) -> list[Stored]:
    """Keep bodies and their punches, durably when it returns; the answers are in their order.

    A transaction of its own, or the caller's. Safe to repeat and beside other processes.
    """
    rows = prepare(tellings)
    if not rows:
        return []
    if all_read(tellings):
        # One statement is its own transaction.
        return conclude(tellings, rows, storing_sql.write(rows))
    with transaction.atomic():
        written = storing_sql.write(rows)
        _name_uploads(rows, written)
        rejected = _keep_bad_lines(tellings, rows)
    return conclude(tellings, rows, written, rejected)


def prepare(tellings: Sequence[Telling]) -> list[dict[str, Any]]:
    """Return what is to be written; no database is asked."""
    return [_row(telling) for telling in tellings]


def all_read(tellings: Sequence[Telling]) -> bool:
    """Say whether nothing but punches is to be written: then it is one statement."""
    return not any(telling.log.bad for telling in tellings)


def conclude(
    tellings: Sequence[Telling],
    rows: list[dict[str, Any]],
    written: Sequence[storing_sql.Written],
    rejected: Mapping[int, int] | None = None,
) -> list[Stored]:
    """Keep what was told otherwise than the first time, and say what became of each body.

    A crash before this is no loss: nobody was answered, and what is told again comes here again.
    """
    if not rejected and not any(map(was_known, tellings, written)):
        return [_stored(done, row["total"], 0, 0) for row, done in zip(rows, written, strict=True)]
    _name_uploads(rows, written)
    again = [row for row, telling, done in zip(rows, tellings, written, strict=True)
             if was_known(telling, done)]  # fmt: skip
    differing = _keep_evidence(again) if again else Counter()
    bad = rejected or {}
    return [
        _stored(done, row["total"], bad.get(done.upload_id, 0), differing[done.upload_id])
        for row, done in zip(rows, written, strict=True)
    ]


def outcome_of(log: ParsedLog) -> tuple[str, str]:
    """Return what is to be said of a body as a whole, with the reason if it was of no use."""
    if log.bad and not log.lines:
        return RawUpload.Outcome.UNREADABLE.value, "Tidak satu baris pun terbaca."
    return RawUpload.Outcome.READ.value, ""


def was_known(telling: Telling, done: storing_sql.Written) -> bool:
    """Say whether punches of this body had been told before."""
    return done.accepted + done.quarantined < len(telling.log.lines)


def _name_uploads(rows: list[dict[str, Any]], written: Sequence[storing_sql.Written]) -> None:
    for row, done in zip(rows, written, strict=True):
        row["upload_id"] = done.upload_id


def keep_waiting(
    *,
    serial: str,
    table: str,
    content: bytes,
    address: str | None,
    received_at: datetime,
    reason: str = "",
    device_id: int | None = None,
    holds_templates: bool = False,
) -> int:
    """Keep a body whose rows cannot be made yet; return its upload.

    Without a reason it waits for its machine to be approved; with one it could not be read.
    Passwords must be gone from `content` before.
    """
    coding, kept, digest = pack_content(serial, content, sealed=holds_templates)
    upload = RawUpload.objects.create(
        device_id=device_id,
        serial=serial,
        channel=RawUpload.Channel.PUSH,
        table=table[:16],
        coding=coding,
        content=kept,
        size=len(content),
        sha256=digest,
        address=address,
        received_at=received_at,
        outcome=RawUpload.Outcome.UNREADABLE if reason else RawUpload.Outcome.WAITING,
        reason=reason[:200],
        total=count_lines(content),
        accepted=0,
        duplicate=0,
        quarantined=0,
    )
    return upload.pk


def pack_content(serial: str, content: bytes, *, sealed: bool = False) -> tuple[str, bytes, str]:
    """Return coding, bytes to keep and SHA-256 of a body; fingers must be `sealed`."""
    digest = hashlib.sha256(content).hexdigest()
    if sealed:
        packed = zlib.compress(content, ZLIB_LEVEL)
        sealed_bytes = crypto.encrypt(packed, bound_to=_place(serial, digest))
        return RawUpload.Coding.SEALED.value, sealed_bytes, digest
    if len(content) < PLAIN_BYTES:
        return RawUpload.Coding.PLAIN.value, content, digest
    return RawUpload.Coding.ZLIB.value, zlib.compress(content, ZLIB_LEVEL), digest


def open_content(upload: RawUpload) -> bytes:
    """Return the body as it came; crypto.DecryptionFailed for a sealed one of another row."""
    kept = bytes(upload.content)
    if upload.coding == RawUpload.Coding.SEALED:
        kept = crypto.decrypt(kept, bound_to=_place(upload.serial, upload.sha256))
    return kept if upload.coding == RawUpload.Coding.PLAIN else zlib.decompress(kept)


def _place(serial: str, digest: str) -> str:
    return f"devices.rawupload:{serial}:{digest}"


def _stored(done: storing_sql.Written, total: int, rejected: int, differing: int) -> Stored:
    quarantined = done.quarantined + rejected
    duplicate = total - done.accepted - quarantined
    return Stored(done.upload_id, total, done.accepted, duplicate, quarantined, differing)


def _keep_bad_lines(tellings: Sequence[Telling], rows: Sequence[dict[str, Any]]) -> Counter[int]:
    """Keep each bad line of a machine once; return how many were new, by upload."""
    lines = [
        RejectedLine(
            device_id=row["device_id"],
            upload_id=row["upload_id"],
            number=bad.number,
            raw=bad.raw[:500].replace("\0", "\ufffd"),
            sha256=hashlib.sha256(bad.raw.strip().encode(errors="replace")).hexdigest(),
            reason=bad.reason[:120],
        )
        for telling, row in zip(tellings, rows, strict=True)
        for bad in telling.log.bad
    ]
    lines.sort(key=lambda line: (line.device_id, line.sha256))
    RejectedLine.objects.bulk_create(lines, batch_size=BATCH, ignore_conflicts=True)
    kept = RejectedLine.objects.filter(upload__in={line.upload_id for line in lines})
    new = Counter(dict(kept.values_list("upload").annotate(Count("pk"))))
    for upload_id, count in new.items():
        RawUpload.objects.filter(pk=upload_id).update(
            quarantined=F("quarantined") + count, duplicate=F("duplicate") - count
        )
    return new


def _keep_evidence(rows: Sequence[dict[str, Any]]) -> Counter[int]:
    """Keep what differs from the first telling, each once; return how many differ, by upload."""
    differing = storing_sql.differing(rows)
    if differing:
        PunchEvidence.objects.bulk_create(
            [PunchEvidence(**found._asdict()) for found in differing],
            batch_size=BATCH,
            ignore_conflicts=True,
        )
    return Counter(found.upload_id for found in differing)


@lru_cache(maxsize=64)
def _latest(time_zone: str, moment: int) -> str:
    """Return the last wall time that does not lie in the future, asked once a second and zone."""
    local = datetime.fromtimestamp(moment, ZoneInfo(time_zone))
    return local_text(local + FUTURE_TOLERANCE)


def _row(telling: Telling) -> dict[str, Any]:
    machine, log = telling.machine, telling.log
    coding, kept, digest = pack_content(machine.serial, telling.content)
    outcome, reason = outcome_of(log)
    return {
        "upload_id": telling.upload_id,
        "device_id": machine.id,
        "agency_id": machine.agency_id,
        "time_zone": machine.time_zone,
        "serial": machine.serial,
        "channel": str(telling.channel),
        "table": telling.table[:16],
        "name": telling.name[:200],
        "layout": str(log.layout),
        "coding": coding,
        "content": kept,
        "size": len(telling.content),
        "sha256": digest,
        "address": telling.address,
        "received_at": telling.received_at,
        "received_by_id": telling.received_by_id,
        "latest": _latest(machine.time_zone, int(telling.received_at.timestamp())),
        "outcome": outcome,
        "reason": reason,
        "total": log.total,
        "lines": log.text,
    }
