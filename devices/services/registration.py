"""Registering machines and moving them through their life; ignoring those that are not ours."""

import ipaddress
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from devices.exceptions import NotAllowedNow
from devices.lifecycle import DeviceLifecycle, TransitionNotAllowed
from devices.models import Caller, Device
from devices.services.requests import actor_to_payload
from devices.services.secrets import seal_comm_key
from devices.services.sessions import IN_SERVICE
from foundation import ledger, outbox
from foundation.actors import Actor
from foundation.cells import clean
from organization.models import Agency

EQUIPMENT = ("has_battery", "has_scanner", "has_computer", "has_internet", "equipment_notes")
EDITABLE = (
    "name", "place", "protocol", "host", "port", "over_udp", "dialect", "time_zone", *EQUIPMENT,
)  # fmt: skip
# One line each: they stand in lists, and the name in what machines are told.
LINES = ("name", "place", "equipment_notes")
MAX_COMM_KEY = 999_999
MOVES = {
    "approve": "device_approved",
    "activate": "device_activated",
    "suspend": "device_suspended",
    "retire": "device_retired",
}


@transaction.atomic
def register_device(
    *,
    agency: Agency,
    serial: str,
    name: str,
    protocol: str,
    actor: Actor,
    now: datetime,
    comm_key: int = 0,
    **details: Any,
) -> Device:
    """Create a machine; it waits for approval.

    `details` are place, host, port, over_udp, dialect, time_zone and the equipment's fields. What a
    terminal of this serial announced when it called is taken over. Raises ValidationError by field
    (serial in use, no valid address, ...).
    """
    device = Device(
        agency=agency,
        serial=serial.strip(),
        name=name,
        protocol=protocol,
        registered_at=now,
        registered_by_id=actor.user_id,
        **{"time_zone": agency.time_zone, **_heard_of(serial.strip()), **details},
    )
    check_device_values(device, comm_key)
    device.comm_key_sealed = seal_comm_key(device.serial, comm_key)
    device.save()
    ledger.record(
        stream=agency,
        actor=actor,
        verb="device_registered",
        subject=device.subject,
        after={"serial": device.serial, **_values(device)},
        now=now,
    )
    return device


def _heard_of(serial: str) -> dict[str, Any]:
    """Return what a terminal told that called before anybody registered it."""
    caller = Caller.objects.filter(serial=serial).first()
    if caller is None:
        return {}
    return {
        "dialect": caller.dialect,
        "push_version": str(caller.announced.get("push_version", ""))[:12],
        "last_contact_at": caller.last_seen_at,
        "last_address": caller.address,
    }


@transaction.atomic
def ignore_caller(
    *, caller: Caller, agency: Agency, reason: str, actor: Actor, now: datetime
) -> Caller:
    """Say that a terminal is none of ours; what it sent is kept, and it may still be registered.

    The event stands in the ledger of `agency`, for which the actor decides.
    """
    reason = clean(reason)[:200]
    if not reason:
        raise NotAllowedNow("Tulis mengapa mesin ini diabaikan.")
    fresh = Caller.objects.select_for_update(no_key=True).get(pk=caller.pk)
    if fresh.ignored_at is not None:
        raise NotAllowedNow(f"Mesin {fresh.serial} sudah diabaikan. Muat ulang halaman.")
    fresh.ignored_at, fresh.ignored_by_id, fresh.reason = now, actor.user_id, reason
    fresh.save(update_fields=["ignored_at", "ignored_by", "reason"])
    ledger.record(
        stream=agency,
        actor=actor,
        verb="caller_ignored",
        subject=f"devices.caller:{fresh.pk}",
        after={"serial": fresh.serial, "reason": reason},
        now=now,
    )
    return fresh


