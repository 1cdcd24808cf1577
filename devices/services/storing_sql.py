"""The SQL of `storing`, for both databases side by side; nothing else asks for it.

PostgreSQL gets a whole batch in one statement, which is one commit and one journey: it takes the
lines apart, finds who has the PIN, writes punches and uploads and counts. SQLite lives in this
process, where a journey costs nothing: there it is row after row in one transaction.

Keys are written in their order, so that two batches with the same punches wait for each other and
never both for each other.
"""

# ruff: noqa: S608  what is put into these texts are names of tables and words of this program

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from devices.attlog import CLOCK_RESET, EARLIEST, IN_FUTURE, local_text, punch_columns
from devices.models import DevicePin, Punch, RawUpload
from organization.models import Employee

PUNCH, UPLOAD = Punch._meta.db_table, RawUpload._meta.db_table
PIN, EMPLOYEE = DevicePin._meta.db_table, Employee._meta.db_table
EARLIEST_TEXT = local_text(EARLIEST)

# One telling, ready to be written: columns of its upload, and what its punches have in common.
Row = Mapping[str, Any]


class Written(NamedTuple):
    """What one telling added; what is missing to its total was known before."""

    upload_id: int
    accepted: int
    quarantined: int


class Differing(NamedTuple):
    """A punch told again with other values."""

    punch_id: int
    upload_id: int
    state: int | None
    verify: int | None
    work_code: str


def write(rows: Sequence[Row]) -> list[Written]:
    """Write the uploads that have no `upload_id` yet, and all new punches."""
    if connection.vendor == "postgresql":
        return _write_at_once(rows)
    with transaction.atomic():
        return [_write_one(row) for row in rows]


def differing(rows: Sequence[Row]) -> list[Differing]:
    """Return what these lines, whose punches are stored, tell otherwise than the first telling.

    `upload_id` must be known in each row.
    """
    if connection.vendor == "postgresql":
        statement, told = _DIFFERING, as_json([{**row, "content": b""} for row in rows])
    else:
        statement, told = _DIFFERING_SQLITE, json.dumps([
            (row["upload_id"], row["device_id"], *columns)
            for row in rows for columns in punch_columns(row["lines"])
        ])  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement, [told])
        return sorted((Differing(*found) for found in cursor.fetchall()), key=repr)


# PostgreSQL

# What is the same in nearly every body is not told: reading it costs more than filling it in.
_USUAL = {
    "channel": RawUpload.Channel.PUSH.value, "table": "ATTLOG", "name": "", "layout": "adms",
    "coding": RawUpload.Coding.PLAIN.value, "outcome": RawUpload.Outcome.READ.value, "reason": "",
    "received_by_id": None,
}  # fmt: skip
# What bodies of one machine have in common, mostly.
_COMMON = ("device_id", "agency_id", "time_zone", "serial", "address", *_USUAL)
_common = itemgetter(*_COMMON)


def _told(*names: str) -> str:
    """Return columns of `told`, with what is usual where nothing was told."""
    return ", ".join(f'coalesce(told."{name}", \'{_USUAL[name]}\') AS "{name}"' for name in names)


_TOLD = f"""
WITH told AS MATERIALIZED (
    SELECT coalesce(upload_id, nextval('{UPLOAD}_id_seq')) AS id, t.*
    FROM json_to_recordset(%s::json) AS t (
        upload_id bigint, device_id bigint, agency_id bigint, time_zone text, serial text,
        channel text, "table" text, name text, layout text, coding text, content text, size int,
        sha256 text, address inet, received_at timestamptz, received_by_id bigint, latest text,
        outcome text, reason text, total int, lines text
    )
), line AS MATERIALIZED (
    SELECT told.id AS upload_id, told.device_id, told.agency_id, told.time_zone,
        {_told("channel")}, told.latest, x.number,
        split_part(x.line, E'\\t', 1) AS pin,
        split_part(x.line, E'\\t', 2) AS local_time,
        split_part(x.line, E'\\t', 2)::timestamp AS local,
        CASE
            WHEN ltrim(split_part(x.line, E'\\t', 1), '0123456789') = ''
                AND length(ltrim(split_part(x.line, E'\\t', 1), '0')) BETWEEN 1 AND 9
            THEN split_part(x.line, E'\\t', 1)::int
        END AS pin_number,
        nullif(split_part(x.line, E'\\t', 3), '')::smallint AS state,
        nullif(split_part(x.line, E'\\t', 4), '')::smallint AS verify,
        split_part(x.line, E'\\t', 5) AS work_code
    FROM told
    CROSS JOIN LATERAL string_to_table(nullif(told.lines, ''), E'\\n')
        WITH ORDINALITY AS x (line, number)
)"""

