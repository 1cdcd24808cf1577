"""The SOPs walked at random: they always wait or end, and storing changes nothing.

Beside each walk runs SpiffWorkflow by itself, in memory and never stored, where it can run the SOP:
another road to the same answer, with the whole tree that the engine does not keep.
"""

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workflows.definitions import FOLDERS, sop
from tests.workflows.kept_in_memory import KeptInMemory, runs_in_memory
from workflows import engine
from workflows.definitions import FieldType, ProcessDefinition, TaskDefinition, TaskKind

LONGEST = 60
ENOUGH = 3000
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


def _names(
    definition: ProcessDefinition, form: Mapping[str, Any], facts: Mapping[str, Any]
) -> engine.Names:
    rows = {task.id: ["satu", "dua"] for task in definition.tasks.values() if task.rows}
    # What a called SOP or a message may have brought: a text that means nothing here.
    results = {name: "" for task in definition.tasks.values() for name in task.results}
    return {"form": {**results, **form}, "facts": facts, "rows": rows}


def _patience(task: TaskDefinition) -> tuple[bool, bool]:
    """Work before events on its edge, whatever comes before the time that runs out."""
    return task.attached_to is not None, task.kind is TaskKind.TIMER


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
    names = _names(definition, form, _facts(definition, data))
    snapshot = engine.start(definition, names)
    kept = KeptInMemory(definition, names) if runs_in_memory(definition) else None
    for _ in range(LONGEST):
        assert snapshot.ended is (not snapshot.ready)
        assert snapshot.ended is bool(snapshot.end_event)
        assert set(snapshot.opened) <= set(snapshot.ready)
        if kept is not None:
            assert sorted(task.step for task in snapshot.ready) == kept.steps
            assert snapshot.ended is kept.ended
        if snapshot.ended:
            return
        task = data.draw(st.sampled_from(snapshot.ready))
        form.update(_answers(definition.tasks[task.step], data))
        names = _names(definition, form, _facts(definition, data))
        before = {ready.engine_id for ready in snapshot.ready}
        snapshot = engine.complete(definition, snapshot.state, task.engine_id, names)
        if kept is not None:
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
    dice = random.Random(data.draw(st.integers(0, 2**32)))
    form: dict[str, Any] = {}
    facts = dict.fromkeys(definition.facts, False)
    snapshot = engine.start(definition, _names(definition, form, facts))
    wandering = data.draw(st.integers(0, 40))
    for number in range(ENOUGH):
        if snapshot.ended:
            break
        task = min(snapshot.ready, key=lambda t: _patience(definition.tasks[t.step]))
        if number < wandering:
            form.update(_answers(definition.tasks[task.step], data))
        else:  # whatever people and facts say from here on: some of it leads on
            form.update(_thrown(definition.tasks[task.step], dice))
            facts = {name: dice.random() < 0.5 for name in definition.facts}
        names = _names(definition, form, facts)
        snapshot = engine.complete(definition, snapshot.state, task.engine_id, names)
    assert snapshot.ended


def _thrown(task: TaskDefinition, dice: random.Random) -> Mapping[str, Any]:
    asked = (field for field in task.form.fields if field.options)
    return {field.name: dice.choice(field.options).value for field in asked}


@BOTH
@CALM
@given(data=st.data())
def test_ids_of_any_other_moment_are_refused_and_change_nothing(
    folder: Path, data: st.DataObject
) -> None:
    definition = sop(folder)
    facts = _facts(definition, data)
    snapshot = engine.start(definition, _names(definition, {}, facts))
    given_out = {task.engine_id for task in snapshot.ready}
    form: dict[str, Any] = {}
    for _ in range(data.draw(st.integers(1, 25))):
        if snapshot.ended:
            break
        task = data.draw(st.sampled_from(snapshot.ready))
        form.update(_answers(definition.tasks[task.step], data))
        names = _names(definition, form, facts)
        snapshot = engine.complete(definition, snapshot.state, task.engine_id, names)
        given_out |= {ready.engine_id for ready in snapshot.ready}
    ready = {task.engine_id for task in snapshot.ready}
    for engine_id in given_out - ready:
        with pytest.raises(engine.NotReady):
            engine.complete(definition, snapshot.state, engine_id, _names(definition, form, facts))
    assert engine.ready(definition, snapshot.state) == snapshot.ready


def test_some_sops_run_beside_spiff() -> None:
    assert len([folder for folder in FOLDERS if runs_in_memory(sop(folder))]) >= 2
