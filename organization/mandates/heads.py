"""Which roles head an agency, and which agencies nobody heads: what only he decides waits there."""

from datetime import datetime

from django.db.models import QuerySet

from organization.mandates.duties import officer_roles
from organization.mandates.roles import ROLES
from organization.models import Agency, Appointment
from organization.permissions import local_date

HEADS = "audit.weekly"  # of roles.toml: the capability of who leads the work of an agency


def head_roles() -> list[str]:
    """Return the roles that head an agency."""
    return [role for role, capabilities in ROLES.items() if HEADS in capabilities]


def headless(agencies: QuerySet[Agency], at: datetime) -> list[Agency]:
    """Return those of these agencies that had a head or all officers, and have no head now."""
    heads, officers = set(head_roles()), set(officer_roles())
    rows = Appointment.objects.filter(agency__in=agencies, role__in=heads | officers)
    roles: dict[Agency, set[str]] = {}
    headed = set()
    for row in rows.select_related("agency", "user").order_by("agency__name", "pk"):
        roles.setdefault(row.agency, set()).add(row.role)
        if row.role in heads and _serves(row, at):
            headed.add(row.agency)
    begun = (one for one, held in roles.items() if held & heads or held >= officers)
    return [agency for agency in begun if agency not in headed]


def _serves(row: Appointment, at: datetime) -> bool:
    is_revoked = row.revoked_at is not None and row.revoked_at <= at
    return not is_revoked and row.user.is_active and row.covers(local_date(row.agency, at))
