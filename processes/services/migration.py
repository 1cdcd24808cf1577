"""Running instances carried over to a new version of their SOP, one by one, with a reason.

An instance keeps the definition it was started with until somebody who may says otherwise. What
would have to be guessed is refused (`workflows.engine_carry_over`), and so is what would change the
record: the tasks that were done must lead, on the new diagram, to where the instance stands, and
keep their numbers. Open tasks stay the rows that they are, with owner, draft and clock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from foundation.ledger import Entry
from foundation.models import Event
from organization.models import User
from organization.permissions import actor_for
from processes.audit.measured import conformance, flags
from processes.context import instance_context, names_of
from processes.definitions import definition_of, keep, kept_definition
from processes.exceptions import (
    CarryOverRefused,
    InvalidAnswers,
    ProcessError,
)
from processes.models import Definition, Instance, Task
from processes.services.advance import apply_snapshot
from processes.services.deeds import CARRY_OVER
from processes.services.locking import save_instance
from processes.version_changes import changes, words_of_open
from workflows import engine, engine_carry_over, repository
from workflows.definitions import ProcessDefinition


@dataclass(frozen=True)
class Preview:
    """What a hand-over would do to one instance, in sentences; with a reason it is refused."""

    instance: Instance
    version: str
    stays: tuple[str, ...]
    moves: tuple[str, ...]
    reasons: tuple[str, ...]

    @property
    def is_possible(self) -> bool:
        return not self.reasons


@dataclass(frozen=True)
class CarriedOver:
    """What came of one instance of many; `refusal` is empty where it was carried over."""

    instance_id: int
    refusal: str = ""


def current_version(key: str) -> str | None:
    """Return the version of a SOP that is deployed now; None where it is not there any more."""
    try:
        return repository.get(key).version
    except (repository.UnknownProcess, repository.DefinitionError):
        return None


def current_title(key: str) -> str:
    """Return what a SOP is called now; its key where it is not there any more."""
    try:
        return repository.get(key).head.title
    except (repository.UnknownProcess, repository.DefinitionError):
        return key


def version_of(key: str, version: str) -> ProcessDefinition:
    """Return a version that is deployed or ever ran; raise `InvalidAnswers` for another."""
    try:
        if version == current_version(key):
            return repository.get(key)
        return kept_definition(key, version)
    except Definition.DoesNotExist as error:
        raise InvalidAnswers({"version": "Versi SOP ini tidak dikenal."}) from error


def preview(instance: Instance, definition: ProcessDefinition) -> Preview:
    """Return what stays, what moves and every reason against carrying an instance over. Reads only.

    `definition` is another version of the instance's SOP.
    """
    old = definition_of(instance)
    tasks = list(instance.tasks.order_by("pk").select_related("owner__employee"))
    return Preview(
        instance=instance,
        version=definition.version,
        stays=tuple(words_of_open(tasks, old)),
        moves=tuple(changes(old, definition, tasks)),
        reasons=tuple(_reasons(instance, old, definition, tasks)),
    )


def _reasons(
    instance: Instance, old: ProcessDefinition, new: ProcessDefinition, tasks: Sequence[Task]
) -> list[str]:
    if instance.status != Instance.Status.RUNNING:
        return [f"Berkas ini sudah {instance.get_status_display().lower()}."]
    if new.version == old.version:
        return ["Berkas ini sudah memakai versi itu."]
    state = bytes(instance.state)
    done = conformance.in_order(tasks, completions_of(instance, tasks))
    told = [task.step for task in conformance.course(tasks, done)]
    try:
        carried = engine_carry_over.carry_over(old, new, state)
    except engine_carry_over.CarryOverRefused as refusal:
        return [*refusal.reasons, *_renumbered(old, new, done)]
    except engine.EngineError as refusal:
        return [str(refusal)]
    return [*engine_carry_over.course_obstacles(new, carried, told), *_renumbered(old, new, done)]


def completions_of(instance: Instance, tasks: Iterable[Task]) -> dict[int, int]:
    """Return the number of the event by which each task was left, by task id."""
    events = Event.objects.filter(stream=instance.stream).order_by("sequence")
    columns = ("sequence", "at", "verb", "subject")
    moments = [flags.EventMoment(*row) for row in events.values_list(*columns)]
    return flags.completions(moments, tasks)


def _renumbered(old: ProcessDefinition, new: ProcessDefinition, done: Iterable[Task]) -> list[str]:
    """Return which steps that were done bear another number now: their record would be misread."""
    found = []
    for step in dict.fromkeys(task.step for task in done):
        before, after = (
            old.tasks[step].number,
            new.tasks[step].number if step in new.tasks else None,
        )
        if before is not None and after != before:
            became = f"nomor {after}" if after is not None else "tanpa nomor"
            found.append(
                f"“{old.tasks[step].name}” sudah selesai sebagai tahap {before}, "
                f"tetapi di versi baru {became}."
            )
    return found


@transaction.atomic
def carry_over(
    *, instance_id: int, version: str, actor_user: User, reason: str, now: datetime
) -> Instance:
    """Let a running instance go on by another version of its SOP, from where it stands.

    Raises `NotAllowed`, `InvalidAnswers` without a reason or for an unknown version, and
    `CarryOverRefused` with every reason against it; nothing has changed then.
    """
    instance = CARRY_OVER.locked(instance_id, actor_user, now)
    reason = CARRY_OVER.reason_for(instance, reason)
    new = version_of(instance.definition_key, version)
    old = definition_of(instance)
    found = preview(instance, new)
    if not found.is_possible:
        raise CarryOverRefused(found.reasons)
    _apply(instance, old, new, actor_user, reason, now)
    return instance


def _apply(
    instance: Instance,
    old: ProcessDefinition,
    new: ProcessDefinition,
    user: User,
    reason: str,
    now: datetime,
) -> None:
    """Write the state, the definition and what the new version begins on the edges of tasks."""
    before = bytes(instance.state)
    state = engine_carry_over.carry_over(old, new, before)
    waited = {task.engine_id for task in engine.ready(old, before)}
    waiting = engine.ready(new, state)
    snapshot = engine.Snapshot(
        state=state,
        ready=waiting,
        opened=tuple(task for task in waiting if task.engine_id not in waited),
        ended=False,
        end_event="",
    )
    kept = keep(new, now=now)
    instance.definition, instance.definition_key = kept, new.key
    instance.definition_version = new.version
    actor = actor_for(user, None, instance.agency_id, now)
    context = instance_context(instance, new, actor=actor, now=now)
    names = names_of(instance, new, context, instance.form)
    following = apply_snapshot(instance, new, snapshot, rows_of=names.rows, now=now)
    entry = Entry(
        actor=actor,
        verb="instance_carried_over",
        subject=f"processes.instance:{instance.pk}",
        before={"version": old.version},
        after={"version": new.version, "reason": reason},
    )
    save_instance(
        instance,
        [entry, *following.entries],
        now=now,
        definition_id=kept.pk,
        definition_version=new.version,
        **following.changes,
    )


def carry_over_many(
    *, instance_ids: Iterable[int], version: str, actor_user: User, reason: str, now: datetime
) -> list[CarriedOver]:
    """Carry several instances of one SOP over, each in a transaction of its own."""
    found = []
    for instance_id in instance_ids:
        try:
            carry_over(
                instance_id=instance_id,
                version=version,
                actor_user=actor_user,
                reason=reason,
                now=now,
            )
        except ProcessError as refusal:
            found.append(CarriedOver(instance_id, str(refusal)))
        else:
            found.append(CarriedOver(instance_id))
    return found
