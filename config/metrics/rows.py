"""What the rows of the database say about the work that is left: asked when somebody measures."""

from collections.abc import Iterator

from django.db.models import Count, Q
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric

from devices.models import Device, DeviceCommand
from foundation import outbox
from foundation.heartbeats import last_beats
from foundation.models import OutboxJob
from processes.models import Instance, Task

OPEN = (Task.Status.READY, Task.Status.CLAIMED)
UNDONE = (OutboxJob.State.WAITING, OutboxJob.State.INCIDENT)


def rows() -> Iterator[Metric]:
    """Yield every measure of the rows; labels are kinds, states and keys of SOPs."""
    yield from _outbox()
    yield from _tasks()
    yield from _machines()
    yield _seen()


def _outbox() -> Iterator[Metric]:
    jobs = GaugeMetricFamily(
        "sopan_outbox_jobs", "Work that is not done, by kind.", labels=["kind", "state"]
    )
    undone = OutboxJob.objects.filter(Q(state=UNDONE[0]) | Q(state=UNDONE[1])).order_by()
    for kind, state, count in undone.values_list("kind", "state").annotate(Count("id")):
        jobs.add_metric([kind, state], count)
    yield jobs
    incidents = OutboxJob.objects.filter(state=OutboxJob.State.INCIDENT).count()
    yield GaugeMetricFamily(
        "sopan_incidents", "Work that failed for good and waits for a decision.", value=incidents
    )
    now = timezone.now()
    oldest = outbox.due(now).values_list("run_after", flat=True).first()
    age = (now - oldest).total_seconds() if oldest else 0
    yield GaugeMetricFamily(
        "sopan_outbox_oldest_due_seconds", "How long the oldest due work waits.", value=age
    )


def _tasks() -> Iterator[Metric]:
    found = (
        Task.objects.filter(status__in=OPEN, kind="user", instance__status=Instance.Status.RUNNING)
        .order_by()
        .values_list("instance__definition_key")
        .annotate(
            told=Count("id"),
            late=Count(
                "id", filter=Q(breach_told_at__isnull=False) | Q(wait_told_at__isnull=False)
            ),
        )
    )
    open_tasks = GaugeMetricFamily(
        "sopan_tasks_open", "Tasks that wait for a person.", labels=["sop"]
    )
    overdue = GaugeMetricFamily(
        "sopan_tasks_overdue", "Of these, told about as too long.", labels=["sop"]
    )
    for key, count, late in found:
        open_tasks.add_metric([key], count)
        overdue.add_metric([key], late)
    yield from (open_tasks, overdue)


def _machines() -> Iterator[Metric]:
    commands = GaugeMetricFamily(
        "sopan_machine_commands", "Commands that machines have not answered.", labels=["state"]
    )
    waiting = DeviceCommand.objects.open().order_by().values_list("state").annotate(Count("id"))
    for state, count in waiting:
        commands.add_metric([state], count)
    yield commands
    machines = GaugeMetricFamily("sopan_machines", "Machines by state.", labels=["state"])
    for state, count in Device.objects.order_by().values_list("state").annotate(Count("id")):
        machines.add_metric([state], count)
    yield machines


def _seen() -> Metric:
    seen = GaugeMetricFamily(
        "sopan_seen_seconds", "Since when worker and clock were not seen.", labels=["who"]
    )
    now = timezone.now()
    for name, at in last_beats().items():
        seen.add_metric([name], max(0.0, (now - at).total_seconds()))
    return seen
