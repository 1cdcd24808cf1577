"""What machines tell beside punches: people, fingers, what was done at their menu, themselves.

The body as it came and the rows made of it are one commit. A body that is told again changes
nothing; one that cannot be read is kept with the reason, and raises an alarm.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from devices.adms.codes import TAMPER_OPERATIONS, operation_text
from devices.adms.options import Info, capacities, info_of, read_options
from devices.adms.secrets import holds_templates, without_passwords
from devices.adms.tables import Finger, Operation, Tables, Unread, read_tables
from devices.models import Alarm, Device, OperationRecord, RawUpload
from devices.pull.client import MachineTemplate
from devices.services import placements
from devices.services.alarms import raise_alarm
from devices.services.fingerprints import store_templates
from devices.services.storing import pack_content
from foundation import ledger
from foundation.actors import SYSTEM

RECENT = 50  # uploads among which a body that is sent again is looked for
ALGORITHMS = range(1, 100)
DEFAULT_ALGORITHM = 10  # of a finger for which neither its line nor its machine names one
# A machine that is new here tells the history of years: only what is fresh needs eyes.
TAMPER_FRESH = timedelta(days=3)
SETS_CLOCK = 21
OPTIONS_KEPT = 100
LEFT_OUT = "tidak dibaca"  # how the reason of a line ends that we do not want to read
YEARS = range(1990, 2100)  # of a menu's clock that a database can hold in any zone


@transaction.atomic
def receive_table(
    *, device: Device, table: str, body: bytes, address: str | None, now: datetime
) -> int:
    """Keep a body of an approved machine and the rows it tells; return the upload's id.

    Never raises for what stands in the body.
    """
    content = without_passwords(body)
    tables = read_tables(table, body)
    if tables.fingers:
        ledger.lock(device.agency)  # before the rows that it also guards elsewhere
    upload = _keep(device, table, content, tables, address, now)
    _keep_operations(device, tables.operations, upload, now)
    placements.note_told(device=device, told=tables.users, now=now)
    _keep_fingers(device, tables.fingers, now)
    return upload.pk


def _keep(
    device: Device,
    table: str,
    content: bytes,
    tables: Tables,
    address: str | None,
    now: datetime,
) -> RawUpload:
    coding, kept, digest = pack_content(
        device.serial, content, sealed=holds_templates(table, content)
    )
    latest = RawUpload.objects.filter(device=device).order_by("-id")[:RECENT]
    again = next((row for row in latest.defer("content") if row.sha256 == digest), None)
    if again is not None and again.table == table[:16]:
        return again
    read = sum(map(len, (tables.operations, tables.users, tables.fingers, tables.errors)))
    unread = [line for line in tables.unread if not line.reason.endswith(LEFT_OUT)]
    reason = _unread_reason(unread)
    unreadable = bool(unread) and not read
    upload = RawUpload.objects.create(
        device=device,
        serial=device.serial,
        channel=RawUpload.Channel.PUSH,
        table=table[:16],
        coding=coding,
        content=kept,
        size=len(content),
        sha256=digest,
        address=address,
        received_at=now,
        outcome=RawUpload.Outcome.UNREADABLE if unreadable else RawUpload.Outcome.READ,
        reason=reason,
        total=tables.total,
        accepted=read,
        duplicate=0,
        quarantined=0,
    )
    if unreadable:
        raise_alarm(
            kind=Alarm.Kind.UNREADABLE,
            target=f"{device.serial}/{table}",
            text=f"Kiriman {table} dari {device.name} tidak terbaca: {reason}",
            device=device,
            now=now,
        )
    return upload


def _unread_reason(unread: Sequence[Unread]) -> str:
    if not unread:
        return ""
    first = unread[0]
    return f"{len(unread)} baris tidak terbaca; baris {first.number}: {first.reason}"[:200]


def _keep_operations(
    device: Device, operations: Sequence[Operation], upload: RawUpload, now: datetime
) -> None:
    """Keep each line of the machine's own log once, and raise what an inspector should see."""
    rows = {_key(row): row for row in (_record(device, told, upload, now) for told in operations)}
    times = {row.local_time for row in rows.values()}
    known = {
        _key(row) for row in OperationRecord.objects.filter(device=device, local_time__in=times)
    }
    fresh = [rows[key] for key in sorted(rows.keys() - known)]
    OperationRecord.objects.bulk_create(fresh, ignore_conflicts=True)
    for row in fresh:
        if _is_tampering(device, row, now):
            _raise_tampering(device, row, now)


