"""The instances of a scope as traces, read in batches: memory stays the same however many.

No transaction stays open meanwhile. An instance is read whole; one that goes on while the log is
written stands in it as it was when its batch was read.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from django.core.exceptions import ObjectDoesNotExist

from organization.models import User
from processes.audit.scope import Scope
from processes.definitions import definition_of
from processes.eventlog.happenings import Happening, Transition, completed, happenings
from processes.models import Instance, InstanceAudit, Task, VisitTiming
from workflows.definitions import ProcessDefinition, SubjectKind, TaskKind

Value = str | bool | int | datetime
Attributes = Mapping[str, Value]
"""What a log, a trace or an event says, by key; what it does not say is not there."""

BATCH = 200  # instances that are in memory at once
# Titles of what is about a month are the SOP's and the month's; others name people.
IMPERSONAL = (SubjectKind.MONTH, SubjectKind.DAY, SubjectKind.NONE)
TASK_COLUMNS = (
    "instance", "step", "name", "lane", "kind", "status", "visit", "owner", "acting_as",
    "offered_at", "claimed_at", "submitted_at", "effective_at", "earlier", "pauses", "outcome",
    "outcome_kind", "reused", "row_label", "undone_at",
)  # fmt: skip
TIMING_COLUMNS = (
    "verdict", "standard", "count", "handling_work", "waiting_work", "paused_work", "handling_wall",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a log is to hold.

    `steps_only`: of every instance the numbered steps of its SOP and nothing else, each with one
    event at its completion; a step that was passed as still valid stands there like the others.
    """

    scope: Scope
    steps_only: bool = False
    finished_only: bool = False
    names: bool = False  # of people and of what names them; else only numbers

    @property
    def zone(self) -> tzinfo:
        """Return the zone in which moments are told: that of the agencies, UTC if they differ."""
        zones = {agency.time_zone for agency in self.scope.chosen}
        return ZoneInfo(zones.pop()) if len(zones) == 1 else UTC


@dataclass(frozen=True)
class Trace:
    """One instance."""

    attributes: Attributes
    events: Sequence[Attributes]


def cases(wanted: Wanted) -> list[int]:
    """Return the instances of the log, oldest first; one query."""
    found = wanted.scope.instances()
    if wanted.finished_only:
        found = found.filter(finished_at__isnull=False)
    return list(found.order_by("pk").values_list("pk", flat=True))


def traces(wanted: Wanted, chosen: Sequence[int]) -> Iterator[Trace]:
    """Yield the trace of every instance chosen; two queries for a batch, three with names."""
    for start in range(0, len(chosen), BATCH):
        audits = InstanceAudit.objects.filter(pk__in=chosen[start : start + BATCH]).order_by("pk")
        audits = audits.select_related("instance", "agency").defer(
            "instance__state", "instance__form", "instance__visits"
        )
        tasks = _tasks([audit.pk for audit in audits])
        names = _names(tasks) if wanted.names else {}
        for audit in audits:
            yield _Teller(wanted, audit, names).trace(tasks[audit.pk])


def _tasks(instances: Sequence[int]) -> dict[int, list[Task]]:
    found: dict[int, list[Task]] = defaultdict(list)
    columns = (*TASK_COLUMNS, *(f"timing__{name}" for name in TIMING_COLUMNS))
    rows = Task.objects.filter(instance__in=instances).select_related("timing").only(*columns)
    for task in rows.order_by("pk"):
        found[task.instance_id].append(task)
    return found


def _names(tasks: Mapping[int, Sequence[Task]]) -> dict[int, str]:
    everyone = {
        person
        for own in tasks.values()
        for task in own
        for person in (task.owner_id, *(entry.get("by") for entry in task.earlier))
    }
    users = User.objects.filter(pk__in=everyone - {None}).select_related("employee")
    return {user.pk: user.get_full_name() for user in users}


