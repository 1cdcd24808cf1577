"""What this room gives to documents: plain words and numbers."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models.functions import Substr

from devices.health import clock_text
from devices.models import Device, DeviceUser, Punch
from devices.overview import activity, devices_of, enrolment_rows, log_counts
from devices.punches import day_bounds, subject_days
from devices.recording import contexts as recording_contexts  # noqa: F401  registers itself
from foundation.indonesian import moment_text
from organization.models import Agency
from workflows.registry import StepContext, document_context

EQUIPMENT = {
    "has_battery": "baterai cadangan",
    "has_scanner": "pemindai",
    "has_computer": "komputer",
    "has_internet": "internet",
}


@document_context("devices.summary")
def summary(context: StepContext) -> Mapping[str, Any]:
    """Return `mesin` (one entry per machine), `perekaman` (counts) and `transaksi` (counts).

    Of a machine `hari` are the days of the period on which it told anything.
    """
    agency = Agency.objects.get(pk=context.agency_id)
    rows = enrolment_rows(agency, context.now)
    days = subject_days(context.subject)
    counts = log_counts(agency, *days) if days else None
    return {
        "mesin": [_device(device, agency, days) for device in devices_of(agency)],
        "perekaman": {
            "pegawai": len(rows),
            "terekam": sum(row.status == "recorded" for row in rows),
            "pengecualian": sum(row.status == "exception" for row in rows),
            "menyusul": sum(row.status == "later" for row in rows),
            "belum": sum(not row.settled for row in rows),
        },
        "transaksi": {
            "ketukan": counts.counted if counts else 0,
            "hari": len(activity(agency, *days)) if days else 0,
            "pin_tidak_dikenal": counts.unknown if counts else 0,
            "dikarantina": counts.quarantined + counts.rejected if counts else 0,
        },
    }


def _device(device: Device, agency: Agency, days: tuple[date, date] | None) -> dict[str, str | int]:
    at = device.last_contact_at
    punches = Punch.objects.counted().filter(device=device)
    if days:
        punches = punches.between(*day_bounds(*days, ZoneInfo(agency.time_zone)))
    return {
        "nama": device.name,
        "sn": device.serial,
        "lokasi": device.place or "-",
        "pegawai": DeviceUser.objects.filter(device=device).count(),
        "ketukan": punches.count(),
        "hari": punches.annotate(on=Substr("local_time", 1, 10)).values("on").distinct().count(),
        "status": device.get_state_display(),
        "cara": device.get_protocol_display(),
        "jam": clock_text(device),
        "kontak_terakhir": moment_text(at, agency.time_zone) if at else "belum pernah",
        "perlengkapan": equipment_text(device),
    }


def equipment_text(device: Device) -> str:
    """Return what stands beside the machine, in words."""
    present = [label for field, label in EQUIPMENT.items() if getattr(device, field)]
    if device.equipment_notes:
        present.append(device.equipment_notes)
    return ", ".join(present) or "-"