@transaction.atomic
def update_device(
    *,
    device: Device,
    changes: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    comm_key: int | None = None,
) -> Device:
    """Change what is editable, never the serial number; `comm_key` None keeps the old key."""
    fresh = _locked(device)
    before = _values(fresh)
    for field in EDITABLE:
        if field in changes:
            setattr(fresh, field, changes[field])
    check_device_values(fresh, comm_key or 0)
    if comm_key is not None:
        fresh.comm_key_sealed = seal_comm_key(fresh.serial, comm_key)
    fresh.save()
    ledger.record(
        stream=fresh.agency,
        actor=actor,
        verb="device_changed",
        subject=fresh.subject,
        before=before,
        after={**_values(fresh), "comm_key_changed": comm_key is not None},
        now=now,
    )
    return fresh


def _locked(device: Device) -> Device:
    """Return the machine's row under the lock of its agency, as whoever keeps what it sends."""
    ledger.lock(device.agency)
    return Device.objects.select_for_update(no_key=True).get(pk=device.pk)


@transaction.atomic
def move_device(*, device: Device, move: str, actor: Actor, now: datetime) -> Device:
    """Approve, activate, suspend or retire a machine; NotAllowedNow when its state forbids it."""
    fresh = _locked(device)
    before = fresh.state
    try:
        getattr(DeviceLifecycle(fresh), move)()
    except TransitionNotAllowed as error:
        raise NotAllowedNow(
            f"{fresh.name} sedang berstatus “{fresh.get_state_display()}”; langkah ini tidak "
            "berlaku. Muat ulang halaman mesin."
        ) from error
    fresh.save(update_fields=["state"])
    ledger.record(
        stream=fresh.agency,
        actor=actor,
        verb=MOVES[move],
        subject=fresh.subject,
        before={"state": before},
        after={"state": fresh.state},
        now=now,
    )
    if fresh.state in IN_SERVICE:
        _adopt_soon(fresh, actor, now)
    return fresh


def _adopt_soon(device: Device, actor: Actor, now: datetime) -> None:
    """Have made into punches what the machine sent before, and again what is on its way now."""
    payload = {"id": device.pk, "actor": actor_to_payload(actor)}
    for wait in (timedelta(0), timedelta(minutes=1)):
        outbox.enqueue(
            kind="devices.adopt",
            key=f"devices.adopt:{device.pk}:{now + wait:%Y%m%dT%H%M%S.%f}",
            payload=payload,
            run_after=now + wait,
        )


def approve_device(*, device: Device, actor: Actor, now: datetime) -> Device:
    return move_device(device=device, move="approve", actor=actor, now=now)


def activate_device(*, device: Device, actor: Actor, now: datetime) -> Device:
    return move_device(device=device, move="activate", actor=actor, now=now)


def suspend_device(*, device: Device, actor: Actor, now: datetime) -> Device:
    return move_device(device=device, move="suspend", actor=actor, now=now)


def retire_device(*, device: Device, actor: Actor, now: datetime) -> Device:
    return move_device(device=device, move="retire", actor=actor, now=now)


def check_device_values(device: Device, comm_key: int) -> None:
    """Raise ValidationError, by field, where a machine's values do not fit each other."""
    errors: dict[str, Any] = {}
    for field in LINES:
        setattr(device, field, clean(getattr(device, field)))
    told_by_people = {"serial", *EDITABLE}
    others = {f.name for f in Device._meta.get_fields()} - told_by_people
    try:
        device.full_clean(exclude=others, validate_constraints=False)
    except ValidationError as error:
        errors.update(error.error_dict)
    if device.is_pulled and not device.host:
        errors.setdefault("host", ["Isi alamat IP mesin, misalnya 192.168.1.201."])
    if device.host and "host" not in errors and not _is_of_a_machine(device.host):
        errors["host"] = ["Ini bukan alamat sebuah mesin; lihat menu Ethernet di mesin."]
    if not 0 <= comm_key <= MAX_COMM_KEY:
        errors["comm_key"] = ["Kunci komunikasi adalah angka 0 sampai 999999."]
    if errors:
        raise ValidationError(errors)


def _is_of_a_machine(host: str) -> bool:
    address = ipaddress.ip_address(host)
    return not (address.is_unspecified or address.is_multicast or address.is_reserved)


def _values(device: Device) -> dict[str, Any]:
    return {field: getattr(device, field) for field in EDITABLE}
