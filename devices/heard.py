"""Until when machines have told their punches: what was pressed later may still lie in them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import BigAutoField, OuterRef, Subquery

from devices.models import Device, RawUpload
from devices.services.pulling import OUTSIDE_HOURS
from foundation.prepared import PreparedQuery, Slot


@dataclass(frozen=True, slots=True)
class Heard:
    """A machine in service, since when it is known, and its last good contact (None: never)."""

    device_id: int
    name: str
    registered_at: datetime
    heard_at: datetime | None

    def may_hold(self, at: datetime) -> bool:
        """Say whether punches made before this moment may still lie in the machine."""
        return self.registered_at < at and (self.heard_at is None or self.heard_at < at)


_NEWEST = RawUpload.objects.filter(device=OuterRef("pk")).order_by("-id").values("received_at")
_MACHINES = PreparedQuery(
    lambda: (
        Device.objects.filter(agency=Slot("agency", BigAutoField()))
        .annotate(told_at=Subquery(_NEWEST[:1]))
        .order_by("name", "id")
    )
)


@dataclass(frozen=True, slots=True)
class Machines:
    """The machines of an agency: the ids of all, and how far those in service were heard."""

    ids: frozenset[int]  # whatever became of them
    heard: list[Heard]


def machines_of(agency_id: int) -> Machines:
    """Return the machines of an agency, in one query."""
    rows = _MACHINES.all(agency=agency_id)
    heard = [
        Heard(row.pk, row.name, row.registered_at, _heard_at(row, row.told_at))  # type: ignore[attr-defined]
        for row in rows
        if row.state == Device.State.ACTIVE
    ]
    return Machines(frozenset(row.pk for row in rows), heard)


def _heard_at(device: Device, told_at: datetime | None) -> datetime | None:
    """Return the last moment at which the machine surely held nothing back.

    One that calls is heard whenever it calls. One that is called must have been fetched: its next
    fetch is set when one succeeds, at most an hour ahead (and a little). A file that somebody
    brought in is heard like the rest.
    """
    contact = device.last_contact_at
    if device.is_pulled and contact is not None:
        fetched = device.pull_at - OUTSIDE_HOURS if device.pull_at else None
        contact = min(contact, fetched) if fetched and not device.pull_failures else None
    return max((at for at in (contact, told_at) if at is not None), default=None)
