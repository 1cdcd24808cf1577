"""How each machine stands to what it should hold, for the enrolment board."""

from dataclasses import dataclass
from datetime import datetime

from devices.models import Device
from devices.overview import devices_of
from devices.services.planning import plan_for
from devices.services.sessions import IN_SERVICE
from organization.models import Agency


@dataclass(frozen=True)
class MachineRow:
    """A machine in service; `text` says in words what it lacks or has too much."""

    device: Device
    text: str
    drifts: bool


def machine_rows(agency: Agency, now: datetime) -> list[MachineRow]:
    """Return the machines that hold, or should hold, the agency's people; a few queries each."""
    devices = devices_of(agency).filter(state__in=IN_SERVICE).select_related("agency")
    return [_row(device, now) for device in devices]


def _row(device: Device, now: datetime) -> MachineRow:
    plan = plan_for(device, now)
    return MachineRow(device, str(plan), drifts=not plan.is_empty)