def _record(device: Device, told: Operation, upload: RawUpload, now: datetime) -> OperationRecord:
    local = told.local
    at = local.replace(tzinfo=ZoneInfo(device.time_zone)) if local.year in YEARS else now
    return OperationRecord(
        device=device,
        code=told.code,
        operator=told.operator[:24],
        local_time=local.isoformat(" ", "seconds"),
        at=at,
        objects_text="\t".join(_visible(text) for text in told.objects)[:80],
        upload=upload,
    )


def _key(row: OperationRecord) -> tuple[str, int, str, str]:
    return row.local_time, row.code, row.operator, row.objects_text


def _is_tampering(device: Device, row: OperationRecord, now: datetime) -> bool:
    if row.code not in TAMPER_OPERATIONS or abs(now - row.at) > TAMPER_FRESH:
        return False
    # A handshake sets the clock, which the machine notes like any other setting of it.
    greeted = device.announced_at
    ours = greeted is not None and abs(row.at - greeted) < timedelta(minutes=10)
    return not (row.code == SETS_CLOCK and ours)


def _raise_tampering(device: Device, row: OperationRecord, now: datetime) -> None:
    by = f" oleh PIN {row.operator}" if row.operator not in ("", "0") else ""
    raise_alarm(
        kind=Alarm.Kind.TAMPER,
        target=f"{device.serial}/{row.code}/{row.local_time}",
        text=f"{device.name}: {operation_text(row.code)}{by} pada {row.local_time}.",
        device=device,
        now=now,
        details={"code": row.code},
    )


def _keep_fingers(device: Device, fingers: Sequence[Finger], now: datetime) -> None:
    """Give the fingers to the one way in for fingers, told apart by generation."""
    by_algorithm: dict[int, dict[tuple[str, int], MachineTemplate]] = {}
    for told in fingers:
        algorithm = _generation(told.algorithm) or device.algorithm or DEFAULT_ALGORITHM
        template = MachineTemplate(told.pin, told.finger, told.valid, told.data)
        by_algorithm.setdefault(algorithm, {})[told.pin, told.finger] = template
    for algorithm, templates in by_algorithm.items():
        if device.algorithm is None:
            device.algorithm = algorithm
            device.save(update_fields=["algorithm"])
        store_templates(
            device=device,
            templates=list(templates.values()),
            algorithm=algorithm,
            actor=SYSTEM,
            now=now,
        )
    if fingers:
        placements.note_fingers(device=device, shown=[(t.pin, t.finger) for t in fingers], now=now)


def _generation(told: int | None) -> int | None:
    return told if told in ALGORITHMS else None


def receive_options(*, device: Device, body: bytes, now: datetime) -> None:
    """Keep what a machine posts of itself: counts, capacities, versions; nothing secret."""
    note_options(device=device, options=read_options(body), now=now)


def note_options(*, device: Device, options: Mapping[str, str], now: datetime) -> None:
    """Keep options that were posted, or that came with the answer to INFO."""
    room = capacities(options)
    kept = dict(sorted(({**device.options, **_storable(options)}).items())[:OPTIONS_KEPT])
    changes: dict[str, Any] = {
        "user_capacity": room.users,
        "finger_capacity": room.fingers,
        "punch_capacity": room.punches,
    }
    _note(device, info_of(options), now, **changes, options=kept)


def receive_info(*, device: Device, info: Info, now: datetime) -> None:
    """Keep the figures that came with a poll."""
    _note(device, info, now)


def _note(device: Device, info: Info, now: datetime, **changes: Any) -> None:
    """Write what the machine said of itself; what it did not say stays as it was."""
    said = {
        "firmware": info.firmware,
        "user_count": info.users,
        "finger_count": info.fingers,
        "punch_count": info.punches,
        "algorithm": _generation(info.algorithm),
        **changes,
    }
    said = {name: value for name, value in said.items() if value not in (None, "")}
    for name, value in said.items():
        setattr(device, name, value)
    device.checked_at, device.check_error = now, ""
    device.save(update_fields=[*said, "checked_at", "check_error"])


def _storable(options: Mapping[str, str]) -> dict[str, str]:
    return {name: _visible(value) for name, value in options.items()}


def _visible(text: str) -> str:
    """Return the text without control characters: PostgreSQL keeps no NUL, a page shows none."""
    return "".join(character for character in text if character.isprintable())
