"""Punches that no machine told: from the signed list of an outage, from a correction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from devices.exceptions import NotAllowedNow
from devices.models import Punch
from organization.models import Employee

WITHOUT_A_MACHINE = (Punch.Channel.CHECK_IN, Punch.Channel.LIST, Punch.Channel.CORRECTION)
MOST_KEYS = 500  # asked for in one query


@dataclass(frozen=True, kw_only=True)
class ToldPunch:
    """That somebody was there at a moment. `source_key` (80 characters) names who told it."""

    employee: Employee
    at: datetime  # aware
    source_key: str


@transaction.atomic
def tell_punches(*, told: Sequence[ToldPunch], channel: Punch.Channel) -> int:
    """Keep punches that no machine told, each key once; return how many are new.

    The row that the key names carries who told it and why: its own service asks for permission and
    leaves the event. Told again with the same key nothing changes. NotAllowedNow for a channel of
    machines, and for a key that was told with another time: a punch is never edited.
    """
    if channel not in WITHOUT_A_MACHINE:
        raise NotAllowedNow("Absen dari mesin hanya dicatat oleh mesinnya.")
    known = _known({punch.source_key for punch in told})
    fresh: dict[str, Punch] = {}
    for punch in told:
        row = known.get(punch.source_key) or fresh.get(punch.source_key)
        if row is None:
            fresh[punch.source_key] = _row(punch, channel)
        elif (row.employee_id, row.at) != (punch.employee.pk, punch.at):
            raise NotAllowedNow("Absen ini sudah tercatat dengan jam lain; absen tidak diubah.")
    Punch.objects.bulk_create(fresh.values(), batch_size=500)
    return len(fresh)


def _known(keys: Collection[str]) -> dict[str, Punch]:
    wanted = sorted(keys)
    found: dict[str, Punch] = {}
    for start in range(0, len(wanted), MOST_KEYS):
        rows = Punch.objects.filter(source_key__in=wanted[start : start + MOST_KEYS])
        found.update((str(row.source_key), row) for row in rows)
    return found


def _row(punch: ToldPunch, channel: Punch.Channel) -> Punch:
    zone = punch.employee.agency.time_zone
    local = punch.at.astimezone(ZoneInfo(zone))
    return Punch(
        device=None,
        upload=None,
        source_key=punch.source_key,
        pin="",
        local_time=f"{local:%Y-%m-%d %H:%M:%S}",
        at=punch.at,
        time_zone=zone,
        channel=channel,
        employee=punch.employee,
    )
