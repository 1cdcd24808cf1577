"""Who signs a document, as it is printed: post, name with titles, rank, NIP, the decree."""

from datetime import datetime

from documents.exceptions import DocumentRefused
from foundation.indonesian import date_text
from organization import nip
from organization.models import Agency, Appointment, Employee, EmploymentStatus
from organization.permissions import local_date
from processes.models import Instance, Task

# Who acts for somebody signs in his place: Plh. before Plt. before the holder himself.
_PRECEDENCE = (
    Appointment.Capacity.DAILY_ACTING,
    Appointment.Capacity.ACTING,
    Appointment.Capacity.DEFINITIVE,
)


def signature(
    *,
    agency: Agency,
    role: str,
    instance: Instance | None,
    now: datetime,
    on_behalf_of: str = "",
) -> dict[str, str]:
    """Return ttd: jabatan, nama, pangkat, nip, a_n and sk of whoever holds the role in the agency.

    Of several holders it is the one who last worked on the instance in that role; else who acts
    for another, else the one appointed first. Raises DocumentRefused when nobody holds the role.
    """
    holders = _holders(agency, role, now)
    if not holders:
        raise DocumentRefused(
            f"Dokumen tidak dapat ditandatangani: belum ada {role} yang bertugas di {agency.name}. "
            "Lengkapi penugasannya, lalu coba lagi."
        )
    holder = _last_worker(holders, role, instance) or holders[0]
    employee = _employee(holder)
    return {
        "jabatan": _office(holder),
        "nama": employee.name if employee else holder.user.get_full_name(),
        "pangkat": rank_text(employee) if employee else "",
        "nip": nip_text(employee) if employee else "",
        "a_n": _post(agency, on_behalf_of) if on_behalf_of else "",
        "sk": _decree(holder),
    }


def _holders(agency: Agency, role: str, now: datetime) -> list[Appointment]:
    valid = Appointment.objects.valid_on(local_date(agency, now)).valid_at(now)
    rows = valid.filter(agency=agency, role=role, user__is_active=True)
    return sorted(
        rows.select_related("user__employee", "agency"),
        key=lambda row: (_PRECEDENCE.index(Appointment.Capacity(row.capacity)), row.pk),
    )


def _last_worker(
    holders: list[Appointment], role: str, instance: Instance | None
) -> Appointment | None:
    if instance is None:
        return None
    by_user = {row.user_id: row for row in reversed(holders)}
    worked = Task.objects.filter(instance=instance, lane=role, owner_id__in=by_user)
    last = worked.exclude(claimed_at=None).order_by("-claimed_at", "-id").first()
    return by_user.get(last.owner_id or 0) if last else None


def _employee(holder: Appointment) -> Employee | None:
    return holder.user.employee


def _office(holder: Appointment) -> str:
    """Return the office as it is signed: an acting officer signs as "Plt. <the post>"."""
    if holder.capacity == Appointment.Capacity.DEFINITIVE:
        employee = _employee(holder)
        return (employee.position if employee else "") or holder.role
    label = Appointment.Capacity(holder.capacity).label
    return f"{label} {_post(holder.agency, holder.role)}"


def _decree(holder: Appointment) -> str:
    """Return the letter by which somebody acts for another; who holds the post needs none."""
    if holder.capacity == Appointment.Capacity.DEFINITIVE or not holder.letter_number:
        return ""
    return f"Nomor {holder.letter_number} tanggal {date_text(holder.valid_from)}"


def _post(agency: Agency, role: str) -> str:
    """Return what the post is called: the position of its last definitive holder, or the role."""
    rows = Appointment.objects.filter(
        agency=agency, role=role, capacity=Appointment.Capacity.DEFINITIVE
    )
    last = rows.select_related("user__employee").order_by("-valid_from", "-id").first()
    employee = _employee(last) if last else None
    return (employee.position if employee else "") or role


def rank_text(employee: Employee) -> str:
    """Return "Pembina Utama Muda (IV/c)"; whichever part there is."""
    if employee.rank and employee.grade:
        return f"{employee.rank} ({employee.grade})"
    return employee.rank or employee.grade


def nip_text(employee: Employee) -> str:
    """Return the NIP as it is printed; a person without one has none to print."""
    return "" if employee.status == EmploymentStatus.HONORER else nip.display(employee.number)
