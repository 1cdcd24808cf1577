"""The instances of a scope by how they went: counted by what is to be said of them, and listed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast

from processes.audit.measured.conformance import FLAGS, Kind
from processes.audit.questions.naming import StepNames
from processes.audit.questions.steps import visit_count
from processes.audit.scope import Scope
from processes.audit.statistics import Share
from processes.models import InstanceAudit
from processes.models.timings import FLAGGED

FINISHED = Q(finished_at__isnull=False)


class Sort(StrEnum):
    """Which instances are listed, beside those of one `Kind`."""

    NOTED = "tercatat"
    DEVIATING = "menyimpang"
    FINISHED = "selesai"
    CLEAN = "lancar"
    RETURNED = "kembali"
    ALL = "semua"


SORTS: Mapping[Sort, tuple[str, Q]] = {
    Sort.NOTED: ("Dengan catatan apa pun", ~Q(said="[]")),
    Sort.DEVIATING: ("Menyimpang dari BPMN", Q(conforms=False)),
    Sort.FINISHED: ("Selesai", FINISHED),
    Sort.CLEAN: ("Selesai tanpa pengembalian", FINISHED & Q(returns=0)),
    Sort.RETURNED: ("Selesai dengan pengembalian", FINISHED & Q(returns__gt=0)),
    Sort.ALL: ("Semua berkas", Q()),
}


@dataclass(frozen=True)
class KindFigures:
    """How many instances and visits this is said of; a skipped step has no visit."""

    kind: Kind
    instances: int
    visits: int | None


@dataclass(frozen=True)
class ConformanceFigures:
    """`conforming` is the share of finished instances that went as the BPMN leads."""

    conforming: Share
    instances: int
    deviating: int
    kinds: tuple[KindFigures, ...]


@dataclass(frozen=True)
class Place:
    """A step at which something is to be said; `task` is the newest one there, None for none."""

    label: str
    task: int | None
    times: int


@dataclass(frozen=True)
class Remark:
    """Everything of one kind that is to be said of an instance."""

    kind: Kind
    places: tuple[Place, ...]


def conformance_figures(scope: Scope) -> ConformanceFigures:
    """Return every figure of conformance; two queries."""
    of = _said(scope).aggregate(
        all=Count("pk"),
        finished=Count("pk", filter=FINISHED),
        conforming=Count("pk", filter=FINISHED & Q(conforms=True)),
        deviating=Count("pk", filter=Q(conforms=False)),
        **{kind.value: Count("pk", filter=_says(kind)) for kind in Kind},
    )
    visits = (
        scope.visits()
        .filter(FLAGGED)
        .aggregate(**{flag.value: visit_count(Q((flag.value, True))) for flag in FLAGS})
    )
    return ConformanceFigures(
        conforming=Share(of["conforming"], of["finished"]),
        instances=of["all"],
        deviating=of["deviating"],
        kinds=tuple(KindFigures(kind, of[kind.value], visits.get(kind.value)) for kind in Kind),
    )


def read_sort(asked: str) -> Sort | Kind:
    """Return what an address asks for; instances with anything to be said where it asks nothing."""
    if asked in set(Kind):
        return Kind(asked)
    return Sort(asked) if asked in set(Sort) else Sort.NOTED


def sorted_instances(scope: Scope, sort: Sort | Kind) -> QuerySet[InstanceAudit]:
    """Return the instances of one sort, those that deviate first, then the newest."""
    condition = _says(sort) if isinstance(sort, Kind) else SORTS[sort][1]
    return (
        _said(scope)
        .filter(condition)
        .select_related("instance", "agency")
        .defer("instance__state", "instance__form")
        .order_by("conforms", "-period", "-started_at", "-pk")
    )


def remarks(audit: InstanceAudit, names: StepNames) -> list[Remark]:
    """Return what is to be said of an instance, by kind and step."""
    found: dict[str, dict[str, list[int | None]]] = {}
    for entry in audit.deviations:
        steps = found.setdefault(entry["kind"], {})
        steps.setdefault(entry["step"], []).append(entry["task"])
    return [Remark(kind, tuple(_places(found[kind], names))) for kind in Kind if kind in found]


def _places(steps: Mapping[str, list[int | None]], names: StepNames) -> Iterable[Place]:
    for step in sorted(steps, key=names.place):
        tasks = steps[step]
        label = names.label(step) if step else "berkas ini"
        yield Place(label, max((task for task in tasks if task), default=None), len(tasks))


def _said(scope: Scope) -> QuerySet[InstanceAudit]:
    """Return the instances with what is said of them as text: both databases search in that."""
    return scope.instances().annotate(said=Cast("deviations", TextField()))


def _says(kind: Kind) -> Q:
    return Q(said__contains=f'"kind": "{kind}"')
