"""Which versions of a SOP the instances of a scope were started with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from processes.audit.scope import Scope
from processes.definitions import kept_definition
from processes.models import Definition
from workflows.definitions import ProcessDefinition, TaskDefinition


@dataclass(frozen=True)
class Version:
    """A version that ran, and the day on which it was first started anywhere."""

    definition: ProcessDefinition
    since: date


@dataclass(frozen=True)
class Standard:
    """A standard time of a step for one unit, and since when it holds; None: it has none."""

    duration: timedelta | None
    per_label: str
    since: date


def versions(scope: Scope) -> tuple[Version, ...]:
    """Return the versions in the scope, newest first; the newest of all where nothing ran in it.

    Empty for a SOP that never ran.
    """
    kept = Definition.objects.filter(key=scope.definition_key).order_by("-kept_at", "-pk")
    rows = list(kept.values_list("pk", "version", "kept_at"))
    used = set()
    if len(rows) > 1:
        used = set(scope.instances().values_list("instance__definition", flat=True).distinct())
    zone = ZoneInfo((scope.agency or scope.agencies[0]).time_zone)
    return tuple(
        Version(kept_definition(scope.definition_key, version), kept_at.astimezone(zone).date())
        for pk, version, kept_at in [row for row in rows if row[0] in used] or rows[:1]
    )


def drawn(scope: Scope) -> ProcessDefinition | None:
    """Return the version whose diagram stands for the scope: the newest in it."""
    return next((version.definition for version in versions(scope)), None)


def newest_tasks(found: Sequence[Version]) -> dict[str, TaskDefinition]:
    """Return every task that any of these versions has, each as its newest version has it."""
    return {
        step: task for version in reversed(found) for step, task in version.definition.tasks.items()
    }


def standards_of(step: str, found: Sequence[Version]) -> tuple[Standard, ...]:
    """Return the distinct standards of a step, newest first, each with its first day."""
    distinct: list[Standard] = []
    for version in found:
        task = version.definition.tasks.get(step)
        if task is None:
            continue
        standard = Standard(task.standard.duration, task.standard.per_label, version.since)
        if distinct and _same(distinct[-1], standard):
            distinct.pop()  # it held already then
        distinct.append(standard)
    return tuple(distinct)


def _same(one: Standard, other: Standard) -> bool:
    return (one.duration, one.per_label) == (other.duration, other.per_label)
