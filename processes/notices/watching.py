"""Which open tasks are over their standard, and which have waited long: as of a moment.

Only open tasks of which nobody was told are looked at, by an index of their own. Paused time,
nights and days off count as nothing: the clocks are those of the page and of the audit.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from organization.calendars.working_calendars import WorkingCalendars
from organization.calendars.working_time import Calendar
from organization.models import Agency
from processes import spells
from processes.clocks import clock_of
from processes.models import Task
from processes.quality import calendars_of
from workflows.definitions import TaskKind

LOOK_BACK = timedelta(days=60)  # in which a long wait is found; longer ones were told before


@dataclass(frozen=True)
class Breach:
    """A task on which its owner has worked longer than its standard."""

    task: Task
    standard: timedelta
    handled: timedelta


@dataclass(frozen=True)
class LongWait:
    """A task that nobody has taken for so much working time."""

    task: Task
    waited: timedelta


def untold_claims() -> QuerySet[Task]:
    """Return what somebody works on and has a standard, while its breach was not told."""
    tasks = Task.objects.filter(
        status=Task.Status.CLAIMED, kind=TaskKind.USER, breach_told_at=None, due_at__isnull=False
    )
    return tasks.select_related("agency", "instance", "owner__employee").defer(
        "instance__state", "instance__form", "draft", "answers"
    )


def untold_waits() -> QuerySet[Task]:
    """Return what nobody has taken, while its wait was not told."""
    tasks = Task.objects.filter(status=Task.Status.READY, kind=TaskKind.USER, wait_told_at=None)
    return tasks.select_related("agency", "instance").defer(
        "instance__state", "instance__form", "draft", "answers"
    )


def breaches(now: datetime) -> Iterator[Breach]:
    """Yield the tasks whose handling is over the standard at this moment."""
    tasks = list(untold_claims().order_by("id"))
    calendars = calendars_of(tasks, now)
    for task in tasks:
        work = spells.work(ZoneInfo(task.agency.time_zone), calendars.of(task.agency_id))
        clock = clock_of(task, work=work, now=now)
        if clock.is_late and clock.standard is not None and clock.handled is not None:
            yield Breach(task, clock.standard, clock.handled)


def long_waits(now: datetime, *, threshold: timedelta) -> Iterator[LongWait]:
    """Yield the tasks that have waited longer than the threshold, per agency, oldest first.

    Of an agency only those are read that were offered before the moment from which on nothing can
    have waited so long.
    """
    waiting = untold_waits().filter(offered_at__lte=now - threshold)
    agencies = Agency.objects.filter(pk__in=waiting.order_by().values("agency"))
    for agency in agencies.order_by("pk"):
        calendar = _calendar(agency, now)
        latest = latest_offer(
            now, threshold=threshold, zone=ZoneInfo(agency.time_zone), calendar=calendar
        )
        work = spells.work(ZoneInfo(agency.time_zone), calendar)
        for task in waiting.filter(agency=agency, offered_at__lt=latest).order_by("offered_at"):
            waited = timedelta(seconds=spells.times(task, until=now, measure=work).waiting)
            if waited > threshold:
                yield LongWait(task, waited)


def latest_offer(
    now: datetime, *, threshold: timedelta, zone: ZoneInfo, calendar: Calendar
) -> datetime:
    """Return the last moment, to the second, since which more than the threshold was worked.

    `LOOK_BACK` before `now` where so much was not worked since then.
    """
    measure, wanted = spells.work(zone, calendar), threshold.total_seconds()
    low, high = now - LOOK_BACK, now
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if measure(middle, now) > wanted else (low, middle)
    return high


def _calendar(agency: Agency, now: datetime) -> Calendar:
    first = (now - LOOK_BACK).date() - timedelta(days=2)
    last = now.date() + timedelta(days=1)
    return WorkingCalendars.load([agency.pk], first, last).of(agency.pk)


def names(tasks: Collection[Task]) -> str:
    """Return the oldest of some tasks in words."""
    oldest = min(tasks, key=lambda task: (task.offered_at, task.pk))
    return f"“{oldest.full_name}” - {oldest.instance.title}"
