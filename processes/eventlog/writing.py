"""A log in the form that is asked for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from processes.eventlog.table import table_parts
from processes.eventlog.traces import Attributes, Trace, Wanted, cases, traces
from processes.eventlog.xes import xes_parts


class Form(StrEnum):
    """How a log is written; the value is the end of its file's name."""

    XES = "xes"
    CSV = "csv"

    @property
    def content_type(self) -> str:
        return {"xes": "application/xml", "csv": "text/csv; charset=utf-8"}[self]


@dataclass
class Written:
    """How much of a log was written so far."""

    total: int  # traces that there will be
    traces: int = 0
    events: int = 0


def log_parts(
    wanted: Wanted, form: Form, *, tell: Callable[[Written], None] = lambda written: None
) -> Iterator[bytes]:
    """Yield the log part by part; `tell` hears after every trace how much was written."""
    chosen = cases(wanted)
    told = _told(traces(wanted, chosen), Written(len(chosen)), tell)
    return xes_parts(head(wanted), told) if form is Form.XES else table_parts(told)


def head(wanted: Wanted) -> Attributes:
    """Return what a log says of itself."""
    scope = wanted.scope
    return {
        "concept:name": scope.title,
        "lifecycle:model": "standard",
        "sopan:definition": scope.definition_key,
        "sopan:agencies": " ".join(sorted(agency.code for agency in scope.chosen)),
        "sopan:from": f"{scope.first:%Y-%m}",
        "sopan:until": f"{scope.last:%Y-%m}",
        "sopan:contents": "steps" if wanted.steps_only else "everything",
        "sopan:finished_only": wanted.finished_only,
        "sopan:names": wanted.names,
        "sopan:written_at": scope.now.astimezone(wanted.zone),
    }


def file_name(wanted: Wanted, form: Form) -> str:
    """Return "peristiwa-<SOP>-2026-01-2026-04.xes"."""
    scope = wanted.scope
    part = "-tahap" if wanted.steps_only else ""
    months = f"{scope.first:%Y-%m}-{scope.last:%Y-%m}"
    return f"peristiwa{part}-{scope.definition_key}-{months}.{form}"


def _told(
    found: Iterator[Trace], written: Written, tell: Callable[[Written], None]
) -> Iterator[Trace]:
    for trace in found:
        yield trace
        written.traces += 1
        written.events += len(trace.events)
        tell(written)
