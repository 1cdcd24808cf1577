"""What the berita acara of a recording or change of fingerprints says (art. 8(2) to 8(4))."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from devices.models import Enrolment, LeftOutMachine, RerecordingPermit
from devices.models.people import FINGERS
from foundation.indonesian import date_text, day_name, moment_text, month_name, number_words
from organization.contexts import person
from organization.models import Agency, User
from organization.permissions import local_date
from workflows.registry import Request, report_context

CHANGE = "perubahan"
FIRST = "perekaman"


@report_context("devices.recordings")
def recordings(context: Request) -> Mapping[str, Any]:
    """Return `perekaman`: an entry per person whose fingers were recorded in the period.

    The period is the day or month that the context is about; without one, the day it is asked.
    An entry has `pegawai`, `jenis` (a first recording or a change), `hari` (the day in words),
    `jari` (finger, machine, SN, time), `alasan`, `tanpa_mesin` (machines on which the old finger is
    deleted later: `mesin`, `sn`, `alasan`), and who signs: `operator` and `pengelola`
    ({} where nobody supervised it yet). Fingers of one person on one day are one entry.
    """
    agency = Agency.objects.get(pk=context.agency_id)
    rows = (
        Enrolment.objects.current()
        .filter(employee__agency=agency, status=Enrolment.Status.RECORDED)
        .select_related(
            "employee__unit", "device", "recorded_by__employee", "supervised_by__employee"
        )
        .order_by("at", "pk")
    )
    asked = context.subject or local_date(agency, context.now).isoformat()
    zone = ZoneInfo(agency.time_zone)
    groups: dict[tuple[str, int], list[Enrolment]] = {}
    for row in rows:
        day = row.at.astimezone(zone).date().isoformat()
        if day.startswith(asked):
            groups.setdefault((day, row.employee_id), []).append(row)
    return {"perekaman": [entry_of(found, agency) for found in groups.values()]}


def entry_of(
    rows: Sequence[Enrolment], agency: Agency, *, recorded_by: User | None = None
) -> dict[str, Any]:
    """Return the entry of one person; `recorded_by` stands in where no machine told of one."""
    first = rows[0]
    employee = first.employee
    permit = _permit(first)
    supervisor = next((row.supervised_by for row in rows if row.supervised_by), None)
    return {
        "kunci": f"rekam-{first.pk}",
        "nama": employee.name,
        "pegawai": {**person(employee), "bidang": employee.unit.name if employee.unit else "-"},
        "jenis": CHANGE if permit else FIRST,
        "alasan": permit.reason if permit else "Perekaman pertama",
        "hari": day_in_words(first.at.astimezone(ZoneInfo(agency.time_zone))),
        "jari": [_finger(row, agency) for row in rows],
        "tanpa_mesin": _left_out(permit),
        "operator": _signer(first.recorded_by or recorded_by),
        "pengelola": _signer(supervisor) if supervisor else {},
    }


def _left_out(permit: RerecordingPermit | None) -> list[dict[str, str]]:
    """Return the machines that the removal of the old finger did not wait for."""
    if permit is None:
        return []
    rows = LeftOutMachine.objects.filter(request__permit=permit).select_related("device")
    return [
        {"mesin": row.device.name, "sn": row.device.serial, "alasan": row.reason.rstrip(".")}
        for row in rows.order_by("device__name", "pk")
    ]


def _finger(row: Enrolment, agency: Agency) -> dict[str, str]:
    return {
        "jari": FINGERS[row.finger] if row.finger is not None else "-",
        "mesin": row.device.name if row.device else "-",
        "sn": row.device.serial if row.device else "-",
        "waktu": moment_text(row.at, agency.time_zone),
        "diawasi": (
            moment_text(row.supervised_at, agency.time_zone) if row.supervised_at else "belum"
        ),
    }


def _permit(row: Enrolment) -> RerecordingPermit | None:
    """Return the leave to record anew under which this was recorded; none for a first recording."""
    given = RerecordingPermit.objects.filter(
        employee=row.employee, given_at__lte=row.at, valid_until__gt=row.at
    )
    return given.order_by("given_at").last()


def _signer(user: User | None) -> dict[str, str]:
    if user is None:
        return {"nama": "-", "nip": "", "pangkat": "", "jabatan": "-"}
    return {**person(user.employee), "nama": user.get_full_name() or user.username}


def day_in_words(at: datetime) -> str:
    """Return "Senin tanggal tiga belas bulan April tahun dua ribu dua puluh enam (13 April 2026)".

    As a berita acara opens.
    """
    return (
        f"{day_name(at)} tanggal {number_words(at.day)} bulan {month_name(at.month)} tahun "
        f"{number_words(at.year)} ({date_text(at)})"
    )
