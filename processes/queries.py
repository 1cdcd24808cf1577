"""Who sees which task and which instance: the questions of inbox, queue, archive and lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import BigAutoField, CharField, Q, QuerySet, Value

from foundation.prepared import Listed, PreparedQuery, PreparedValues, Slot
from organization.models import Appointment, User
from organization.permissions import ROLES, mandates_of
from processes.counting import MOST, CappedCount, Count
from processes.exceptions import TaskNotFound
from processes.models import Instance, Notice, SavedFilter, Task, TaskCandidate
from workflows.definitions import TaskKind

Lane = tuple[int, str]  # agency and role

_OF_A_LINE = (
    *(
        "step",
        "name",
        "row_label",
        "lane",
        "status",
        "visit",
        "returned_by",
        "outcome",
        "outcome_kind",
    ),
    *("offered_at", "claimed_at", "submitted_at", "due_at", "earlier", "pauses"),
    *("instance__title", "instance__definition_key", "instance__definition_version"),
    "instance__is_urgent",
    "agency__time_zone",
)


def inbox(user: User | Slot) -> QuerySet[Task]:
    """Return what this person is working on or was handed, what is due first before the others."""
    parts = inbox_parts(user)
    return _people(Q(pk__in=_together(parts))).order_by("due_at", "offered_at", "id")


def inbox_page(user: User, *, start: int, count: int) -> list[Task]:
    """Return a stretch of the same; its text is made once."""
    return _prepared_inbox(start, count).all(user=user.pk)


@lru_cache(maxsize=200)
def _prepared_inbox(start: int, count: int) -> PreparedQuery[Task]:
    user = Slot("user", BigAutoField())
    return PreparedQuery(lambda: inbox(user)[start : start + count])


def inbox_parts(user: User | Slot) -> list[QuerySet[Task]]:
    """Return the same in parts of which no task stands in two, each with an index of its own."""
    ready = Task.objects.filter(status=Task.Status.READY, kind=TaskKind.USER)
    return [
        Task.objects.filter(status=Task.Status.CLAIMED, kind=TaskKind.USER, owner=user),
        ready.filter(assignee=user),
        ready.filter(assignee=None, by_name=True, pk__in=_naming(user)),
    ]


def _naming(user: User | Slot) -> QuerySet[TaskCandidate, int]:
    """Return the ids of the tasks for which data name this person."""
    return TaskCandidate.objects.filter(user=user).order_by().values_list("task", flat=True)


def queue(user: User, now: datetime, *, first: int = MOST) -> QuerySet[Task]:
    """Return what the person's roles may take, oldest first; right for the `first` rows of it.

    These are ready, of his agency and lane, nobody's yet. Each lane gives no more than so many, by
    the index: it costs the same however many wait behind them.
    """
    return _heads(queue_parts(lanes_of(user, now)), first)


def whole_queue(user: User, now: datetime) -> QuerySet[Task]:
    """Return all of the queue, to be narrowed or ordered otherwise: it costs what it is long."""
    agencies: dict[str, list[int]] = {}
    for agency_id, role in lanes_of(user, now):
        agencies.setdefault(role, []).append(agency_id)
    held = Q(pk__in=[])
    for role, ids in agencies.items():
        held |= Q(lane=role, agency__in=ids)
    free = Q(status=Task.Status.READY, assignee=None, by_name=False)
    return _people(free & held).order_by("offered_at", "id")


def queue_page(user: User, now: datetime, *, start: int, count: int) -> list[Task]:
    """Return a stretch of the queue: the same, its text made once for so many lanes."""
    lanes = lanes_of(user, now)
    if not lanes:
        return []
    return _prepared_queue(len(lanes), start, count).all(**_slots(lanes))


@lru_cache(maxsize=200)
def _prepared_queue(lanes: int, start: int, count: int) -> PreparedQuery[Task]:
    end = start + count
    return PreparedQuery(lambda: _heads(queue_parts(_places(lanes)), end)[start:end])


def lanes_of(user: User, now: datetime) -> list[Lane]:
    """Return the agency and role of everything the person may take."""
    return list(dict.fromkeys((m.agency_id, m.role) for m in mandates_of(user, now)))


def queue_parts(lanes: "Sequence[Lane | tuple[Slot, Slot]]") -> list[QuerySet[Task]]:
    """Return the queue lane by lane."""
    return [_free().filter(agency=agency, lane=role) for agency, role in lanes]


def _free() -> QuerySet[Task]:
    """Return what whoever holds the role may take."""
    return Task.objects.filter(
        status=Task.Status.READY, kind=TaskKind.USER, assignee=None, by_name=False
    )


def _heads(lanes: Sequence[QuerySet[Task]], first: int) -> QuerySet[Task]:
    heads = [
        Task.objects.filter(pk__in=lane.order_by("offered_at", "id").values("pk")[:first])
        for lane in lanes
    ]
    return _people(Q(pk__in=_together(heads))).order_by("offered_at", "id")


def _places(lanes: int) -> list[tuple[Slot, Slot]]:
    return [
        (Slot(f"agency{n}", BigAutoField()), Slot(f"lane{n}", CharField())) for n in range(lanes)
    ]


def _slots(lanes: Sequence[Lane]) -> dict[str, Any]:
    found: dict[str, Any] = {f"agency{n}": agency for n, (agency, _) in enumerate(lanes)}
    return found | {f"lane{n}": role for n, (_, role) in enumerate(lanes)}


def _together(parts: Sequence[QuerySet[Task]]) -> QuerySet[Task, Any]:
    """Return the ids of all parts: one question that asks each part by its own index."""
    ids = [part.order_by().values("pk") for part in parts]
    return ids[0].union(*ids[1:], all=True) if ids else Task.objects.none().values("pk")


def unplaced(user_id: int, now: datetime) -> QuerySet[Task]:
    """Return what nobody can take since data name nobody, for who may hand tasks over there.

    The days of an appointment are the agency's own: whoever shows a row asks `may` for it.
    """
    roles = [role for role, allowed in ROLES.items() if "processes.reassign" in allowed]
    held = Appointment.objects.filter(user=user_id, user__is_active=True, role__in=roles)
    nobodys = Q(status=Task.Status.READY, by_name=True, assignee=None, candidates=None)
    there = Q(agency__in=held.valid_at(now).values("agency"))
    return _people(nobodys & there).order_by("offered_at", "id")


def archive(user: User) -> QuerySet[Task]:
    """Return what this person has completed, newest first."""
    return _people(Q(status=Task.Status.COMPLETED, owner=user)).order_by("-submitted_at", "-id")


def count_of(rows: QuerySet[Any]) -> Count:
    """Return how many rows there are."""
    return Count(len(rows.order_by().values("pk")[: MOST + 1]))


@dataclass(frozen=True)
class Numbers:
    """How much waits for a person."""

    mine: Count
    queue: Count
    unread: Count  # notices
    filters: Count  # that the person keeps for his lists


def numbers(user: User, now: datetime) -> Numbers:
    """Return how much waits for a person; one query, whose text is made once for so many roles."""
    agencies: dict[str, list[int]] = {}
    for agency_id, role in lanes_of(user, now):
        agencies.setdefault(role, []).append(agency_id)
    values: dict[str, Any] = {"user": user.pk}
    for n, (role, ids) in enumerate(agencies.items()):
        values |= {f"role{n}": role, f"agencies{n}": ids}
    (found,) = _prepared_numbers(len(agencies)).all(**values)
    return Numbers(*map(Count, found))


@lru_cache(maxsize=100)
def _prepared_numbers(roles: int) -> PreparedValues:
    def build() -> QuerySet[User, Any]:
        user = Slot("user", BigAutoField())
        asked: tuple[Sequence[QuerySet[Any]], ...] = (
            inbox_parts(user),
            [
                _free().filter(
                    lane=Slot(f"role{n}", CharField()), agency__in=Listed(f"agencies{n}")
                )
                for n in range(roles)
            ],
            [Notice.objects.filter(user=user, read_at=None)],
            [SavedFilter.objects.filter(owner=user)],
        )
        columns = [sum(map(CappedCount, parts), start=Value(0)) for parts in asked]
        return User.objects.filter(pk=user).values_list(*columns)

    return PreparedValues(build)


def _people(condition: Q) -> QuerySet[Task]:
    """Return tasks of people with what a line of a list tells of them."""
    tasks = Task.objects.filter(condition, kind=TaskKind.USER)
    return tasks.select_related("instance", "agency").only(*_OF_A_LINE)


def visible_instances(user: User, now: datetime) -> QuerySet[Instance]:
    """Return the instances that a role shows the person, or in which his lane has a part."""
    visible = Q(tasks__owner=user) | Q(tasks__assignee=user) | Q(tasks__in=_naming(user))
    for mandate in mandates_of(user, now):
        if mandate.allows("processes.view"):
            visible |= Q(agency_id=mandate.agency_id)
        else:
            visible |= Q(agency_id=mandate.agency_id, tasks__lane=mandate.role)
    return Instance.objects.filter(pk__in=Instance.objects.filter(visible).values("pk"))


def get_visible_task(user: User, task_id: int, now: datetime) -> Task:
    """Return a task of an instance that the person may see; `TaskNotFound` for any other."""
    tasks = Task.objects.select_related("instance", "agency", "owner__employee")
    task = tasks.filter(pk=task_id, instance__in=visible_instances(user, now)).first()
    if task is None:
        raise TaskNotFound("Tugas ini tidak ada atau bukan untuk Anda.")
    return task
