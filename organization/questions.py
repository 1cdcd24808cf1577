"""What other rooms and screens ask about people: who serves now, whose data are whole."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from organization.mandates.roles import ROLES
from organization.models import (
    Agency,
    ApiToken,
    Appointment,
    Employee,
    EmployeeQuerySet,
    SecondFactor,
    User,
)
from organization.permissions import agencies_where, local_date

SECOND_FACTOR = "account.second_factor"  # of roles.toml


@dataclass(frozen=True)
class Incomplete:
    """An employee and which of the five data of stage 2 are missing."""

    employee: Employee
    missing: tuple[str, ...]


def officers_of(
    agency: Agency, at: datetime, *, roles: Collection[str] | None = None
) -> list[Appointment]:
    """Return the appointments valid at this moment, in the order they were given."""
    found = Appointment.objects.valid_at(at).valid_on(local_date(agency, at))
    found = found.filter(agency=agency, user__is_active=True)
    if roles is not None:
        found = found.filter(role__in=roles)
    return list(found.select_related("user__employee__unit", "agency").order_by("pk"))


def incomplete_employees(agency: Agency, on: date) -> list[Incomplete]:
    """Return the active employees who lack one of nama, NIP, pangkat, jabatan, foto."""
    people = Employee.objects.filter(agency=agency).active(on).incomplete()
    return [Incomplete(person, tuple(person.missing_data())) for person in people]


def without_second_factor(at: datetime) -> int:
    """Return how many accounts hold a role that needs a second step, and have none."""
    roles = [role for role, capabilities in ROLES.items() if SECOND_FACTOR in capabilities]
    holders = Appointment.objects.valid_at(at).filter(role__in=roles, user__is_active=True)
    guarded = SecondFactor.objects.filter(confirmed_at__isnull=False).values("user")
    return holders.exclude(user__in=guarded).values("user").distinct().count()


def tokens_of(user: User, at: datetime) -> QuerySet[ApiToken]:
    """Return the tokens by which programs can still act as this person, newest first."""
    return user.api_tokens.filter(revoked_at=None, expires_at__gt=at).order_by("-pk")


def visible_employees(user: User, at: datetime) -> EmployeeQuerySet:
    """Return whom this person may see: all of the agencies his roles open, himself, his staff."""
    mine = Q(agency__in=agencies_where(user, "employees.view", at))
    if user.employee_id is not None:
        mine |= Q(pk=user.employee_id) | Q(superior=user.employee_id)
    return Employee.objects.filter(mine)


def officers_problem(
    officers: Sequence[Appointment], roles: Sequence[str], minimum: int, on: date
) -> str:
    """Return why these officers do not satisfy art. 7(1) any more; empty if they do."""
    serving = [a for a in officers if is_eligible(a.user.employee, on)]
    vacant = [role for role in roles if all(a.role != role for a in serving)]
    if vacant:
        return f"Belum ada petugas yang sah sebagai {', '.join(vacant)}."
    people = {a.user_id for a in serving}
    if len(people) < minimum:
        return f"Baru {len(people)} petugas yang sah; paling sedikit {minimum} orang."
    return ""


def is_eligible(person: Employee | None, on: date) -> bool:
    """Say whether this is an active PNS; the same rule as `eligible_as_officer`, for one row."""
    if person is None:
        return False
    return Employee.objects.filter(pk=person.pk).eligible_as_officer(on).exists()
