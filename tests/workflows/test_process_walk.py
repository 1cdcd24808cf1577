"""The SOPs walked at random: they always wait or end, and storing changes nothing.

Beside each walk runs SpiffWorkflow by itself, in memory and never stored: another road to the same
answer, with the whole tree that the engine does not keep.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workflows.definitions import FOLDERS, sop
from tests.workflows.kept_in_memory import KeptInMemory
from workflows import engine
from workflows.definitions import FieldType, ProcessDefinition, TaskDefinition

LONGEST = 60
BOTH = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
CALM = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _answers(task: TaskDefinition, data: st.DataObject) -> Mapping[str, Any]:
    """Return what a person may send: any of the options that the form offers."""
    closed = (FieldType.OUTCOME, FieldType.CHOICE)
    fields = [field for field in task.form.fields if field.type in closed and field.options]
    return {
        field.name: data.draw(st.sampled_from([option.value for option in field.options]))
        for field in fields
    }


def _facts(definition: ProcessDefinition, data: st.DataObject) -> dict[str, Any]:
    return {name: data.draw(st.booleans(), label=name) for name in definition.facts}


@BOTH
@CALM
@given(data=st.data())
def test_a_random_walk_always_waits_or_ends_as_it_would_in_memory(
    folder: Path, data: st.DataObject
) -> None:
    definition = sop(folder)
    form: dict[str, Any] = {}
    names: engine.Names = {"form": form, "facts": _facts(definition, data)}
    snapshot, kept = engine.start(definition, names), KeptInMemory(definition, names)
    for _ in range(LONGEST):
        assert snapshot.ended is (not snapshot.ready)
        assert snapshot.ended is bool(snapshot.end_event)
        assert set(snapshot.opened) <= set(snapshot.ready)
        assert sorted(task.step for task in snapshot.ready) == kept.steps
        assert snapshot.ended is kept.ended
        if snapshot.ended:
            return
        task = data.draw(st.sampled_from(snapshot.ready))
        form.update(_answers(definition.tasks[task.step], data))
        names = {"form": form, "facts": _facts(definition, data)}
        before = {ready.engine_id for ready in snapshot.ready}
        snapshot = engine.complete(definition, snapshot.state, task.engine_id, names)
        kept.complete(task.step, names)
        after = {ready.engine_id for ready in snapshot.ready}
        withdrawn = {ready.engine_id for ready in snapshot.withdrawn}
        assert task.engine_id not in after | withdrawn
        assert withdrawn <= before
        assert before - withdrawn - {task.engine_id} <= after


@BOTH
@CALM
@given(data=st.data())
def test_wherever_a_walk_stops_the_process_can_still_be_brought_to_its_end(
    folder: Path, data: st.DataObject
) -> None:
    definition = sop(folder)
    facts = _facts(definition, data)
    snapshot = engine.start(definition, {"form": {}, "facts": facts})
    form: dict[str, Any] = {}
    wandering = data.draw(st.integers(0, 40))
    for number in range(LONGEST + 40):
        if snapshot.ended:
            break
        task = snapshot.ready[0]
        if number < wandering:
            form.update(_answers(definition.tasks[task.step], data))
        else:
            form.update(_first_choices(definition.tasks[task.step]))
        names: engine.Names = {"form": form, "facts": facts}
        snapshot = engine.complete(definition, snapshot.state, task.engine_id, names)
    assert snapshot.ended


def _first_choices(task: TaskDefinition) -> Mapping[str, Any]:
    """Return the first option of each decision: the SOPs list the one that goes on first."""
    return {field.name: field.options[0].value for field in task.form.fields if field.options}


@BOTH
@CALM
@given(data=st.data())
def test_ids_of_any_other_moment_are_refused_and_change_nothing(
    folder: Path, data: st.DataObject
) -> None:
    definition = sop(folder)
    facts = _facts(definition, data)
    snapshot = engine.start(definition, {"form": {}, "facts": facts})
    given_out = {task.engine_id for task in snapshot.ready}
    form: dict[str, Any] = {}
    for _ in range(data.draw(st.integers(1, 25))):
        if snapshot.ended:
            break
        task = data.draw(st.sampled_from(snapshot.ready))
        form.update(_answers(definition.tasks[task.step], data))
        names: engine.Names = {"form": form, "facts": facts}
        snapshot = engine.complete(definition, snapshot.state, task.engine_id, names)
        given_out |= {ready.engine_id for ready in snapshot.ready}
    ready = {task.engine_id for task in snapshot.ready}
    for engine_id in given_out - ready:
        with pytest.raises(engine.NotReady):
            engine.complete(definition, snapshot.state, engine_id, {"form": form, "facts": facts})
    assert engine.ready(definition, snapshot.state) == snapshot.ready
