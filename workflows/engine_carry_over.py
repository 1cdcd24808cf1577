"""A running process handed over to another version of its SOP: may it be, and its state there.

Pure. What waits keeps its engine ids; nothing is opened or closed by the hand-over but the events
that the new version has put on the edge of a task that waits: those begin.

Whatever would have to be guessed is refused with a sentence: a task that waits must be the same
kind of task in the same lane, a branch that waits at a join must have its join, and the tasks that
were done must lead, on the new diagram, to exactly the place where the process stands.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from uuid import uuid4

from workflows import engine
from workflows.definitions import ProcessDefinition, TaskDefinition
from workflows.engine import StateRefused
from workflows.replay import Tokens, standing


class CarryOverRefused(StateRefused):
    """The state has no counterpart in the other version; `reasons` are sentences."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = tuple(reasons)


def carry_over(old: ProcessDefinition, new: ProcessDefinition, state: bytes) -> bytes:
    """Return a stored state of `old` as one of `new`.

    Raises CarryOverRefused where something that waits has no counterpart (`obstacles`), and
    StateRefused for a state that is not of `old`.
    """
    if reasons := obstacles(old, new, state):
        raise CarryOverRefused(reasons)
    stored = json.loads(state)
    waiting = [step for _, step, *_ in stored["ready"]]
    begun = [[uuid4().hex, event] for event in new_on_edges(old, new, waiting)]
    stored |= {"version": new.version, "ready": [*stored["ready"], *begun]}
    carried = json.dumps(stored, separators=(",", ":")).encode()
    engine.ready(new, carried)  # refuses what today's engine could not read
    return carried


def new_on_edges(
    old: ProcessDefinition, new: ProcessDefinition, waiting: Sequence[str]
) -> list[str]:
    """Return the events that only the new version has on the edges of these tasks."""
    return [
        task.id
        for task in new.tasks.values()
        if task.attached_to in waiting
        and (task.id not in old.tasks or old.tasks[task.id].attached_to is None)
    ]


def obstacles(old: ProcessDefinition, new: ProcessDefinition, state: bytes) -> list[str]:
    """Return why what waits in a state of `old` could not wait in `new`, as sentences."""
    waiting = dict.fromkeys(task.step for task in engine.ready(old, state))
    found = [reason for step in waiting for reason in _changed(old, new, old.tasks[step])]
    stored = json.loads(state)
    flows = {(flow.source, flow.target) for flow in new.flows}
    end = stored.get("end")
    if end and end not in {flow.target for flow in new.flows}:
        found.append(f"Berkas sudah sampai di akhir '{end}', yang di versi baru tidak ada.")
    for gateway, source in stored["arrivals"]:
        if (source, gateway) not in flows:
            found.append(
                f"Satu cabang sudah menunggu di gerbang '{gateway}', "
                "yang di versi baru tidak lagi menerimanya."
            )
    return found


def _changed(
    old: ProcessDefinition, new: ProcessDefinition, before: TaskDefinition
) -> Iterator[str]:
    """Yield what is no longer the same of a task that waits."""
    name = f"Tahap “{before.name}” sedang menunggu"
    after = new.tasks.get(before.id)
    if after is None:
        yield f"{name}, tetapi di versi baru tidak ada lagi."
        return
    if after.kind is not before.kind or bool(after.rows) != bool(before.rows):
        yield f"{name}, tetapi di versi baru jenisnya lain."
    if after.lane != before.lane:
        yield f"{name}, tetapi di versi baru menjadi bagian {after.lane}, bukan {before.lane}."
    elif (old.lane(before.lane).performer is None) != (new.lane(after.lane).performer is None):
        yield f"{name}, tetapi di versi baru pelaksananya ditunjuk dengan cara lain."
    if (after.attached_to, after.interrupts) != (before.attached_to, before.interrupts):
        yield f"{name}, tetapi di versi baru menempel pada tahap lain."
    if (after.message, after.calls) != (before.message, before.calls):
        yield f"{name}, tetapi di versi baru yang ditunggu lain."


def course_obstacles(new: ProcessDefinition, carried: bytes, completed: Sequence[str]) -> list[str]:
    """Return why the tasks that were done would not have led, on `new`, to where it stands.

    `completed` are BPMN ids in the order of completion, as `replay` takes them.
    """
    course = standing(new, completed)
    if course.stuck_at is not None:
        step = completed[course.stuck_at]
        name = new.tasks[step].name if step in new.tasks else step
        return [f"Di versi baru, “{name}” tidak mungkin selesai pada urutan seperti riwayatnya."]
    if _tokens(new, carried) in course.tokens:
        return []
    return ["Riwayatnya, diulang di versi baru, tidak sampai pada tahap yang sekarang menunggu."]


def _tokens(definition: ProcessDefinition, state: bytes) -> Tokens:
    """Return where the tokens of a state stand: tasks that wait, flows into joins."""
    stored = json.loads(state)
    places = Counter(step for _, step, *_ in stored["ready"])
    for step in places:
        if step in definition.tasks and definition.tasks[step].rows:
            places[step] = 1  # once per row is one place
    by_ends = {(flow.source, flow.target): flow.id for flow in definition.flows}
    arrived = [by_ends[source, gateway] for gateway, source in stored["arrivals"]]
    return tuple(sorted([*places.elements(), *arrived]))
