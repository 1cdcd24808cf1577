"""The outbox handlers of this room: thin over services."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from devices import services
from devices.models import Device
from devices.services.requests import actor_from_payload
from foundation.outbox import handles
from organization.models import Agency


def _arguments(payload: Mapping[str, Any]) -> dict[str, Any]:
    device = Device.objects.select_related("agency").get(pk=payload["id"])
    actor = actor_from_payload(payload["actor"])
    return {"device": device, "actor": actor, "now": timezone.now()}


@handles("devices.check")
def check(payload: Mapping[str, Any]) -> None:
    services.check_device(**_arguments(payload))


@handles("devices.set_clock")
def set_clock(payload: Mapping[str, Any]) -> None:
    services.set_clock(**_arguments(payload))


@handles("devices.push_users")
def push_users(payload: Mapping[str, Any]) -> None:
    services.push_users(**_arguments(payload))


@handles("devices.pull_punches")
def pull_punches(payload: Mapping[str, Any]) -> None:
    arguments = _arguments(payload)
    if payload.get("scheduled"):
        services.pull_as_scheduled(device=arguments["device"], now=arguments["now"])
    else:
        services.pull_punches(**arguments)


@handles("devices.sync_fingerprints")
def sync_fingerprints(payload: Mapping[str, Any]) -> None:
    services.sync_fingerprints(
        agency=Agency.objects.get(pk=payload["id"]),
        actor=actor_from_payload(payload["actor"]),
        now=timezone.now(),
    )
