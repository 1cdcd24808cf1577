"""The same log as rows of a CSV: an event a row, what its trace says in columns "case:..."."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from foundation.cells import csv_parts
from processes.eventlog.traces import Trace, Value

TRACE_COLUMNS = (
    "concept:name", "sopan:title", "sopan:subject", "sopan:definition", "sopan:version",
    "sopan:agency", "sopan:period", "sopan:status", "sopan:conforms",
)  # fmt: skip
EVENT_COLUMNS = (
    "concept:name", "time:timestamp", "lifecycle:transition", "org:resource", "org:role",
    "concept:instance", "sopan:step", "sopan:number", "sopan:kind", "sopan:visit", "sopan:row",
    "sopan:reused", "sopan:undone",
    "sopan:why", "sopan:outcome", "sopan:outcome_kind", "sopan:acting_as", "sopan:verdict",
    "sopan:standard_seconds", "sopan:standard_count", "sopan:handling_seconds",
    "sopan:waiting_seconds", "sopan:paused_seconds", "sopan:handling_wall_seconds",
)  # fmt: skip
HEADER = ("case:concept:name", *EVENT_COLUMNS, *(f"case:{name}" for name in TRACE_COLUMNS[1:]))


def table_parts(traces: Iterable[Trace]) -> Iterator[bytes]:
    """Yield the log as the CSV of the house: UTF-8 with mark, parted by semicolons, safe cells."""
    return csv_parts(HEADER, _rows(traces))


def _rows(traces: Iterable[Trace]) -> Iterator[list[object]]:
    for trace in traces:
        case, *others = (_cell(trace.attributes.get(name)) for name in TRACE_COLUMNS)
        for event in trace.events:
            yield [case, *(_cell(event.get(name)) for name in EVENT_COLUMNS), *others]


def _cell(value: Value | None) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    return value
