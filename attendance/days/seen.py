"""Whose days somebody may look at: his own, his staff's, and those of agencies he has a role in."""

from datetime import datetime

from attendance.models import people_of
from organization.models import Agency, Employee, User
from organization.permissions import may

CAPABILITY = "recap.view"


def staff_seen(user: User, agency: Agency, at: datetime) -> set[int] | None:
    """Return the ids of the people whose days he may see here; None means everybody's."""
    return None if may(user, CAPABILITY, agency, at) else people_of(user, at)


def employee_seen(user: User, employee_id: int, at: datetime) -> Employee | None:
    """Return the employee if his days may be shown to this user."""
    # By the primary key: Django itself knows that an id out of its range is nobody's.
    employee = Employee.objects.select_related("agency", "unit").filter(pk=employee_id).first()
    if employee is None or employee.pk == user.employee_id:
        return employee
    seen = staff_seen(user, employee.agency, at)
    return employee if seen is None or employee.pk in seen else None


def sees_through(user: User, employee: Employee, capability: str, at: datetime) -> bool:
    """Say whether he may open what a capability shows of this person, or what is his staff's."""
    return (
        employee.pk == user.employee_id
        or may(user, capability, employee.agency_id, at)
        or employee.pk in people_of(user, at)
    )


def has_staff(user: User) -> bool:
    """Say whether somebody stands below the user; one small query."""
    return (
        user.employee_id is not None and Employee.objects.filter(superior=user.employee_id).exists()
    )
