"""What Word files about people need, as plain data."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from foundation.indonesian import date_text
from foundation.models import Event
from organization.mandates.duties import letter_texts
from organization.models import Agency, Appointment, Employee
from organization.nip import display
from organization.operations import instance_of
from organization.questions import officers_of
from workflows.registry import (
    NothingToReport,
    Request,
    StepContext,
    document_context,
    report_check,
    report_context,
)

HANDING_OVER = ("initial_password_issued", "password_reset")
NOTHING_HANDED_OVER = (
    "Tidak ada akun petugas yang diserahkan pada tanggal ini; pilih tanggal mulai tugasnya atau "
    "tanggal sandinya diberikan."
)


def person(employee: Employee | None) -> dict[str, str]:
    """Return a person as a letter names him; NIP is text in its four groups."""
    if employee is None:
        return {"nama": "", "nip": "", "pangkat": "", "jabatan": ""}
    rank = f"{employee.rank} ({employee.grade})" if employee.grade else employee.rank
    return {
        "nama": employee.name,
        "nip": display(employee.number),
        "pangkat": rank or "-",
        "jabatan": employee.position or "-",
    }


@document_context("organization.officers")
def officers(context: StepContext) -> Mapping[str, Any]:
    """Return `petugas`, one row per person and role, with `dasar`, `berlaku` and `pendamping`.

    `pendamping` is the first of them in the role that the parameter `cosignatory` names, as
    somebody signs beside another; {} where there is none. Those whom this instance appointed; in an
    instance that appointed nobody, those who serve now.
    """
    appointments = _appointments(context)
    rows = [
        {
            "no": number,
            **person(appointment.user.employee),
            "peran": appointment.title,
            "tugas": list(letter_texts().duties.get(appointment.role, ())),
        }
        for number, appointment in enumerate(appointments, start=1)
    ]
    role = context.parameters.get("cosignatory", "")
    beside = (person(a.user.employee) for a in appointments if a.role == role)
    return {
        "petugas": rows,
        "dasar": _basis(appointments),
        "berlaku": _validity(appointments),
        "pendamping": next(beside, {}),
    }


@document_context("organization.integrity_pacts")
def integrity_pacts(context: StepContext) -> Mapping[str, Any]:
    """Return `petugas` with one entry per appointed person, whatever number of roles he has."""
    entries: dict[int, dict[str, Any]] = {}
    for appointment in _appointments(context):
        entry = entries.setdefault(
            appointment.user_id,
            {"no": len(entries) + 1, **person(appointment.user.employee), "peran": ""},
        )
        entry["peran"] = ", ".join(filter(None, [entry["peran"], appointment.title]))
    return {"petugas": list(entries.values()), "dasar": list(letter_texts().basis)}


@report_context("organization.account_receipts")
def account_receipts(context: Request) -> Mapping[str, Any]:
    """Return `akun`, one entry per officer whose account was handed over; never a password.

    About a day ("2026-04-17") it is those of that day; a step tells of all whom it appointed.
    `tanggal` is the day from which the roles hold, `peran` all of them. Raises NothingToReport.
    """
    entries: dict[int, dict[str, Any]] = {}
    appointments = _appointments(context)
    if not isinstance(context, StepContext):
        handed = _handed_over(context)
        appointments = [row for row in appointments if row.user_id in handed]
        if not appointments:
            raise NothingToReport(NOTHING_HANDED_OVER)
    for appointment in appointments:
        user = appointment.user
        entry = entries.setdefault(
            user.pk,
            {
                "no": len(entries) + 1,
                "kunci": f"akun-{user.pk}",
                **person(user.employee),
                "nama": user.get_full_name() or user.username,
                "nama_pengguna": user.username,
                "peran": "",
                "surat": appointment.letter_number or "-",
                "tanggal": date_text(appointment.valid_from),
            },
        )
        entry["peran"] = ", ".join(filter(None, [entry["peran"], appointment.title]))
    return {"akun": list(entries.values())}


@report_check("organization.account_receipts")
def no_receipts(context: Request) -> str:
    """Return what says that no account was handed over on the day; "" where one was."""
    handed = _handed_over(context)
    return "" if any(a.user_id in handed for a in _appointments(context)) else NOTHING_HANDED_OVER


def _handed_over(context: Request) -> set[int]:
    """Return whose account was handed over on the day: by a first password, or with the role."""
    day = date.fromisoformat(context.subject)
    agency = Agency.objects.get(pk=context.agency_id)
    begins = datetime.combine(day, time(), ZoneInfo(agency.time_zone))
    issued = Event.objects.filter(
        verb__in=HANDING_OVER, at__gte=begins, at__lt=begins + timedelta(days=1)
    )
    users = {
        int(subject.rpartition(":")[2]) for subject in issued.values_list("subject", flat=True)
    }
    begun = Appointment.objects.filter(agency=agency, valid_from=day)
    return users | set(begun.values_list("user", flat=True))


def _appointments(context: Request) -> Sequence[Appointment]:
    agency = Agency.objects.get(pk=context.agency_id)
    if not isinstance(context, StepContext):
        return officers_of(agency, context.now, roles=letter_texts().duties.keys())
    own = Appointment.objects.filter(
        agency=agency, source__startswith=f"{instance_of(context)}#", revoked_at=None
    )
    found = list(own.select_related("user__employee", "agency").order_by("pk"))
    return found or officers_of(agency, context.now, roles=letter_texts().duties.keys())


def _basis(appointments: Sequence[Appointment]) -> list[str]:
    letters = dict.fromkeys(a.letter_number for a in appointments if a.letter_number)
    if letters:
        return [*letter_texts().basis, f"Petunjuk atasan: surat nomor {', '.join(letters)}."]
    return [*letter_texts().basis, "Petunjuk atasan tentang penugasan ini."]


def _validity(appointments: Sequence[Appointment]) -> dict[str, str]:
    if not appointments:
        return {"mulai": "-", "sampai": "-"}
    ends = [a.valid_until for a in appointments if a.valid_until is not None]
    return {
        "mulai": date_text(min(a.valid_from for a in appointments)),
        "sampai": date_text(min(ends)) if ends else "dicabut",
    }
