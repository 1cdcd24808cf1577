"""What needs this person now, and what waits for others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse

from organization.models import User
from organization.permissions import may_somewhere
from processes import queries, spells
from processes.clocks import Clock, clock_of
from processes.context_processors import Waiting as Numbers
from processes.counting import Count
from processes.models import Instance, Task
from processes.quality import calendars_of
from processes.views.inbox import waiting_beside
from processes.views.task_rows import TaskRow, task_rows
from workflows.definitions import TaskKind
from workflows.registry import Waiting

FIRST = 3
SEES_RUNS = "processes.view"


@dataclass(frozen=True)
class NeedsMe:
    """The first few tasks, those he holds before those he may take, and what waits elsewhere."""

    rows: Sequence[TaskRow]
    held: Count
    free: Count
    beside: Sequence[Waiting]

    @property
    def decides(self) -> bool:
        """Say whether one of them is a decision, which has a card of its own."""
        return any(row.decides for row in self.rows)

    @property
    def is_empty(self) -> bool:
        return not self.rows and not self.beside


def needs_me(user: User, numbers: Numbers) -> NeedsMe:
    """Return the first of inbox and queue; the numbers are those of the menu."""
    now = numbers.now
    held = queries.inbox_page(user, start=0, count=FIRST) if numbers.mine else []
    left = FIRST - len(held)
    free = queries.queue_page(user, now, start=0, count=left) if left and numbers.queue else []
    return NeedsMe(
        rows=[*task_rows(held, "mine", now), *task_rows(free, "queue", now)],
        held=numbers.mine,
        free=numbers.queue,
        beside=waiting_beside(user.pk, now),
    )


@dataclass(frozen=True)
class WaitsFor:
    """A file that waits for somebody else: where it stands, since when, for whom."""

    task: Task
    clock: Clock

    @property
    def link(self) -> str:
        return reverse("processes:detail", args=[self.task.instance_id])

    @property
    def whom(self) -> str:
        holder = self.task.owner or self.task.assignee
        return f"{holder.get_full_name()} ({self.task.lane})" if holder else self.task.lane


@dataclass(frozen=True)
class Running:
    """What runs where a role shows it, and what has waited longest for others."""

    count: Count
    waits: Sequence[WaitsFor]
    link: str


def waits_for_others(user: User, now: datetime) -> Running | None:
    """Return where the runs stand that a role shows this person; None where none does."""
    if not may_somewhere(user, SEES_RUNS, now):
        return None
    running = queries.visible_instances(user, now).filter(status=Instance.Status.RUNNING)
    count = queries.count_of(running)
    tasks = _open(user, now) if count else []
    calendars = calendars_of(tasks, now)
    waits = []
    for task in tasks:
        work = spells.work(ZoneInfo(task.agency.time_zone), calendars.of(task.agency_id))
        waits.append(WaitsFor(task, clock_of(task, work=work, now=now)))
    link = f"{reverse('processes:index')}?status={Instance.Status.RUNNING.value}"
    return Running(count, waits, link)


def _open(user: User, now: datetime) -> list[Task]:
    running = queries.visible_instances(user, now).filter(status=Instance.Status.RUNNING)
    still = (Task.Status.READY, Task.Status.CLAIMED)
    mine = queries.lanes_of(user, now)
    tasks = Task.objects.filter(instance__in=running, kind=TaskKind.USER, status__in=still)
    tasks = tasks.exclude(owner=user).exclude(assignee=user).exclude(candidates__user=user)
    for agency, lane in mine:
        tasks = tasks.exclude(agency=agency, lane=lane, assignee=None, owner=None, by_name=False)
    shown = tasks.select_related("instance", "agency", "owner__employee", "assignee__employee")
    return list(
        shown.defer("instance__state", "instance__form").order_by("offered_at", "pk")[:FIRST]
    )
