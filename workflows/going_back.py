"""A running process that goes back to a task that was done: where it may, and why not elsewhere.

Pure. It may where the task was once all that waited, so that entering it anew leaves nothing out
and does nothing twice, and where nothing since binds anybody: no decision was taken, no message
received, no other SOP ran, and the system made nothing that people rely on. What binds is mended by
an amendment, not by going back.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from workflows.definitions import OutcomeKind, ProcessDefinition, TaskKind
from workflows.replay import standing


@dataclass(frozen=True)
class Done:
    """A task from which a process went on; `decision` is empty where it decided nothing."""

    step: str
    decision: OutcomeKind | None = None


@dataclass(frozen=True)
class Reach:
    """How far back a process may go: places in what was done, and what it may not go behind."""

    places: tuple[int, ...]
    bound_by: str = ""


def reach(
    definition: ProcessDefinition, done: Sequence[Done], is_binding: Callable[[str], bool]
) -> Reach:
    """Return where the process may go back to, the latest first.

    `done` is what the diagram was told, in the order of completion; `is_binding` says it of an
    operation by name. A step that was done twice can be gone back to where it was done last.
    """
    places: list[int] = []
    seen = set[str]()
    for place in reversed(range(len(done))):
        if reason := _binding(definition, done[place], is_binding):
            return Reach(tuple(places), reason)
        step = done[place].step
        is_peoples = definition.tasks[step].kind is TaskKind.USER
        if is_peoples and step not in seen and _was_alone(definition, done[:place], step):
            places.append(place)
        seen.add(step)
    return Reach(tuple(places))


def _binding(definition: ProcessDefinition, done: Done, is_binding: Callable[[str], bool]) -> str:
    """Return why nobody goes back to before this, as a sentence; empty where nothing binds."""
    task = definition.tasks[done.step]
    if done.decision is not None:
        return f"Pada “{task.name}” sudah diputuskan."
    if task.kind is TaskKind.MESSAGE:
        return f"“{task.name}”: kabarnya sudah diterima."
    if task.kind is TaskKind.CALL:
        return f"“{task.name}”: SOP lain itu sudah dijalankan."
    if task.operation is not None and is_binding(task.operation.name):
        return f"Sistem sudah mengerjakan “{task.name}”; hasilnya dipakai orang lain."
    return ""


def _was_alone(definition: ProcessDefinition, before: Sequence[Done], step: str) -> bool:
    """Say whether, after what was done before it, nothing waited but this task and its edge."""
    own = {step, *_on_edge(definition, step)}
    stood = list(standing(definition, [d.step for d in before]).tokens)
    offered = [tokens for tokens in stood if step in tokens]
    return bool(offered) and all(own.issuperset(tokens) for tokens in offered)


def _on_edge(definition: ProcessDefinition, step: str) -> Iterator[str]:
    return (task.id for task in definition.tasks.values() if task.attached_to == step)
