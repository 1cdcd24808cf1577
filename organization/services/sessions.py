"""Sessions that end before their time."""

from django.db.models import F

from organization.models import User


def end_sessions(*, user_id: int) -> None:
    """Let no session of the account that exists now open anything again.

    Part of another act, which leaves the event: a right was taken away, a phone was lost.
    """
    User.objects.filter(pk=user_id).update(session_epoch=F("session_epoch") + 1)


def end_sessions_of_employee(*, employee_id: int) -> None:
    """Do the same for somebody known as an employee, who may have no account."""
    User.objects.filter(employee=employee_id).update(session_epoch=F("session_epoch") + 1)
