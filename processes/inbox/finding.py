"""The tasks that a narrowed or ordered list has. The whole list is looked at, not only its top."""

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy

from organization.models import Agency, User
from processes import queries, spells
from processes.clocks import Clock, clock_of
from processes.counting import MOST
from processes.inbox.asking import KEYS, Asked
from processes.models import Task
from processes.quality import calendars_of
from processes.spells import Measure
from workflows.definitions import OutcomeKind

LONG_WAIT = timedelta(days=1)


def found(asked: Asked, user: User, now: datetime) -> QuerySet[Task]:
    """Return the tasks that match, in their order; what the clock decides is not decided yet."""
    if asked.tab == "mine":
        rows = queries.inbox(user)
    elif asked.tab == "queue":
        rows = queries.whole_queue(user, now)
    else:
        rows = queries.archive(user)
    rows = _narrowed(_search(rows, asked.words), asked, now)
    if asked.order:
        rows = rows.order_by(*map(_by, asked.order), "offered_at", "id")
    return rows


def found_by_clock(asked: Asked, user: User, now: datetime) -> list[Task]:
    """Return the same where working time decides: what one person holds is read whole."""
    # Working time never runs faster than the clock: what is not due by the clock is not late.
    rows = found(asked, user, now).filter(due_at__isnull=False)
    if asked.quick == "terlambat":
        rows = rows.filter(due_at__lt=now)
    return list(_due(rows[:MOST], asked.quick, now))


def _narrowed(rows: QuerySet[Task], asked: Asked, now: datetime) -> QuerySet[Task]:
    if asked.sop:
        rows = rows.filter(instance__definition_key=asked.sop)
    if asked.agency:
        rows = rows.filter(agency=asked.agency)
    if asked.quick == "segera":
        return rows.filter(instance__is_urgent=True)
    if asked.quick == "kembali" and asked.tab == "archive":
        return rows.filter(outcome_kind__in=(OutcomeKind.RETURN, OutcomeKind.REJECT))
    if asked.quick == "kembali":
        return rows.filter(returned_by__isnull=False)
    if asked.quick == "diserahkan":
        return rows.filter(status=Task.Status.READY)
    if asked.quick == "lama":
        return rows.filter(offered_at__lt=now - LONG_WAIT)
    return rows


def _search(tasks: QuerySet[Task], words: str) -> QuerySet[Task]:
    """Every word must stand in the name of task, row or agency, or in the instance's title."""
    for word in words.split():
        tasks = tasks.filter(
            Q(name__icontains=word)
            | Q(row_label__icontains=word)
            | Q(instance__title__icontains=word)
            | Q(agency__name__icontains=word)
        )
    return tasks


def _by(key: str) -> OrderBy:
    column = F(KEYS[key.removeprefix("-")].column)
    return column.desc(nulls_last=True) if key.startswith("-") else column.asc(nulls_last=True)


def _due(tasks: Iterable[Task], quick: str, now: datetime) -> Iterator[Task]:
    listed = list(tasks)
    calendars = calendars_of(listed, now)

    @cache
    def work(agency: Agency) -> Measure:
        return spells.work(ZoneInfo(agency.time_zone), calendars.of(agency.pk))

    for task in listed:
        measure = work(task.agency)
        clock = clock_of(task, work=measure, now=now)
        if clock.is_late if quick == "terlambat" else _is_due_today(clock, task, measure, now):
            yield task


def _is_due_today(clock: Clock, task: Task, work: Measure, now: datetime) -> bool:
    """Say whether the standard is used up before the agency's day ends, but not yet."""
    left = clock.left
    if left is None or clock.is_late or clock.paused:
        return False
    zone = ZoneInfo(task.agency.time_zone)
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    midnight = datetime.combine(tomorrow, time(), zone)
    return left <= timedelta(seconds=work(now, midnight))
