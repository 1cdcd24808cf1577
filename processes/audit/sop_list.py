"""The SOPs of the house with their versions: since when each ran, how often, by which standards."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from processes.audit.scope import Scope
from processes.definitions import kept_definition
from processes.models import Definition, Instance
from processes.sop_sheet import subject_of
from workflows import repository
from workflows.definitions import ProcessDefinition
from workflows.drawing.sop_sheet import SHORT, time_of, total_of


@dataclass(frozen=True)
class SopVersion:
    """A version; `since` is when it was first started anywhere, None for one that never ran.

    `instances` are those of the agencies that the person may audit.
    """

    definition: ProcessDefinition
    since: datetime | None
    instances: int
    is_deployed: bool

    @property
    def name(self) -> str:
        return self.definition.version[:SHORT]

    @property
    def subject(self) -> str:
        return subject_of(self.definition)

    @property
    def total(self) -> str:
        return total_of(self.definition)


@dataclass(frozen=True)
class StepStandards:
    """The standard of a step in each version, "" where that version has no such step."""

    number: int
    name: str
    lane: str
    standards: tuple[str, ...]

    @property
    def has_changed(self) -> bool:
        return len(set(self.standards)) > 1


@dataclass(frozen=True)
class Sop:
    """A SOP; `versions` stand newest first, what is deployed before all."""

    key: str
    versions: tuple[SopVersion, ...]

    @property
    def newest(self) -> ProcessDefinition:
        return self.versions[0].definition

    @property
    def instances(self) -> int:
        return sum(version.instances for version in self.versions)

    @property
    def is_deployed(self) -> bool:
        return self.versions[0].is_deployed

    def steps(self) -> Iterator[StepStandards]:
        for step in self.newest.steps:
            tasks = [version.definition.tasks.get(step.id) for version in self.versions]
            standards = tuple(time_of(task.standard) if task else "" for task in tasks)
            yield StepStandards(step.number or 0, step.name, step.lane, standards)


def sop_list(scope: Scope) -> list[Sop]:
    """Return every SOP that is deployed or ever ran, by title; two queries once all are read."""
    deployed = {definition.key: definition for definition in repository.all()}
    rows: defaultdict[str, list[tuple[int, str, datetime]]] = defaultdict(list)
    kept = Definition.objects.order_by("-kept_at", "-pk")
    for pk, key, version, kept_at in kept.values_list("pk", "key", "version", "kept_at"):
        rows[key].append((pk, version, kept_at))
    counts = _instances(scope)
    found = []
    for key in {*deployed, *rows}:
        current = deployed.get(key)
        versions = [
            SopVersion(
                kept_definition(key, version),
                kept_at,
                counts.get(pk, 0),
                current is not None and version == current.version,
            )
            for pk, version, kept_at in rows[key]
        ]
        if current is not None and not any(version.is_deployed for version in versions):
            versions.append(SopVersion(current, None, 0, is_deployed=True))
        versions.sort(key=lambda version: not version.is_deployed)
        found.append(Sop(key, tuple(versions)))
    return sorted(found, key=lambda sop: sop.newest.head.title)


def _instances(scope: Scope) -> dict[int, int]:
    rows = Instance.objects.filter(agency__in=scope.agencies).values_list("definition").order_by()
    return dict(rows.annotate(n=Count("pk")).values_list("definition", "n"))
