"""Notes that somebody opened what is sensitive about a person (foundation/viewings.py)."""

from datetime import datetime

from foundation.viewings import note_viewing
from organization.models import User
from organization.permissions import person


def note_look(*, user: User, kind: str, subject: str, person_id: int | None, now: datetime) -> None:
    """Note it, unless it is his own or about nobody in particular; one insert, no query."""
    if person_id is None:
        return
    note_viewing(
        kind=kind,
        subject=subject,
        person_id=person_id,
        own_id=user.employee_id,
        actor=person(user),
        now=now,
    )
