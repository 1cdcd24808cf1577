"""The outbox handlers of this room: thin over services, one for both channels."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from devices import services
from devices.models import Device
from devices.services.requests import actor_from_payload
from foundation.actors import Actor
from foundation.outbox import handles
from organization.models import Agency


@dataclass(frozen=True)
class Asked:
    """Work that a person asked for at a moment."""

    actor: Actor
    now: datetime
    since: datetime

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> "Asked":
        now = timezone.now()
        told = payload.get("asked_at")
        since = datetime.fromisoformat(told) if told else now
        return cls(actor_from_payload(payload["actor"]), now, since)

    @property
    def arguments(self) -> dict[str, Any]:
        """What every service takes."""
        return {"actor": self.actor, "now": self.now}

    @property
    def arguments_since(self) -> dict[str, Any]:
        """What a service takes that waits for a machine."""
        return {**self.arguments, "since": self.since}


def _device(payload: Mapping[str, Any]) -> Device:
    return Device.objects.select_related("agency").get(pk=payload["id"])


def _agency(payload: Mapping[str, Any]) -> Agency:
    return Agency.objects.get(pk=payload["id"])


@handles("devices.check")
def check(payload: Mapping[str, Any]) -> None:
    device, asked = _device(payload), Asked.of(payload)
    if device.is_pulled:
        services.check_device(device=device, **asked.arguments)
    else:
        services.ask_device(device=device, **asked.arguments_since)


@handles("devices.check_machines")
def check_machines(payload: Mapping[str, Any]) -> None:
    services.check_machines(agency=_agency(payload), **Asked.of(payload).arguments_since)


@handles("devices.set_clock")
def set_clock(payload: Mapping[str, Any]) -> None:
    device, asked = _device(payload), Asked.of(payload)
    if device.is_pulled:
        services.set_clock(device=device, **asked.arguments)
    else:
        services.ask_clock(device=device, **asked.arguments_since)


@handles("devices.push_users")
def push_users(payload: Mapping[str, Any]) -> None:
    services.push_users_to(device=_device(payload), **Asked.of(payload).arguments_since)


@handles("devices.pull_punches")
def pull_punches(payload: Mapping[str, Any]) -> None:
    device, asked = _device(payload), Asked.of(payload)
    if payload.get("scheduled"):
        services.pull_as_scheduled(device=device, now=asked.now)
    elif device.is_pulled:
        services.pull_punches(device=device, **asked.arguments)
    else:
        services.ask_punches(device=device, **asked.arguments_since)


@handles("devices.sync_fingerprints")
def sync_fingerprints(payload: Mapping[str, Any]) -> None:
    services.sync_fingerprints(agency=_agency(payload), **Asked.of(payload).arguments_since)


@handles("devices.adopt")
def adopt(payload: Mapping[str, Any]) -> None:
    services.adopt_uploads(device=_device(payload), **Asked.of(payload).arguments)
