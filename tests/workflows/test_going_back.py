"""Where a running process may go back to: where it stood alone, and before whatever binds."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workflows.definitions import FOLDERS, e_absensi, sop
from workflows import engine
from workflows.definitions import FieldType, OutcomeKind, ProcessDefinition, TaskKind
from workflows.going_back import Done, Reach, reach

LONGEST = 40
CALM = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def nothing_binds(name: str) -> bool:
    return False


class Walk:
    """A run of the engine at random, with where it stood before each task that was completed."""

    def __init__(self, definition: ProcessDefinition, dice: random.Random) -> None:
        self.definition, self.dice = definition, dice
        self.form: dict[str, Any] = {"hasil": "ulang"}
        self.path: list[str] = []
        self.stood: list[bytes] = []
        snapshot = engine.start(definition, self.names())
        length = dice.randrange(1, LONGEST)
        while not snapshot.ended and len(self.path) < length:
            task = dice.choice(snapshot.ready)
            self.path.append(task.step)
            self.stood.append(snapshot.state)
            for field in definition.tasks[task.step].form.fields:
                if field.type in (FieldType.OUTCOME, FieldType.CHOICE) and field.options:
                    self.form[field.name] = dice.choice(field.options).value
            snapshot = engine.complete(definition, snapshot.state, task.engine_id, self.names())

    def names(self) -> engine.Names:
        facts = {name: self.dice.randrange(3) for name in self.definition.facts}
        per_row = [task.id for task in self.definition.tasks.values() if task.rows]
        rows = {step: [str(key) for key in range(self.dice.randrange(1, 3))] for step in per_row}
        return {"form": self.form, "facts": facts, "rows": rows}


def places(definition: ProcessDefinition, state: bytes) -> tuple[set[str], list[str]]:
    """Return the tasks that wait in a state, and the branches that wait at a join."""
    return {task.step for task in engine.ready(definition, state)}, json.loads(state)["arrivals"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
@CALM
@given(dice=st.randoms(use_true_random=False))
def test_a_process_that_goes_back_stands_where_it_stood(folder: Path, dice: random.Random) -> None:
    definition = sop(folder)
    walk = Walk(definition, dice)
    if any(definition.tasks[step].rows for step in walk.path):
        return  # one completion per row is not how a diagram is told: the services' tests do that
    for place in reach(definition, [Done(step) for step in walk.path], nothing_binds).places:
        step = walk.path[place]
        edge = {task.id for task in definition.tasks.values() if task.attached_to == step}
        waited, arrived = places(definition, walk.stood[place])
        assert (waited - edge, arrived) == ({step}, [])
        entered = engine.enter(definition, step, walk.names())
        # What is on the edge may have happened by then; it begins anew with its task.
        assert places(definition, entered.state) == ({step, *edge}, [])


def peoples(definition: ProcessDefinition) -> list[str]:
    return [step.id for step in definition.steps if step.kind is TaskKind.USER]


def test_a_decision_is_not_gone_behind() -> None:
    definition = e_absensi()
    first, second, third = peoples(definition)[:3]
    done = [Done(first), Done(second, OutcomeKind.RETURN), Done(third)]
    found = reach(definition, done, nothing_binds)
    assert 0 not in found.places
    assert 1 not in found.places
    assert found.bound_by == f"Pada “{definition.tasks[second].name}” sudah diputuskan."


def test_what_the_system_made_for_others_is_not_gone_behind() -> None:
    definition = e_absensi()
    step = next(task for task in definition.tasks.values() if task.operation is not None)
    assert step.operation is not None
    name = step.operation.name
    found = reach(definition, [Done(step.id)], lambda operation: operation == name)
    assert found == Reach(
        (), f"Sistem sudah mengerjakan “{step.name}”; hasilnya dipakai orang lain."
    )
    assert reach(definition, [Done(step.id)], nothing_binds).bound_by == ""


def test_nothing_done_is_nowhere_to_go_back_to() -> None:
    assert reach(e_absensi(), [], nothing_binds) == Reach(())