# Whose number it is, among the people of the machine's agency: two looks by key for a PIN. As a
# join, tables without statistics yet make it read all numbers, or all people of the agency.
_OWNER = f"""
    SELECT p.employee_id, p.valid_from, p.valid_until
    FROM {PIN} p
    WHERE p.number = line.pin_number
        AND (SELECT e.agency_id FROM {EMPLOYEE} e WHERE e.id = p.employee_id) = line.agency_id
    LIMIT 1
"""

_PUNCHES = f"""{_TOLD}, written AS (
    INSERT INTO {PUNCH} (
        device_id, pin, local_time, at, time_zone, state, verify, work_code, channel, upload_id,
        employee_id, quarantine
    )
    SELECT device_id, pin, local_time, local AT TIME ZONE time_zone, time_zone, state, verify,
        work_code, channel, upload_id,
        CASE
            WHEN owner.valid_from <= local::date
                AND (owner.valid_until IS NULL OR owner.valid_until >= local::date)
            THEN owner.employee_id
        END,
        CASE
            WHEN local_time COLLATE "C" < '{EARLIEST_TEXT}' THEN '{CLOCK_RESET}'
            WHEN local_time COLLATE "C" > latest THEN '{IN_FUTURE}'
            ELSE ''
        END
    FROM line LEFT JOIN LATERAL ({_OWNER}) owner ON true
    ORDER BY device_id, pin COLLATE "C", local_time COLLATE "C", upload_id, number
    ON CONFLICT (device_id, pin, local_time) DO NOTHING
    RETURNING upload_id, quarantine
), counted AS (
    SELECT upload_id AS id,
        count(*) FILTER (WHERE quarantine = '') AS accepted,
        count(*) FILTER (WHERE quarantine <> '') AS quarantined
    FROM written GROUP BY upload_id
)"""

# Bodies that come in: their ids rise in the order in which they are told.
WRITE = f"""{_PUNCHES}
INSERT INTO {UPLOAD} (
    id, device_id, serial, channel, "table", name, layout, coding, content, size, sha256, address,
    received_at, received_by_id, outcome, reason, total, accepted, duplicate, quarantined
)
SELECT id, device_id, serial, {_told("channel", "table", "name", "layout", "coding")},
    decode(content, 'hex'), size, sha256, address, received_at, received_by_id,
    {_told("outcome", "reason")}, total, coalesce(accepted, 0),
    total - coalesce(accepted, 0) - coalesce(quarantined, 0), coalesce(quarantined, 0)
FROM told LEFT JOIN counted USING (id)
RETURNING id, accepted, quarantined
"""

# Bodies that are kept already: only their punches are written.
_WRITE_PUNCHES = f"""{_PUNCHES}
SELECT id, coalesce(accepted, 0), coalesce(quarantined, 0)
FROM told LEFT JOIN counted USING (id)
"""

# Punch by punch through the key: it must never read the whole table to compare a few lines.
_DIFFERING = f"""{_TOLD}
SELECT DISTINCT known.id, line.upload_id, line.state, line.verify, line.work_code
FROM line CROSS JOIN LATERAL (
    SELECT * FROM {PUNCH} p
    WHERE p.device_id = line.device_id AND p.pin = line.pin AND p.local_time = line.local_time
    LIMIT 1
) known
WHERE (known.state, known.verify, known.work_code)
    IS DISTINCT FROM (line.state, line.verify, line.work_code)
"""


def as_json(rows: Sequence[Row]) -> str:
    # One text is read much faster than twenty arrays, each with its own dump and parser.
    return f"[{','.join(map(_row_as_json, rows))}]"


def _row_as_json(row: Row) -> str:
    # Figures and times need no escaping, and most of the rest is encoded already.
    known = f'"upload_id":{row["upload_id"]},' if row["upload_id"] else ""
    return (
        f'{{{known}{_common_as_json(_common(row))},"content":"{row["content"].hex()}"'
        f',"size":{row["size"]},"sha256":"{row["sha256"]}","received_at":"{row["received_at"]}"'
        f',"latest":"{row["latest"]}","total":{row["total"]},"lines":{json.dumps(row["lines"])}}}'
    )


@lru_cache(maxsize=4096)
def _common_as_json(values: tuple[Any, ...]) -> str:
    told = dict(zip(_COMMON, values, strict=True))
    return json.dumps({k: v for k, v in told.items() if k not in _USUAL or v != _USUAL[k]})[1:-1]


def in_order(found: Iterable[tuple[int, int, int]]) -> list[Written]:
    """Return what WRITE returned in the order of its rows."""
    return sorted(itertools.starmap(Written, found))


def _write_at_once(rows: Sequence[Row]) -> list[Written]:
    if any(row["upload_id"] for row in rows):
        return [_write_punches(row) if row["upload_id"] else _write_new([row])[0] for row in rows]
    return _write_new(rows)


def _write_new(rows: Sequence[Row]) -> list[Written]:
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [as_json(rows)])
        return in_order(cursor.fetchall())