@dataclass(frozen=True)
class _Teller:
    """Tells one instance as a trace."""

    wanted: Wanted
    audit: InstanceAudit
    names: Mapping[int, str]

    @property
    def instance(self) -> Instance:
        return self.audit.instance

    def trace(self, tasks: Sequence[Task]) -> Trace:
        definition = definition_of(self.instance)
        tell = self._steps if self.wanted.steps_only else self._everything
        events = sorted(
            (told for task in tasks for told in tell(definition, task)), key=lambda told: told[0]
        )
        return Trace(self._attributes(definition), [attributes for _, attributes in events])

    def _attributes(self, definition: ProcessDefinition) -> Attributes:
        instance, audit = self.instance, self.audit
        told: dict[str, Value | None] = {
            # Not the title: two agencies have the same, and a log knows its cases by their name.
            "concept:name": f"berkas-{instance.pk}",
            "sopan:definition": instance.definition_key,
            "sopan:version": instance.definition_version,
            "sopan:agency": audit.agency.code,
            "sopan:period": f"{audit.period:%Y-%m}",
            "sopan:status": instance.status,
            "sopan:conforms": audit.conforms,
        }
        if definition.subject in IMPERSONAL or self.wanted.names:
            told |= {"sopan:title": instance.title, "sopan:subject": instance.subject or None}
        return _said(told)

    def _everything(
        self, definition: ProcessDefinition, task: Task
    ) -> list[tuple[datetime, Attributes]]:
        is_cancelled = self.instance.status == Instance.Status.CANCELLED
        told: dict[str, Value | None] = {
            "concept:name": task.name,
            "org:role": task.lane,
            "sopan:step": task.step,
            "sopan:number": definition.step_of(task.step).number,
        }
        return [
            self._event(task, told, happening)
            for happening in happenings(task, is_case_cancelled=is_cancelled)
        ]

    def _steps(
        self, definition: ProcessDefinition, task: Task
    ) -> list[tuple[datetime, Attributes]]:
        step = definition.step_of(task.step)
        is_step = step.id == task.step
        if task.status != Task.Status.COMPLETED or step.number is None:
            return []
        if not is_step and not task.reused:
            return []
        told: dict[str, Value | None] = {
            "concept:name": task.name if is_step else step.name,
            "org:role": task.lane if is_step else step.lane,
            "sopan:step": step.id,
            "sopan:number": step.number,
        }
        return [self._event(task, told, completed(task))]

    def _event(
        self, task: Task, told: Mapping[str, Value | None], happening: Happening
    ) -> tuple[datetime, Attributes]:
        is_end = happening.transition == Transition.COMPLETE
        own: dict[str, Value | None] = {
            "concept:instance": str(task.pk),
            "lifecycle:transition": str(happening.transition),
            "time:timestamp": happening.at.astimezone(self.wanted.zone),
            "org:resource": self._resource(task, happening),
            "sopan:kind": task.kind,
            "sopan:visit": task.visit,
            # Rows may be people: told where people are.
            "sopan:row": (task.row_label or None) if self.wanted.names else None,
            "sopan:reused": task.reused,
            "sopan:undone": task.undone_at is not None or None,
            "sopan:why": happening.why or None,
        }
        return happening.at, _said({**told, **own, **(_outcome(task) if is_end else {})})

    def _resource(self, task: Task, happening: Happening) -> str | None:
        """Return who did it; nobody did where a task was offered or taken away."""
        if happening.who is None:
            worked = happening.transition in (Transition.START, Transition.COMPLETE)
            return _NOBODY.get(TaskKind(task.kind)) if worked else None
        number = f"petugas-{happening.who}"
        name = self.names.get(happening.who)
        # Two may have one name.
        return f"{name} ({number})" if name else number


# Who moved a task on that no person did.
_NOBODY = {
    TaskKind.AUTOMATIC: "sistem",
    TaskKind.TIMER: "waktu",
    TaskKind.MESSAGE: "kabar",
    TaskKind.CALL: "sop-lain",
}


def _outcome(task: Task) -> dict[str, Value | None]:
    """Return how a visit ended; durations in seconds of working time."""
    told: dict[str, Value | None] = {
        "sopan:outcome": task.outcome or None,
        "sopan:outcome_kind": task.outcome_kind or None,
        "sopan:acting_as": task.acting_as or None,
    }
    timing = _timing(task)
    if timing is None:
        return told
    told["sopan:verdict"] = timing.verdict
    if task.reused:
        return told
    return told | {
        "sopan:standard_seconds": timing.standard,
        "sopan:standard_count": timing.count,
        "sopan:handling_seconds": timing.handling_work,
        "sopan:waiting_seconds": timing.waiting_work,
        "sopan:paused_seconds": timing.paused_work,
        "sopan:handling_wall_seconds": timing.handling_wall,
    }


def _timing(task: Task) -> VisitTiming | None:
    """Return the clocks of a visit; one that ended a moment ago may not be measured yet."""
    try:
        return task.timing
    except ObjectDoesNotExist:
        return None


def _said(told: Mapping[str, Value | None]) -> Attributes:
    return {key: value for key, value in told.items() if value is not None}
