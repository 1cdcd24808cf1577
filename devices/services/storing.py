"""What machines told, kept: the body as it came and its punches in one commit, each punch once.

One way in for every channel. A punch is told apart by machine, PIN and the machine's wall second;
the first telling wins, later ones that differ are kept as evidence. Whatever is told again adds
nothing, so whoever did not hear our answer may tell it again.
"""

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from devices.attlog import ParsedLog, implausible, local_text
from devices.models import Device, Punch, PunchEvidence, RawUpload, RejectedLine
from devices.services.pins import PinBook
from foundation import crypto
from organization.models import Agency

PLAIN_BYTES = 512  # below this, packing costs more than it saves
ZLIB_LEVEL = 1


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


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of the lines: total = accepted + duplicate + quarantined."""

    upload_id: int
    total: int
    accepted: int
    duplicate: int
    quarantined: int


def store(tellings: Sequence[Telling]) -> list[Stored]:
    """Keep bodies and their punches, durably when it returns; the answers are in their order.

    A transaction of its own, or the caller's. Safe to repeat and beside other processes.
    """
    with transaction.atomic():
        return [_store_one(telling) for telling in tellings]


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
        total=0,
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
        return (
            RawUpload.Coding.SEALED,
            crypto.encrypt(packed, bound_to=_place(serial, digest)),
            digest,
        )
    if len(content) < PLAIN_BYTES:
        return RawUpload.Coding.PLAIN, content, digest
    return RawUpload.Coding.ZLIB, zlib.compress(content, ZLIB_LEVEL), digest


def open_content(upload: RawUpload) -> bytes:
    """Return the body as it came; crypto.DecryptionFailed for a sealed one of another row."""
    kept = bytes(upload.content)
    if upload.coding == RawUpload.Coding.SEALED:
        kept = crypto.decrypt(kept, bound_to=_place(upload.serial, upload.sha256))
    return kept if upload.coding == RawUpload.Coding.PLAIN else zlib.decompress(kept)


def _place(serial: str, digest: str) -> str:
    return f"devices.rawupload:{serial}:{digest}"


def _store_one(telling: Telling) -> Stored:
    machine, log = telling.machine, telling.log
    zone = ZoneInfo(machine.time_zone)
    now_local = telling.received_at.astimezone(zone).replace(tzinfo=None)
    coding, kept, digest = pack_content(machine.serial, telling.content)
    upload = RawUpload.objects.create(
        device_id=machine.id, serial=machine.serial, channel=telling.channel, table=telling.table,
        name=telling.name, layout=log.layout, coding=coding, content=kept,
        size=len(telling.content), sha256=digest, address=telling.address,
        received_at=telling.received_at, received_by_id=telling.received_by_id,
        total=log.total, accepted=0, duplicate=0, quarantined=0,
    )  # fmt: skip
    pins = PinBook(Agency.objects.get(pk=machine.agency_id))
    for line in log.lines:
        values = {"state": line.state, "verify": line.verify, "work_code": line.work_code}
        punch, new = Punch.objects.get_or_create(
            device_id=machine.id, pin=line.pin, local_time=local_text(line.local),
            defaults={
                **values,
                "at": line.local.replace(tzinfo=zone),
                "time_zone": machine.time_zone,
                "channel": telling.channel,
                "upload": upload,
                "employee_id": pins.employee_id(line.pin, line.local.date()),
                "quarantine": implausible(line.local, now_local=now_local),
            },
        )  # fmt: skip
        if new:
            upload.quarantined += bool(punch.quarantine)
            upload.accepted += not punch.quarantine
        else:
            upload.duplicate += 1
            if any(getattr(punch, name) != value for name, value in values.items()):
                PunchEvidence.objects.get_or_create(
                    punch=punch, **values, defaults={"upload": upload}
                )
    for bad in log.bad:
        digest = hashlib.sha256(bad.raw.strip().encode()).hexdigest()
        _, new = RejectedLine.objects.get_or_create(
            device_id=machine.id, sha256=digest,
            defaults={
                "upload": upload, "number": bad.number, "raw": bad.raw[:500], "reason": bad.reason,
            },
        )  # fmt: skip
        upload.quarantined += new
        upload.duplicate += not new
    upload.save(update_fields=["accepted", "duplicate", "quarantined"])
    return Stored(upload.pk, upload.total, upload.accepted, upload.duplicate, upload.quarantined)
