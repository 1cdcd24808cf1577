"""The run of a letter's procedure: begun, stopped, offered anew.

Which SOP that is, its files say: the one whose subject is a letter.
"""

import logging
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from attendance.exceptions import AlreadyDecided, LetterRefused
from attendance.letters.texts import letter_title
from attendance.models import AbsenceLetter
from attendance.services.letter_rows import locked, record, state
from foundation.actors import SYSTEM, Actor
from organization.models import User
from processes import services as processes
from processes.models import Instance, Task
from workflows import repository
from workflows.definitions import SubjectKind, TaskKind

logger = logging.getLogger(__name__)


def key_of_procedure() -> str:
    """Return the key of the SOP about letters; raise LetterRefused where none is offered."""
    for definition in repository.all():
        if definition.subject is SubjectKind.LETTER:
            return definition.key
    raise LetterRefused("SOP surat ketidakhadiran belum terpasang; hubungi pengelola aplikasi.")


def is_running(letter: AbsenceLetter) -> bool:
    return letter.instance is not None and letter.instance.status == Instance.Status.RUNNING


def begin(
    letter: AbsenceLetter, *, user: User | None, actor: Actor, now: datetime
) -> AbsenceLetter:
    """Begin the run of a locked letter; the procedure finds its first step by what is there.

    `user` is None for the system. One whose earlier run was stopped is checked anew.
    """
    before = state(letter)
    if letter.status == AbsenceLetter.Status.CHECKED:
        letter.status = AbsenceLetter.Status.SUBMITTED
    letter.escalated_at = None
    letter.save()  # the first gateway reads the row
    letter.instance = processes.start_process(
        definition_key=key_of_procedure(),
        agency=letter.employee.agency,
        subject=str(letter.pk),
        actor_user=user,
        now=now,
        title=letter_title(letter),
        permitted=True,
    )
    letter.save()
    record(letter, "letter_handed_in", before=before, actor=actor, now=now)
    return letter


def stop(letter: AbsenceLetter, *, reason: str, actor: Actor, now: datetime) -> None:
    """Stop the run of a locked letter, if it has one.

    Raises AlreadyDecided while the system is working on what a person has just answered.
    """
    instance = letter.instance
    if instance is None or instance.status != Instance.Status.RUNNING:
        return
    open_states = (Task.Status.READY, Task.Status.CLAIMED, Task.Status.FAILED)
    busy = Task.objects.filter(instance=instance, kind=TaskKind.AUTOMATIC)
    if busy.filter(status__in=open_states).exists():
        raise AlreadyDecided("Surat ini sedang diproses sistem; muat ulang sebentar lagi.")
    processes.stop_process(instance_id=instance.pk, actor=actor, reason=reason, now=now)


def retitle(letter: AbsenceLetter) -> None:
    """Let the run be called by what the letter says now."""
    if letter.instance_id is not None:
        Instance.objects.filter(pk=letter.instance_id).update(title=letter_title(letter))


def begin_missing_runs(*, now: datetime) -> int:
    """Begin a run for every undecided letter that never had one; return how many.

    Letters of before the procedure go on from here: what is not scanned or was returned lies with
    the operator, what is scanned with whoever checks it. One that fails stops no other.
    """
    begun = 0
    for letter_id in _without_run():
        try:
            begun += _begin_missing(letter_id, now)
        except Exception as error:
            logger.error("letter %s got no run: %s", letter_id, type(error).__name__)
    return begun


def _without_run() -> Iterator[int]:
    letters = AbsenceLetter.objects.undecided().filter(instance=None).order_by("pk")
    yield from letters.values_list("pk", flat=True)


@transaction.atomic
def _begin_missing(letter_id: int, now: datetime) -> bool:
    letter = locked(letter_id)
    if letter.instance_id is not None or not letter.is_undecided:
        return False
    begin(letter, user=None, actor=SYSTEM, now=now)
    return True
