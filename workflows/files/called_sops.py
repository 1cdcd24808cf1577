"""Whether the SOPs that call each other can: each is there, gives what is read, and ends."""

from collections.abc import Iterator, Mapping

from workflows.definitions import ProcessDefinition, TaskDefinition, TaskKind
from workflows.files.findings import Finding

SOP_FILE, BPMN_FILE = "sop.toml", "process.bpmn"


def calls(definition: ProcessDefinition) -> list[TaskDefinition]:
    return [task for task in definition.tasks.values() if task.kind is TaskKind.CALL]


def check(
    definition: ProcessDefinition, others: Mapping[str, ProcessDefinition]
) -> Iterator[Finding]:
    """Yield what is wrong with the calls of a SOP, seen beside the others by key."""
    for task in calls(definition):
        called = others.get(task.calls)
        if called is None:
            yield Finding(
                "E071", BPMN_FILE, f"memanggil SOP '{task.calls}' yang tidak ada", task.id,
                f"Yang ada: {', '.join(sorted(others))}.",
            )  # fmt: skip
            continue
        given = _fields(called)
        for name in sorted(set(task.results.values()) - given):
            yield Finding(
                "E073", SOP_FILE, f"results membaca '{name}', yang tidak diisi di '{task.calls}'",
                task.id, f"Yang diisi di sana: {', '.join(sorted(given)) or 'tidak ada'}.",
            )  # fmt: skip
        circle = _back_to(definition.key, task.calls, others)
        if circle:
            yield Finding(
                "E072", BPMN_FILE, f"memanggil dirinya: {' → '.join((definition.key, *circle))}",
                task.id, "SOP yang dipanggil tidak boleh, langsung atau tidak, memanggil yang ini.",
            )  # fmt: skip


def _fields(definition: ProcessDefinition) -> set[str]:
    """Return what a finished process of this SOP has answers to."""
    asked = {field.name for task in definition.tasks.values() for field in task.form.fields}
    return asked | {name for task in definition.tasks.values() for name in task.results}


def _back_to(goal: str, begin: str, others: Mapping[str, ProcessDefinition]) -> tuple[str, ...]:
    """Return the shortest way of calls from one SOP to another, both told; empty for none."""
    ways: dict[str, tuple[str, ...]] = {begin: (begin,)}
    queue = [begin]
    for key in queue:
        if key == goal:
            return ways[key]
        following = calls(others[key]) if key in others else ()
        for task in following:
            if task.calls not in ways:
                ways[task.calls] = (*ways[key], task.calls)
                queue.append(task.calls)
    return ()
