"""The punches of people, for whoever judges days."""

import json
import re
import sqlite3
from calendar import monthrange
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from devices.models import Punch
from organization.models import Agency


@dataclass(frozen=True)
class PunchRow:
    """One believed punch of a known employee."""

    at: datetime  # aware
    local: datetime  # the same moment on the agency's wall, naive
    state: int | None  # 0 in, 1 out, 2-5 breaks and overtime, 255 not used by the machine
    verify: int | None  # 1 finger; other numbers depend on the machine's dialect
    source: str  # how it came: berkas, tarik (4370), kiriman mesin, presensi sendiri, koreksi, ...
    device_name: str  # empty where no machine told it


def punches_of(agency_id: int, first: date, last: date) -> dict[int, list[PunchRow]]:
    """Return the punches from the first to the last day, both whole, by employee id and in order.

    Days are those of the agency's calendar. Punches with an impossible time and of unknown numbers
    are not among them.
    """
    zone = ZoneInfo(Agency.objects.values_list("time_zone", flat=True).get(pk=agency_id))
    start, end = day_bounds(first, last, zone)
    rows = (
        Punch.objects.counted()
        .between(start, end)
        .filter(employee__agency_id=agency_id)
        .order_by("at", "id")
        .values_list("employee_id", "at", "state", "verify", "channel", "device__name")
    )
    found: dict[int, list[PunchRow]] = {}
    for employee_id, at, state, verify, channel, name in rows.iterator(chunk_size=2000):
        local = at.astimezone(zone).replace(tzinfo=None)
        source = str(Punch.Channel(channel).label)
        if employee_id is not None:
            row = PunchRow(at, local, state, verify, source, name or "")
            found.setdefault(employee_id, []).append(row)
    return found


@dataclass(frozen=True, slots=True)
class Stretch:
    """Minutes of an agency's wall clock, from midnight of a day on; the end is not included."""

    origin: date
    zone: ZoneInfo
    start: int
    end: int

    def moment(self, minute: int) -> datetime:
        """Return the moment at which the wall clock shows this minute."""
        return datetime.combine(self.origin, time(), self.zone) + timedelta(minutes=minute)

    def minute(self, at: datetime) -> int:
        """Return the minute of the wall clock; seconds are cut off."""
        local = at.astimezone(self.zone).replace(tzinfo=None)
        return (local - datetime.combine(self.origin, time())) // timedelta(minutes=1)


class Minutes(NamedTuple):
    """Punches of a person, each in the minute in which it was made, in no order.

    The special ones are told as minute:code:channel:machine, "1890:15:push:7".
    """

    plain: Sequence[int] = ()
    special: Sequence[str] = ()


def minutes_of_people(
    stretch: Stretch,
    people: Collection[int],
    *,
    plain_devices: Collection[int],
    plain_verify: Collection[int],
    without: Collection[int] = (),
) -> dict[int, Minutes]:
    """Return each person's believed punches as minutes since the origin, unordered.

    One query and one row per person, whatever the number of punches. `plain` are those told by
    these machines with these codes of verification, or none; `without` are left out.
    """
    if not people:
        return {}
    sql = _MINUTES[connection.vendor == "postgresql"]
    start, end = stretch.moment(stretch.start), stretch.moment(stretch.end)
    offsets = _offsets(stretch.zone, start, end)
    if len(offsets) > 1:  # an hour of the wall may come twice
        start, end = start - timedelta(hours=3), end + timedelta(hours=3)
    statement = sql["statement"].format(
        table=Punch._meta.db_table,
        wall=sql["wall"].format(shift=_shift_sql(stretch, offsets)),
        codes=", ".join(str(int(code)) for code in plain_verify),
        without=sql["without"] if without else "",
    )
    adapt = connection.ops.adapt_datetimefield_value
    lists = [_list(values) for values in (plain_devices, people, *([without] if without else []))]
    devices, persons, *left_out = lists
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            [devices, persons, adapt(start.astimezone(UTC)), adapt(end.astimezone(UTC)), *left_out],
        )
        return {pk: _minutes(text) for pk, text in cursor.fetchall()}


