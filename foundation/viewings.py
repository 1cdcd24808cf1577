"""Who looked at what is sensitive: one row per look, none where it is one's own."""

from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from foundation.actors import Actor
from foundation.models import Viewing

PHOTO: Final = "photo"
LETTER: Final = "letter"
EVIDENCE: Final = "evidence"
COPY: Final = "copy"
KINDS = {
    PHOTO: "foto",
    LETTER: "pindaian surat ketidakhadiran",
    EVIDENCE: "bukti koreksi",
    COPY: "salinan data pribadi",
}


def note_viewing(
    *, kind: str, subject: str, person_id: int, own_id: int | None, actor: Actor, now: datetime
) -> None:
    """Note that somebody opened it; `own_id` is the employee that he himself is.

    One insert, in no transaction of its own: where it cannot be written nothing is handed out.
    """
    if kind not in KINDS:
        raise ValueError(kind)
    if own_id == person_id:
        return
    Viewing.objects.create(
        at=now,
        actor_id=actor.user_id,
        actor_name=actor.name,
        kind=kind,
        subject=subject,
        person_id=person_id,
    )


def viewings_of(person_id: int) -> QuerySet[Viewing]:
    """Return who looked at what is about this person, the newest first."""
    return Viewing.objects.filter(person_id=person_id)
