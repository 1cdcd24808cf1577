"""Which outages bear on whose days.

An outage of all machines is about everybody. One machine's is about those who come and go by it,
and about those of whom no machine is known: only who used others, and never this one, in the time
before is judged without waiting for the list (our reading of art. 13; `usual_machine` in
policy.toml).
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from attendance.law.cases import Outage as State
from attendance.law.policy import settings
from attendance.models import Outage
from devices.models import Punch
from organization.models import Agency


@dataclass(frozen=True, slots=True)
class Outages:
    """The outages of an agency in some days, and by outage who is spared by it."""

    rows: list[Outage]
    spared: dict[int, frozenset[int]]

    @classmethod
    def load(cls, agency: Agency, first: date, last: date, people: Collection[int]) -> "Outages":
        """Read them: one query, and two for each outage of one machine."""
        rows = list(Outage.objects.filter(agency=agency).touching(first, last).defer("rows"))
        zone = ZoneInfo(agency.time_zone)
        return cls(rows, {row.pk: _spared(row, people, zone) for row in rows if row.device_id})

    def on(self, day: date) -> list[Outage]:
        """Return those of a day, whomever they are about."""
        return [row for row in self.rows if row.covers(day)]

    def state_on(self, day: date, employee_id: int | None = None) -> State:
        """Say whether machines were out of order, and whether all signed lists are in.

        Of a person: whether his were. None: of somebody whom every outage is about.
        """
        found = self.on(day)
        if not found:
            return State.NONE
        own = [row for row in found if employee_id not in self.spared.get(row.pk, ())]
        if not own:
            return State.OTHERS
        return State.LISTED if all(row.listed_at for row in own) else State.UNLISTED

    def spares(self, employee_id: int) -> bool:
        """Say whether any of them is not about this person."""
        return any(employee_id in people for people in self.spared.values())


def _spared(row: Outage, people: Collection[int], zone: ZoneInfo) -> frozenset[int]:
    """Return who used other machines before it began, never this one, and is on no list."""
    begins = datetime.combine(row.first_on, time(), zone)
    days = timedelta(days=int(settings()["usual_machine"].value))
    used = (
        Punch.objects.filter(employee__in=people, device__isnull=False)
        .filter(at__gte=begins - days, at__lt=begins)
        .order_by()
        .values_list("employee_id", "device_id")
        .distinct()
    )
    machines: dict[int, set[int]] = defaultdict(set)
    for employee_id, device_id in used:
        if employee_id is not None and device_id is not None:
            machines[employee_id].add(device_id)
    spared = {pk for pk, known in machines.items() if row.device_id not in known}
    listed = {int(key.split(":")[0]) for key in _typed(row)} if spared else set()
    return frozenset(spared - listed)


def _typed(row: Outage) -> Collection[str]:
    rows = Outage.objects.filter(pk=row.pk).values_list("rows", flat=True).first()
    return rows or {}