# What differs between the databases: how a moment becomes minutes, and how a list is handed over.
_STATEMENT = """
SELECT p.employee_id, {aggregate}(
    CASE
        WHEN (p.verify IS NULL OR p.verify IN ({{codes}})) AND {devices} THEN {minute}
        ELSE {minute} || ':' || coalesce({verify}, '')
            || ':' || p.channel || ':' || coalesce({device}, '')
    END, ' ')
FROM {{table}} p
WHERE {people} AND p.at >= %s AND p.at < %s AND p.quarantine = '' {{without}}
GROUP BY p.employee_id
"""
_POSTGRESQL = {
    "statement": _STATEMENT.format(
        aggregate="string_agg",
        minute="({wall})::text",
        devices="p.device_id = ANY(%s::bigint[])",
        verify="p.verify::text",
        device="p.device_id::text",
        people="p.employee_id = ANY(%s::bigint[])",
    ),
    "wall": "floor((date_part('epoch', p.at) + {shift}) / 60)::int",
    "without": "AND NOT p.id = ANY(%s::bigint[])",
}
_SQLITE_SECONDS = (  # the short way is the faster one, where SQLite knows it
    "unixepoch(p.at)"
    if sqlite3.sqlite_version_info >= (3, 38)
    else "CAST(strftime('%%s', p.at) AS INTEGER)"
)
_SQLITE = {
    "statement": _STATEMENT.format(
        aggregate="group_concat",
        minute="({wall})",
        devices="p.device_id IN (SELECT value FROM json_each(%s))",
        verify="p.verify",
        device="p.device_id",
        people="p.employee_id IN (SELECT value FROM json_each(%s))",
    ),
    "wall": f"({_SQLITE_SECONDS} + {{shift}}) / 60",
    "without": "AND p.id NOT IN (SELECT value FROM json_each(%s))",
}
_MINUTES = {True: _POSTGRESQL, False: _SQLITE}


def _minutes(text: str) -> Minutes:
    if ":" not in text:
        return Minutes(list(map(int, text.split())))
    told = text.split()
    special = [token for token in told if ":" in token]
    return Minutes([int(token) for token in told if ":" not in token], special)


def _list(values: Collection[int]) -> list[int] | str:
    return list(values) if connection.vendor == "postgresql" else json.dumps(list(values))


def _shift_sql(stretch: Stretch, offsets: Sequence[tuple[datetime, int]]) -> str:
    """Return what is added to the seconds of a moment, so that they count from the origin's wall.

    Both databases are told the zone's offsets: neither has to know it, nor to agree with Python.
    """
    origin = int(datetime.combine(stretch.origin, time(), UTC).timestamp())
    *changes, (_, last) = offsets
    text = str(last - origin)
    for until, offset in reversed(changes):
        moment = connection.ops.adapt_datetimefield_value(until)
        text = f"CASE WHEN p.at < '{moment}' THEN {offset - origin} ELSE {text} END"
    return f"({text})"


@lru_cache(maxsize=256)
def _offsets(zone: ZoneInfo, start: datetime, end: datetime) -> list[tuple[datetime, int]]:
    """Return the zone's offsets from UTC in seconds, each with the moment until which it holds."""

    def offset(at: datetime) -> int:
        shift = at.astimezone(zone).utcoffset()
        return int(shift.total_seconds()) if shift else 0

    at, hour, found = start.astimezone(UTC) - timedelta(hours=4), timedelta(hours=1), []
    at = at.replace(minute=0, second=0, microsecond=0)
    while at < end + timedelta(hours=4):
        if offset(at) != offset(at + hour):
            changed = next(
                at + timedelta(minutes=minute)
                for minute in range(1, 61)
                if offset(at + timedelta(minutes=minute)) != offset(at)
            )
            found.append((changed, offset(at)))
        at += hour
    return [*found, (at, offset(at))]


def day_bounds(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the first moment of the first day and the first moment after the last one."""
    after = last + timedelta(days=1)
    return datetime.combine(first, time(), zone), datetime.combine(after, time(), zone)


def subject_days(subject: str) -> tuple[date, date] | None:
    """Return the first and last day of a subject "2026-04" or "2026-04-30"; None for others."""
    if match := re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", subject):
        year, month = int(match[1]), int(match[2])
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    try:
        on = date.fromisoformat(subject)
    except ValueError:
        return None
    return on, on
