"""What machines hold, beside what they can hold and what we have of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from devices.models import Device, DeviceCommand, Punch, RawUpload

ALMOST_FULL = 90  # per cent


@dataclass(frozen=True)
class Share:
    """One store of a machine, as a bar shows it."""

    label: str
    used: int
    capacity: int | None

    @property
    def percent(self) -> int | None:
        return round(100 * self.used / self.capacity) if self.capacity else None

    @property
    def is_almost_full(self) -> bool:
        return (self.percent or 0) >= ALMOST_FULL


def shares(device: Device) -> list[Share]:
    """Return users, fingers and log, as far as the machine told."""
    rows = [
        ("Pengguna", device.user_count, device.user_capacity),
        ("Sidik jari", device.finger_count, device.finger_capacity),
        ("Catatan absen", device.punch_count, device.punch_capacity),
    ]
    return [Share(label, used, capacity) for label, used, capacity in rows if used is not None]


@dataclass(frozen=True)
class Backlog:
    """What is on its way: records that only the machine has, commands that only we have."""

    punches: int | None = None  # None where the machine did not say how many it holds
    waiting: int = 0
    sent: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.punches or self.waiting or self.sent)


def backlogs(devices: Sequence[Device]) -> dict[int, Backlog]:
    """Return the backlog of each machine by id; two queries. Count for a page, not for all."""
    telling = [device.pk for device in devices if device.punch_count is not None]
    stored = Punch.objects.filter(device__in=telling).values_list("device_id")
    ours: dict[int | None, int] = dict(stored.annotate(Count("id")))
    commands = DeviceCommand.objects.open().filter(device__in=devices).order_by()
    state = DeviceCommand.State
    told = {
        pk: (waiting, sent)
        for pk, waiting, sent in commands.values_list("device").annotate(
            waiting=Count("id", filter=Q(state=state.WAITING)),
            sent=Count("id", filter=Q(state=state.SENT)),
        )
    }
    return {
        device.pk: Backlog(
            # A log that was emptied at the machine holds less than we have.
            None
            if device.punch_count is None
            else max(device.punch_count - ours.get(device.pk, 0), 0),
            *told.get(device.pk, (0, 0)),
        )
        for device in devices
    }


def last_punches(device: Device, limit: int) -> QuerySet[Punch]:
    """Return the latest punches of the latest bodies: a log of years is not gone through."""
    bodies = RawUpload.objects.filter(device=device, accepted__gt=0).order_by("-id")
    latest = list(bodies.values_list("id", flat=True)[:limit])
    punches = Punch.objects.counted().filter(upload__in=latest).select_related("employee")
    return punches.order_by("-at")[:limit]
