"""Who signs a report beside the holders of roles: somebody we know, or a line for his name."""

from organization.contexts import person
from organization.models import Employee, User

DOTS = "." * 40


def signer(employee: Employee | None, office: str) -> dict[str, str]:
    """Return nama, nip, pangkat and jabatan as somebody signs; dots under the office for nobody."""
    if employee is None:
        return {"nama": DOTS, "nip": "", "pangkat": "", "jabatan": office}
    known = person(employee)
    # Below a name no dash stands for the rank that somebody has not.
    return {**known, "pangkat": known["pangkat"].strip("-")}


def signer_of(user: User | None, office: str) -> dict[str, str]:
    """Return the same for an account; one without an employee signs with its name."""
    if user is None or user.employee is not None:
        return signer(user.employee if user else None, office)
    return {"nama": user.get_full_name(), "nip": "", "pangkat": "", "jabatan": office}
