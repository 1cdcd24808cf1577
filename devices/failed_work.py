"""What the outbox's work of this room is called and what it is about, where it failed for good."""

from collections.abc import Mapping
from typing import Any

from devices.models import Device
from devices.services.requests import WORK
from foundation.incidents import About, describe
from organization.models import Agency

OF_AN_AGENCY = ("devices.check_machines", "devices.sync_fingerprints")


def _about_machine(payload: Mapping[str, Any]) -> About:
    device = Device.objects.get(pk=payload["id"])
    return About(text=device.name, agency_id=device.agency_id, link=f"/mesin/{device.pk}/")


def _about_agency(payload: Mapping[str, Any]) -> About:
    agency = Agency.objects.get(pk=payload["id"])
    link = f"/mesin/?pd={agency.code}"
    return About(text="Semua mesin", agency_id=agency.pk, link=link)


describe({kind: WORK[kind] for kind in OF_AN_AGENCY}, _about_agency)
describe(
    {kind: label for kind, label in WORK.items() if kind not in OF_AN_AGENCY}
    | {"devices.adopt": "Menerima kiriman yang menunggu"},
    _about_machine,
)
