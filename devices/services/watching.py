"""Looking after every machine by the clock: what is wrong is raised, what is right again cleared.

Only causes that can be measured; the others are raised by whoever meets them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q

from devices import health
from devices.models import Alarm, Device, Punch, RawUpload
from devices.services.alarms import clear_alarm, raise_alarm
from organization.calendars.working_calendars import WorkingCalendars
from organization.calendars.working_time import working_day
from organization.permissions import local_date

K = Alarm.Kind
MEASURED = (K.OFFLINE, K.CLOCK, K.LOG_FULL)
# Whoever settled an alarm knows of it; while its cause lasts he is asked again a day later.
QUIET = timedelta(days=1)
FRESH_BODIES = timedelta(hours=1)


@dataclass(frozen=True)
class Watched:
    """What one look at all machines changed."""

    machines: int
    raised: int
    cleared: int


def watch(now: datetime) -> Watched:
    """Judge every machine; safe to repeat, and by several at once."""
    note_clocks(now=now)
    devices = list(_machines())
    day = timedelta(days=1)
    agencies = {device.agency_id for device in devices}
    calendars = WorkingCalendars.load(agencies, now.date() - day, now.date() + day)
    known = Alarm.objects.filter(kind__in=MEASURED)
    standing = {(a.device_id, a.kind): a for a in known.open()}
    settled = known.filter(cleared_at__gt=now - QUIET, cleared_by__isnull=False)
    quiet = set(settled.values_list("device_id", "kind"))
    raised, cleared, lasting = 0, 0, []
    for device in devices:
        on = local_date(device.agency, now)
        calendar = calendars.of(device.agency_id)
        working = working_day(on, zone=device.zone, calendar=calendar)
        wrong, right = judge(device, now, working)
        for kind, text in wrong.items():
            alarm = standing.get((device.pk, kind))
            if alarm is not None and alarm.text == text:
                lasting.append(alarm.pk)
            elif alarm is not None or (device.pk, kind) not in quiet:
                raise_alarm(kind=kind, target=device.serial, text=text, device=device, now=now)
                raised += alarm is None
        for kind in right:
            if (device.pk, kind) in standing:
                cleared += clear_alarm(kind=kind, target=device.serial, now=now)
    Alarm.objects.open().filter(pk__in=lasting).update(last_seen_at=now)
    return Watched(len(devices), raised, cleared)


def _machines() -> Iterable[Device]:
    """Return machines in use, and those out of use that still have an alarm to clear."""
    alarmed = Alarm.objects.open().filter(kind__in=MEASURED, device__isnull=False)
    wanted = Q(state=Device.State.ACTIVE) | Q(pk__in=alarmed.values("device"))
    return Device.objects.filter(wanted).select_related("agency")


def judge(
    device: Device, now: datetime, working: tuple[datetime, datetime] | None
) -> tuple[Mapping[Alarm.Kind, str], set[Alarm.Kind]]:
    """Return what is wrong with a machine, in words, and what is certainly right.

    Outside punch hours a silent machine is neither: what was raised stays, nothing new is raised.
    """
    if device.state != Device.State.ACTIVE:
        return {}, set(MEASURED)
    wrong: dict[Alarm.Kind, str] = {}
    right: set[Alarm.Kind] = set()
    if health.is_silent_at_work(device, now, working):
        wrong[K.OFFLINE] = _sentence(device, health.offline_text(device, now))
    elif not health.is_silent(device, now):
        right.add(K.OFFLINE)
    if health.has_wrong_clock(device):
        wrong[K.CLOCK] = _sentence(device, f"jam {health.clock_text(device)}")
    elif device.checked_at is not None and not device.check_error:
        right.add(K.CLOCK)
    share = health.log_share(device)
    if share is not None and share >= health.FULL_AT:
        wrong[K.LOG_FULL] = _sentence(device, f"{health.log_text(device)} terisi")
    elif share is not None:
        right.add(K.LOG_FULL)
    return wrong, right


def _sentence(device: Device, text: str) -> str:
    return f"{device.name}: {text}."


def note_clocks(*, now: datetime) -> None:
    """Read the clocks of machines that call from their punches, beside what people read there.

    A machine that calls cannot be asked for its time; what it just sent tells it.
    """
    for device in Device.objects.in_use().pushing():
        if (offset := _offset_of(device, now)) is None:
            continue
        with transaction.atomic():
            fresh = Device.objects.select_for_update(no_key=True).get(pk=device.pk)
            fresh.clock_offset, fresh.checked_at, fresh.check_error = offset, now, ""
            fresh.save(update_fields=["clock_offset", "checked_at", "check_error"])


def _offset_of(device: Device, now: datetime) -> int | None:
    """Return the drift that the latest bodies of punches show; None when nothing new came."""
    bodies = RawUpload.objects.filter(
        device=device, channel=RawUpload.Channel.PUSH, accepted__gt=0
    ).order_by("-id")
    arrived = dict(bodies.values_list("id", "received_at")[: health.TELLING])
    fresh = {pk: at for pk, at in arrived.items() if at > now - FRESH_BODIES}
    if not fresh or (device.checked_at is not None and max(fresh.values()) <= device.checked_at):
        return None
    newest = Punch.objects.filter(upload__in=fresh).values_list("upload").annotate(Max("at"))
    return health.drift([round((at - fresh[pk]).total_seconds()) for pk, at in newest])