def _write_punches(row: Row) -> Written:
    with connection.cursor() as cursor:
        cursor.execute(_WRITE_PUNCHES, [as_json([row])])
        return Written(*cursor.fetchone())


# SQLite

_KEPT = (
    "device_id", "serial", "channel", "table", "name", "layout", "coding", "content", "size",
    "sha256", "address", "received_at", "received_by_id", "outcome", "reason",
)  # fmt: skip
_KEEP_SQLITE = f"""
INSERT INTO {UPLOAD} (
    device_id, serial, channel, "table", name, layout, coding, content, size, sha256, address,
    received_at, received_by_id, outcome, reason, total, accepted, duplicate, quarantined
) VALUES (
    %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s
) RETURNING id
"""

_WRITE_SQLITE = f"""
INSERT INTO {PUNCH} (
    device_id, time_zone, channel, upload_id, pin, local_time, at, state, verify, work_code,
    quarantine, employee_id
) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, (
    SELECT p.employee_id FROM {PIN} p JOIN {EMPLOYEE} e ON e.id = p.employee_id
    WHERE p.number = %s AND e.agency_id = %s
        AND p.valid_from <= %s AND (p.valid_until IS NULL OR p.valid_until >= %s)
)) ON CONFLICT (device_id, pin, local_time) DO NOTHING
"""

_COUNT_SQLITE = f"""
SELECT count(*), count(nullif(quarantine, '')) FROM {PUNCH} WHERE upload_id = %s
"""

_RECOUNT_SQLITE = f"""
UPDATE {UPLOAD} SET accepted = %s, quarantined = %s, duplicate = total - %s WHERE id = %s
"""

# CROSS JOIN: line by line through the key, here too.
_DIFFERING_SQLITE = f"""
WITH line AS (
    SELECT json_extract(value, '$[0]') AS upload_id, json_extract(value, '$[1]') AS device_id,
        json_extract(value, '$[2]') AS pin, json_extract(value, '$[3]') AS local_time,
        CAST(nullif(json_extract(value, '$[4]'), '') AS INTEGER) AS state,
        CAST(nullif(json_extract(value, '$[5]'), '') AS INTEGER) AS verify,
        json_extract(value, '$[6]') AS work_code
    FROM json_each(%s)
)
SELECT DISTINCT known.id, line.upload_id, line.state, line.verify, line.work_code
FROM line CROSS JOIN {PUNCH} known
WHERE known.device_id = line.device_id AND known.pin = line.pin
    AND known.local_time = line.local_time
    AND (known.state IS NOT line.state OR known.verify IS NOT line.verify
        OR known.work_code IS NOT line.work_code)
"""


def _write_one(row: Row) -> Written:
    """Count as if every line were new, which nearly every body is, and again where that fails."""
    zone, latest = ZoneInfo(row["time_zone"]), row["latest"]
    lines = [(*line, _doubt(line[1], latest)) for line in punch_columns(row["lines"])]
    quarantined = sum(1 for line in lines if line[-1])
    accepted, upload_id = len(lines) - quarantined, row["upload_id"]
    with connection.cursor() as cursor:
        if upload_id is None:
            counts = (row["total"], accepted, row["total"] - len(lines), quarantined)
            at = connection.ops.adapt_datetimefield_value(row["received_at"])
            kept = {**row, "received_at": at}
            cursor.execute(_KEEP_SQLITE, (*(kept[name] for name in _KEPT), *counts))
            (upload_id,) = cursor.fetchone()
        common = (row["device_id"], row["time_zone"], row["channel"], upload_id)
        cursor.executemany(_WRITE_SQLITE, [
            (
                *common, pin, local, _utc(local, zone), state or None, verify or None, code, doubt,
                _number(pin), row["agency_id"], local[:10], local[:10],
            )
            for pin, local, state, verify, code, doubt in lines
        ])  # fmt: skip
        if cursor.rowcount == len(lines) and row["upload_id"] is None:
            return Written(upload_id, accepted, quarantined)
        cursor.execute(_COUNT_SQLITE, [upload_id])
        count, quarantined = cursor.fetchone()
        cursor.execute(_RECOUNT_SQLITE, [count - quarantined, quarantined, count, upload_id])
    return Written(upload_id, count - quarantined, quarantined)


def _utc(local: str, zone: ZoneInfo) -> str:
    """Return a wall time as the moment that SQLite stores."""
    moment = datetime.fromisoformat(local).replace(tzinfo=zone).astimezone(UTC)
    return moment.replace(tzinfo=None).isoformat(" ")


def _doubt(local: str, latest: str) -> str:
    if local < EARLIEST_TEXT:
        return CLOCK_RESET
    return IN_FUTURE if local > latest else ""


def _number(pin: str) -> int | None:
    """Return the number that a PIN writes; no other PIN is somebody's."""
    short = pin.lstrip("0")
    return int(short) if pin.isascii() and pin.isdigit() and 0 < len(short) < 10 else None
