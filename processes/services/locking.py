"""One task under its instance's lock, read with the actor's mandate in one query, and written back.

The instance's row is the lock of everything in it: tasks, state and ledger. On PostgreSQL the row
is locked; on SQLite the transaction itself holds the write lock. Both write by compare-and-swap, so
that a reader who was overtaken is told so instead of overwriting.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.db.models import (
    BigAutoField,
    DateField,
    DateTimeField,
    F,
    OuterRef,
    QuerySet,
    Subquery,
)
from django.db.models.functions import JSONObject

from foundation.actors import SYSTEM, Actor
from foundation.ledger import Entry, chain
from foundation.prepared import PreparedQuery, Slot, update_rows
from organization.models import Appointment, User
from organization.permissions import local_date, mandate_for
from processes.definitions import definition_of
from processes.exceptions import AlreadyDone, NotAllowed, ProcessError, TaskNotFound
from processes.lifecycle import TaskLifecycle, TransitionNotAllowed
from processes.models import Instance, Task
from processes.performers import named_people, title_of, vacancy
from workflows.definitions import ProcessDefinition, TaskDefinition


@dataclass(frozen=True)
class OpenTask:
    """A task read under the lock, and the person as the one an event names."""

    task: Task
    actor: Actor
    user: User | None

    @property
    def instance(self) -> Instance:
        return self.task.instance

    @property
    def definition(self) -> ProcessDefinition:
        return definition_of(self.task.instance)

    @property
    def step(self) -> TaskDefinition:
        return self.definition.tasks[self.task.step]


def subject_of(task: Task) -> str:
    return f"processes.task:{task.pk}"


def open_tasks(instance: Instance) -> QuerySet[Task]:
    """Return what still waits in an instance; what failed and was left behind does not."""
    states = (Task.Status.READY, Task.Status.CLAIMED, Task.Status.FAILED)
    return Task.objects.filter(instance=instance, status__in=states, effective_at=None)


def open_task(*, task_id: int, user: User | None, now: datetime) -> OpenTask:
    """Lock the task's instance and return the task with its actor; `user` is None for the system.

    Raises `TaskNotFound`, or `NotAllowed` when no mandate for the lane in that agency is valid now;
    where data name the people, they are asked again. The caller is in a transaction.
    """
    if user is None:
        task = _TASK.first(task=task_id)
    else:
        days = {
            "earliest": now.date() - timedelta(days=1),
            "latest": now.date() + timedelta(days=1),
        }
        task = _TASK_WITH_MANDATE.first(task=task_id, user=user.pk, now=now, **days)
    if task is None:
        raise TaskNotFound("Tugas ini tidak ada.")
    if user is None:
        return OpenTask(task, SYSTEM, None)
    return OpenTask(task, (_named_actor if task.by_name else _actor)(task, user, now), user)


def _tasks() -> QuerySet[Task]:
    # The task is locked with its instance: PostgreSQL reads again, after waiting, what it locks and
    # nothing else. The instance comes first, as everywhere.
    tasks = Task.objects.select_for_update(of=("instance", "self"), no_key=True)
    return tasks.select_related("instance", "agency").filter(pk=Slot("task", BigAutoField()))


def _tasks_with_mandate() -> QuerySet[Task]:
    """Read along the appointment under which the user may act on the task."""
    appointments = (
        Appointment.objects.valid_within(
            Slot("now", DateTimeField()),
            Slot("earliest", DateField()),
            Slot("latest", DateField()),
        )
        .filter(user=Slot("user", BigAutoField()), user__is_active=True)
        .filter(role=OuterRef("lane"), agency=OuterRef("agency"))
        .order_by("capacity", "pk")  # "definitive" comes before "plh" and "plt"
    )
    row = JSONObject(
        name=F("user__employee__name"),
        capacity=F("capacity"),
        role=F("role"),
        first=F("valid_from"),
        last=F("valid_until"),
    )
    return _tasks().annotate(mandate=Subquery(appointments.values(row=row)[:1]))


_TASK = PreparedQuery(_tasks)
_TASK_WITH_MANDATE = PreparedQuery(_tasks_with_mandate)


def _actor(task: Task, user: User, now: datetime) -> Actor:
    """Return the user under the appointment that holds at this moment, also for what he was handed.

    Nothing else names him: who was handed a task and left since is refused before the clock has
    put it back.
    """
    read: dict[str, Any] | None = getattr(task, "mandate", None)
    if read is not None and _covers(read, local_date(task.agency, now)):
        title = Appointment(role=read["role"], capacity=read["capacity"]).title
        name = read["name"] or user.get_full_name()
        return Actor(user_id=user.pk, name=name[:150], acting_as=title)
    # The one that was read ended or begins around midnight; another may hold on this very day.
    held = mandate_for(user, task.lane, task.agency, now) if read is not None else None
    if held is not None:
        return Actor(user_id=user.pk, name=user.get_full_name()[:150], acting_as=held.title)
    raise NotAllowed(f"Tugas ini untuk {task.lane}; penugasan Anda tidak memberi wewenang itu.")


def _named_actor(task: Task, user: User, now: datetime) -> Actor:
    definition = definition_of(task.instance)
    people = named_people(task, definition, now)
    if user.is_active and user.pk in (people or ()):
        title = title_of(task, definition, user.pk, now)
        return Actor(user_id=user.pk, name=user.get_full_name()[:150], acting_as=title[:150])
    if not people:
        raise NotAllowed(f"{vacancy(task)} Tugas ini belum dapat diambil siapa pun.")
    raise NotAllowed(f"Tugas ini untuk {task.lane}; yang ditetapkan saat ini orang lain.")


def _covers(mandate: dict[str, Any], on: date) -> bool:
    last = mandate["last"]
    return date.fromisoformat(mandate["first"]) <= on and (
        last is None or on <= date.fromisoformat(last)
    )


def move_task(
    opened: OpenTask,
    move: Literal["claim", "release", "hand_over", "fail", "retry"],
    *,
    verb: str,
    now: datetime,
    told: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Task:
    """Take a legal step that moves no token: the row, its event, the instance's chain head.

    `told` is what the event says beside the state. Raises `AlreadyDone` where the step is not, or
    no longer, legal.
    """
    task = opened.task
    was, was_owner = task.status, task.owner_id
    try:
        getattr(TaskLifecycle(task), move)()
    except TransitionNotAllowed as error:
        raise overtaken(task.pk) from error
    save_task(task, was=was, was_owner=was_owner, **changes)
    entry = Entry(
        actor=opened.actor,
        verb=verb,
        subject=subject_of(task),
        before={"status": was, "owner": was_owner},
        after={"status": task.status, "owner": task.owner_id, **(told or {})},
    )
    save_instance(opened.instance, [entry], now=now)
    return task


def save_task(task: Task, *, was: str, was_owner: int | None, **changes: Any) -> None:
    """Write the changed columns if the task is still as it was read; else say who was faster."""
    for name, value in changes.items():
        setattr(task, name, value)
    saved = update_rows(
        Task,
        where={"id": task.pk, "status": was, "owner": was_owner},
        changes={"status": task.status, **changes},
    )
    if not saved:
        raise overtaken(task.pk)


def save_instance(
    instance: Instance, entries: Sequence[Entry], *, now: datetime, **changes: Any
) -> None:
    """Append the events and write the instance with its new chain head, as one step forward."""
    version = instance.version
    chain(instance, entries, now=now)
    for name, value in changes.items():
        setattr(instance, name, value)
    instance.version = version + 1
    head = {
        "version": instance.version,
        "ledger_length": instance.ledger_length,
        "ledger_hash": instance.ledger_hash,
    }
    saved = update_rows(
        Instance, where={"id": instance.pk, "version": version}, changes=head | changes
    )
    if not saved:
        raise AlreadyDone("Berkas ini baru saja diubah orang lain; muat ulang halaman.")


def overtaken(task_id: int) -> ProcessError:
    """Return the refusal that tells who did what to this task and when."""
    task = Task.objects.select_related("owner__employee", "agency", "instance").get(pk=task_id)
    who = task.owner.get_full_name() if task.owner else "Sistem"
    if task.status == Task.Status.COMPLETED and task.submitted_at:
        when = _clock(task.submitted_at, task)
        return AlreadyDone(
            f"Tugas ini sudah diselesaikan oleh {who} pukul {when}.", who=who, when=when
        )
    if task.status == Task.Status.CLAIMED and task.claimed_at:
        when = _clock(task.claimed_at, task)
        return AlreadyDone(f"Tugas ini sudah diambil oleh {who} pukul {when}.", who=who, when=when)
    if task.status == Task.Status.CANCELLED and task.instance.status != Instance.Status.CANCELLED:
        return AlreadyDone("Tugas ini sudah tidak menunggu lagi; berkasnya sudah berlanjut.")
    if task.status == Task.Status.CANCELLED:
        return AlreadyDone("Berkas ini sudah dibatalkan.")
    return AlreadyDone("Tugas ini sudah kembali ke antrean; ambil lagi untuk mengerjakannya.")


def _clock(at: datetime, task: Task) -> str:
    return f"{at.astimezone(ZoneInfo(task.agency.time_zone)):%H.%M}"
