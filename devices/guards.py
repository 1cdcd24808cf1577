"""What a step of a SOP must find done with machines, with the rows that are missing."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from devices.models import Device, Punch
from devices.overview import SHOWN_MISSING, devices_of, enrolment_rows, readiness
from devices.punches import day_bounds, subject_days
from devices.services.sessions import IN_SERVICE
from foundation.indonesian import period_label
from organization.models import Agency
from workflows.registry import Missing, StepContext, guard

LIST = "/mesin/"
BOARD = "/mesin/perekaman/"
IMPORT = "/mesin/impor/"


@guard("devices.machines_registered")
def machines_registered(context: StepContext) -> Sequence[Missing]:
    """At least one approved machine, and none that waits for approval."""
    devices = list(devices_of(context.agency_id))
    if not devices:
        return [Missing("Belum ada mesin sidik jari yang didaftarkan.", LIST)]
    waiting = [
        Missing(
            f"{device.name} ({device.serial}) belum disetujui: cocokkan nomor serinya dulu.",
            device_link(device),
        )
        for device in devices
        if device.state == Device.State.REGISTERED
    ]
    if not waiting and not any(device.state in IN_SERVICE for device in devices):
        return [Missing("Semua mesin sedang dinonaktifkan; aktifkan paling sedikit satu.", LIST)]
    return waiting


@guard("devices.everyone_enrolled")
def everyone_enrolled(context: StepContext) -> Sequence[Missing]:
    """Every active employee is recorded under supervision, excepted, or promised for a day that is
    not yet over."""
    agency = Agency.objects.get(pk=context.agency_id)
    rows = enrolment_rows(agency, context.now)
    if not rows:
        return [Missing("Belum ada pegawai aktif yang dapat direkam.", "")]
    missing = [
        Missing(
            f"{row.employee.name} ({row.employee.number}): {row.label.lower()}",
            f"{BOARD}{row.employee.pk}/",
        )
        for row in rows
        if not row.settled
    ]
    rest = len(missing) - SHOWN_MISSING
    if rest > 0:
        return [*missing[:SHOWN_MISSING], Missing(f"dan {rest} pegawai lainnya", BOARD)]
    return missing


@guard("devices.machines_ready")
def machines_ready(context: StepContext) -> Sequence[Missing]:
    """Every machine that is not suspended is active, was checked today, and has the right time."""
    suspended = Device.State.SUSPENDED
    devices = [d for d in devices_of(context.agency_id) if d.state != suspended]
    if not devices:
        return [Missing("Belum ada mesin yang aktif.", LIST)]
    found = [(device, readiness(device, context.now)) for device in devices]
    return [Missing(reason, device_link(device)) for device, reason in found if reason]


@guard("devices.punches_received")
def punches_received(context: StepContext) -> Sequence[Missing]:
    """At least one believed punch of a known employee in the subject's days."""
    days = subject_days(context.subject)
    if days is None:
        return [Missing(f"Berkas “{context.subject}” bukan bulan atau hari.", "")]
    agency = Agency.objects.get(pk=context.agency_id)
    start, end = day_bounds(*days, ZoneInfo(agency.time_zone))
    rows = Punch.objects.counted().between(start, end).filter(employee__agency=agency)
    if rows.exists():
        return []
    return [
        Missing(
            f"Belum ada data transaksi absen untuk {period_label(context.subject)}: "
            "tarik atau impor log mesin.",
            IMPORT,
        )
    ]


def device_link(device: Device) -> str:
    return f"{LIST}{device.pk}/"
