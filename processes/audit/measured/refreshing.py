"""The derived rows kept up with what they are derived from.

An instance counts its writes (`version`); its rows say which of them they were measured from
(`measured_version`). What differs is measured anew, whole: rows are replaced, never patched. Two
that run at once take different instances, since each locks what it measures and skips what is
locked; on SQLite one waits for the other.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q, QuerySet

from foundation.models import Event
from organization.calendars.working_calendars import WorkingCalendars
from organization.models import Agency
from processes.audit.measured.flags import EventMoment
from processes.audit.measured.measuring import Measured, Office, measure
from processes.definitions import definition_of
from processes.models import Instance, InstanceAudit, Task, VisitTiming

logger = logging.getLogger(__name__)

BATCH = 50  # instances per transaction: whoever works on one of them waits so long at most
NOT_MEASURED = Q(measured_version=None) | ~Q(measured_version=F("version"))


def refresh(*, now: datetime, limit: int = 200, agencies: Sequence[Agency] | None = None) -> int:
    """Measure instances that changed since they were measured; return how many were.

    At most `limit` of them, and only of these agencies, so that a page that calls this stays quick.
    What somebody is just writing to is left for the next time; what cannot be measured is logged
    and stops no other.
    """
    measured, failed = 0, set[int]()
    which = Q() if agencies is None else Q(agency__in=agencies)
    while measured < limit:
        batch = min(BATCH, limit - measured)
        try:
            found = _measure_batch(batch, now, which & ~Q(pk__in=failed))
        except Exception:
            found = _measure_singly(batch, now, which, failed)
        if not found:
            break
        measured += found
    return measured


def outdated() -> QuerySet[Instance]:
    """Return the instances that changed since they were measured, or never were."""
    return Instance.objects.filter(NOT_MEASURED)


def measured_anew(instances: Sequence[Instance], *, now: datetime) -> list[Measured]:
    """Return what measuring these instances would store now, in their order; nothing is written."""
    return _measured(instances, now)


def rebuild(
    *,
    now: datetime,
    agency: Agency | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Measure every instance (of an agency) anew; return how many. `progress` hears (done, total).

    The rows stay readable meanwhile: each instance's are replaced at once.
    """
    instances = Instance.objects.all() if agency is None else Instance.objects.filter(agency=agency)
    instances.update(measured_version=None)
    total, done = outdated().count(), 0
    while found := refresh(now=now):
        done += found
        progress(min(done, total), total)
    return done


def _measure_singly(batch: int, now: datetime, which: Q, failed: set[int]) -> int:
    """Measure one by one after a batch failed, and remember whose fault it was."""
    measured = 0
    waiting = outdated().filter(which).exclude(pk__in=failed).order_by("pk")
    for pk in list(waiting.values_list("pk", flat=True)[:batch]):
        try:
            measured += _measure_batch(1, now, Q(pk=pk))
        except Exception as error:
            failed.add(pk)
            logger.error("instance %s cannot be measured: %s", pk, type(error).__name__)
    return measured


@transaction.atomic
def _measure_batch(most: int, now: datetime, which: Q) -> int:
    # The lock of the instance is the lock of everything in it (`services.locking`).
    waiting = outdated().select_for_update(of=("self",), no_key=True, skip_locked=True)
    instances = list(waiting.filter(which).defer("state", "form", "visits").order_by("pk")[:most])
    if instances:
        _replace(instances, _measured(instances, now))
    return len(instances)


def _measured(instances: Sequence[Instance], now: datetime) -> list[Measured]:
    tasks: dict[int, list[Task]] = defaultdict(list)
    for task in (
        Task.objects.filter(instance__in=instances).defer("draft", "answers").order_by("pk")
    ):
        tasks[task.instance_id].append(task)
    events = _events(instances)
    offices = _offices(instances, tasks.values(), now)
    return [
        measure(
            definition_of(instance),
            instance,
            tasks[instance.pk],
            events[instance.stream],
            offices[instance.agency_id],
        )
        for instance in instances
    ]


def _events(instances: Iterable[Instance]) -> dict[str, list[EventMoment]]:
    rows = Event.objects.filter(stream__in=[instance.stream for instance in instances])
    found: dict[str, list[EventMoment]] = defaultdict(list)
    columns = ("stream", "sequence", "at", "verb", "subject")
    for stream, sequence, at, verb, subject in rows.order_by(*columns[:2]).values_list(*columns):
        found[stream].append(EventMoment(sequence, at, verb, subject))
    return found


def _offices(
    instances: Sequence[Instance], tasks: Iterable[Sequence[Task]], now: datetime
) -> dict[int, Office]:
    """Return the clocks of the agencies, from the oldest moment measured until the newest."""
    moments = [now, *(instance.started_at for instance in instances)]
    for task in (task for own in tasks for task in own):
        moments += [task.offered_at, task.submitted_at or now]
    # Days more on either side: see `quality.calendars_of`.
    first, last = min(moments).date() - timedelta(days=2), max(moments).date() + timedelta(days=1)
    zones = Agency.objects.filter(pk__in={instance.agency_id for instance in instances})
    calendars = WorkingCalendars.load({i.agency_id for i in instances}, first, last)
    return {
        pk: Office(ZoneInfo(zone), calendars.of(pk))
        for pk, zone in zones.values_list("pk", "time_zone")
    }


def _replace(instances: Sequence[Instance], measured: Sequence[Measured]) -> None:
    VisitTiming.objects.filter(instance__in=instances).delete()
    InstanceAudit.objects.filter(instance__in=instances).delete()
    VisitTiming.objects.bulk_create([visit for one in measured for visit in one.visits])
    InstanceAudit.objects.bulk_create([one.audit for one in measured])
    # They are locked: the version is still the one that was measured.
    Instance.objects.filter(pk__in=[instance.pk for instance in instances]).update(
        measured_version=F("version")
    )
