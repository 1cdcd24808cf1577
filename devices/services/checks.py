"""Looking after machines: are they there, is their clock right."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from devices.exceptions import NotAllowedNow
from devices.models import Device, DeviceCommand
from devices.pull.client import DeviceStatus
from devices.services.commands import Order
from devices.services.pursuing import ask
from devices.services.sessions import machine_session, note_status
from foundation import ledger
from foundation.actors import Actor

Kind = DeviceCommand.Kind
CLOCK_TOLERANCE = 120  # seconds; the office's own figure, no rule names one
FRESH = timedelta(hours=24)  # a check older than this says nothing about today


def check_device(*, device: Device, actor: Actor, now: datetime) -> DeviceStatus:
    """Ask a machine how it is and keep the answer; DeviceError when it cannot be asked."""
    with machine_session(device, now=now) as session:
        status = session.status
    record_check(device=device, status=status, actor=actor, now=now)
    return status


def ask_device(*, device: Device, actor: Actor, now: datetime, since: datetime) -> None:
    """Ask a machine that calls us for its figures; Postponed until it has answered."""
    ask(device=device, wanted=Order(Kind.INFO), actor=actor, now=now, since=since)
    device.refresh_from_db()
    _record(device, actor, {"users": device.user_count, "fingers": device.finger_count}, now)


@transaction.atomic
def record_check(*, device: Device, status: DeviceStatus, actor: Actor, now: datetime) -> None:
    """Keep what a machine said of itself at `now`, with an event."""
    if device.checked_at is None or device.checked_at < now:
        note_status(device, status, now=now)
    _record(device, actor, {"clock_offset": device.clock_offset, "users": status.users}, now)


def set_clock(*, device: Device, actor: Actor, now: datetime) -> None:
    """Set the machine's clock to the true time of its zone and keep what it shows then."""
    started = timezone.now()
    with machine_session(device, now=now) as session:
        true = now + (timezone.now() - started)
        session.client.set_clock(true.astimezone(device.zone).replace(tzinfo=None))
        status = session.client.status()
        note_status(device, status, now=now + (timezone.now() - started))
    ledger.record(
        stream=device.agency,
        actor=actor,
        verb="device_clock_set",
        subject=device.subject,
        after={"clock_offset": device.clock_offset},
        now=now,
    )


def ask_clock(*, device: Device, actor: Actor, now: datetime, since: datetime) -> None:
    """Let a machine that calls us take the time from us; Postponed until it has answered."""
    ask(device=device, wanted=Order(Kind.SET_TIME), actor=actor, now=now, since=since)
    ledger.record(
        stream=device.agency,
        actor=actor,
        verb="device_clock_set",
        subject=device.subject,
        now=now,
    )


@transaction.atomic
def confirm_clock(*, device: Device, offset: int, actor: Actor, now: datetime) -> None:
    """Keep what a person read off a machine that cannot be asked: seconds its clock is ahead."""
    if device.is_pulled:
        raise NotAllowedNow(f"Jam {device.name} dibaca sistem: tekan “Periksa mesin”.")
    device.clock_offset, device.checked_at, device.check_error = offset, now, ""
    device.save(update_fields=["clock_offset", "checked_at", "check_error"])
    _record(device, actor, {"clock_offset": offset, "by_hand": True}, now)


def _record(device: Device, actor: Actor, after: dict[str, object], now: datetime) -> None:
    ledger.record(
        stream=device.agency,
        actor=actor,
        verb="device_checked",
        subject=device.subject,
        after=after,
        now=now,
    )


def is_fresh(device: Device, now: datetime) -> bool:
    return device.checked_at is not None and now - device.checked_at <= FRESH


def clock_is_right(device: Device) -> bool:
    return device.clock_offset is not None and abs(device.clock_offset) <= CLOCK_TOLERANCE
