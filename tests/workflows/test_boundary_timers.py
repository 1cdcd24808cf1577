"""Timers on the edge of a task: they live with their task, and what they begin runs beside it."""

import json
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree

from tests.workflows.definitions import NO_NAMES, TIMER, bare, names
from tests.workflows.reading.test_soundness import linked
from tests.workflows.runs import do, steps
from tests.workflows.sop_files import Node, draw
from tests.workflows.timer_sops import (
    ATTRIBUTES,
    INTERRUPTED,
    REMINDED,
    drawing,
    names_of,
    waiting,
)
from workflows import engine, repository, scenarios
from workflows.drawing import diagram
from workflows.drawing.diagram import Mark, MarkKind
from workflows.scenarios import Scenario, ScenarioFailed, Step

ON, AGAIN = names({"hasil": "lanjut"}), names({"hasil": "ulang"})


def test_the_timers_begin_with_their_task() -> None:
    snapshot = engine.start(REMINDED, NO_NAMES)
    assert steps(snapshot) == ["ajukan"]
    snapshot = do(REMINDED, snapshot, "ajukan")
    assert names_of(snapshot.opened) == ["putuskan", "sehari", "tiga_hari"]
    assert engine.ready(REMINDED, snapshot.state) == snapshot.ready


def test_a_task_that_is_done_takes_its_timers_with_it_and_the_process_ends() -> None:
    snapshot = do(REMINDED, waiting(), "putuskan", ON)
    assert names_of(snapshot.withdrawn) == ["sehari", "tiga_hari"]
    assert (snapshot.ended, snapshot.end_event, snapshot.ready) == (True, "selesai", ())


def test_a_timer_that_fires_leaves_its_task_and_the_other_timer_alone() -> None:
    before = waiting()
    snapshot = do(REMINDED, before, "sehari")
    assert names_of(snapshot.ready) == ["ingatkan", "putuskan", "tiga_hari"]
    assert names_of(snapshot.opened) == ["ingatkan"]
    assert snapshot.withdrawn == ()
    same = {t.engine_id for t in before.ready} & {t.engine_id for t in snapshot.ready}
    assert len(same) == 2
    snapshot = do(REMINDED, snapshot, "ingatkan")
    assert names_of(snapshot.ready) == ["putuskan", "tiga_hari"]
    assert not snapshot.ended
    snapshot = do(REMINDED, snapshot, "putuskan", ON)
    assert (snapshot.ended, snapshot.end_event) == (True, "selesai")
    assert names_of(snapshot.withdrawn) == ["tiga_hari"]


def test_a_task_entered_again_has_new_timers() -> None:
    first = waiting()
    snapshot = do(REMINDED, first, "putuskan", AGAIN)
    assert steps(snapshot) == ["ajukan"]
    assert names_of(snapshot.withdrawn) == ["sehari", "tiga_hari"]
    snapshot = do(REMINDED, snapshot, "ajukan")
    assert names_of(snapshot.opened) == ["putuskan", "sehari", "tiga_hari"]
    assert not {t.engine_id for t in first.ready} & {t.engine_id for t in snapshot.ready}


def test_a_withdrawn_timer_can_no_longer_fire() -> None:
    before = waiting()
    after = do(REMINDED, before, "putuskan", AGAIN)
    for task in after.withdrawn:
        with pytest.raises(engine.NotReady):
            engine.complete(REMINDED, after.state, task.engine_id, NO_NAMES)


def test_what_a_timer_began_is_finished_though_the_task_is_done() -> None:
    snapshot = do(REMINDED, do(REMINDED, waiting(), "sehari"), "putuskan", ON)
    assert (snapshot.ended, steps(snapshot)) == (False, ["ingatkan"])
    snapshot = do(REMINDED, snapshot, "ingatkan")
    # The process came to its own end before: what ran beside it is not how it ended.
    assert (snapshot.ended, snapshot.end_event) == (True, "selesai")


def test_a_reminder_of_the_last_round_does_not_stand_in_the_way_of_this_one() -> None:
    snapshot = do(REMINDED, do(REMINDED, waiting(), "sehari"), "putuskan", AGAIN)
    snapshot = do(REMINDED, do(REMINDED, snapshot, "ajukan"), "sehari")
    assert names_of(snapshot.ready) == ["ingatkan", "ingatkan", "putuskan", "tiga_hari"]
    for _ in range(2):
        snapshot = do(REMINDED, snapshot, "ingatkan")
    assert do(REMINDED, snapshot, "putuskan", ON).end_event == "selesai"


def test_three_hundred_returns_leave_the_state_as_small_as_it_was() -> None:
    snapshot = waiting()
    size = len(snapshot.state)
    for _ in range(300):
        snapshot = do(REMINDED, do(REMINDED, snapshot, "putuskan", AGAIN), "ajukan")
        assert len(snapshot.state) == size


def test_an_interrupting_timer_ends_its_task_and_the_other_timers() -> None:
    snapshot = do(INTERRUPTED, waiting(INTERRUPTED), "tiga_hari")
    assert names_of(snapshot.withdrawn) == ["putuskan", "sehari"]
    assert steps(snapshot) == ["naikkan"]
    snapshot = do(INTERRUPTED, snapshot, "naikkan")
    assert (snapshot.ended, snapshot.end_event) == (True, "selesai")


def test_a_decision_before_an_interrupting_timer_withdraws_it() -> None:
    snapshot = do(INTERRUPTED, waiting(INTERRUPTED), "putuskan", ON)
    assert names_of(snapshot.withdrawn) == ["sehari", "tiga_hari"]
    assert snapshot.ended


def test_a_refused_completion_withdraws_nothing() -> None:
    before = waiting()
    with pytest.raises(engine.ConditionFailed):
        do(REMINDED, before, "putuskan", NO_NAMES)
    assert do(REMINDED, before, "sehari").opened
    assert names_of(do(REMINDED, before, "putuskan", ON).withdrawn) == ["sehari", "tiga_hari"]


def test_a_state_that_names_a_timer_the_diagram_lacks_is_refused() -> None:
    stored = json.loads(waiting().state)
    stored["ready"] = [[i, s.replace("sehari", "seminggu")] for i, s in stored["ready"]]
    (timer,) = (i for i, s in stored["ready"] if s == "seminggu")
    with pytest.raises(engine.StateRefused, match="seminggu"):
        engine.complete(REMINDED, json.dumps(stored).encode(), timer, NO_NAMES)


@pytest.mark.parametrize(
    ("host", "inside"),
    [
        ("serviceTask", TIMER),
        ("exclusiveGateway", TIMER),
        ("serviceTask", '<messageEventDefinition id="pesan"/>'),
        ("userTask", '<errorEventDefinition id="gagal"/>'),
        ("userTask", '<signalEventDefinition id="sinyal"/>'),
        ("userTask", ""),
    ],
)
def test_past_the_gate_only_events_that_belong_there_are_run(host: str, inside: str) -> None:
    nodes: list[Node] = [
        ("startEvent", "awal", "Staf"),
        (host, "kerja", "Staf"),
        ("endEvent", "akhir", "Staf"),
        ("boundaryEvent", "batas", "Staf"),
        ("endEvent", "lain", "Staf"),
    ]
    flows = linked("awal>kerja", "kerja>akhir", "batas>lain")
    bpmn = draw(
        nodes, flows, attributes={"batas": 'attachedToRef="kerja"'}, inside={"batas": inside}
    )
    with pytest.raises(engine.EngineError, match="tidak dapat dibaca"):
        engine.parse(bare(bpmn))


# --- scenarios ---

PLAYED = Scenario(
    "Diingatkan lalu disetujui",
    (Step("ajukan"), Step(timer="sehari"), Step("putuskan", {"hasil": "lanjut"})),
    end="selesai",
    visits={"ingatkan": 1, "naikkan": 0},
)


def test_a_scenario_says_which_timer_fires_before_the_answer() -> None:
    assert scenarios.play(REMINDED, PLAYED).path == ("ajukan", "sehari", "ingatkan", "putuskan")
    silent = replace(PLAYED, steps=(PLAYED.steps[0], PLAYED.steps[2]), visits={"ingatkan": 0})
    assert scenarios.play(REMINDED, silent).end == "selesai"


def test_a_timer_whose_task_does_not_wait_cannot_fire() -> None:
    late = replace(PLAYED, steps=(Step(timer="sehari"), *PLAYED.steps))
    with pytest.raises(ScenarioFailed, match="'sehari' belum gilirannya"):
        scenarios.play(REMINDED, late)


def test_scenarios_are_read_with_their_timers() -> None:
    text = """
[[scenario]]
name = "Diingatkan"
end = "selesai"
[[scenario.steps]]
task = "ajukan"
[[scenario.steps]]
timer = "sehari"
[[scenario.steps]]
task = "putuskan"
form = { hasil = "lanjut" }
"""

    def told(content: str) -> Any:
        files = {**REMINDED.files, "scenarios.toml": content.encode()}
        return scenarios.read(replace(REMINDED, files=files))

    (scenario,) = told(text)
    assert scenario.steps == PLAYED.steps
    for wrong in ("putuskan", "tidak_ada"):
        with pytest.raises(repository.DefinitionError, match=f"'{wrong}' bukan pewaktu"):
            told(text.replace('"sehari"', f'"{wrong}"'))
    with pytest.raises(repository.DefinitionError, match="ditulis sendiri"):
        told(text.replace('timer = "sehari"', 'timer = "sehari"\ntask = "putuskan"'))


# --- the picture ---


def test_the_picture_shows_a_timer_on_the_edge_over_its_task_and_whether_it_interrupts() -> None:
    marks = {"sehari": Mark(MarkKind.DONE), "putuskan": Mark(MarkKind.CURRENT)}
    root = etree.fromstring(diagram.draw(REMINDED, marks))
    groups = [g for g in root.iter("{*}g") if g.get("data-step")]
    order = [g.get("data-step") for g in groups]
    assert order.index("putuskan") < order.index("sehari")
    timer = next(g for g in groups if g.get("data-step") == "sehari")
    assert "Selesai" in (timer.findtext("{*}title") or "")
    assert [c.get("stroke-dasharray") for c in timer.iter("{*}circle")][:2] == ["4 2.5"] * 2
    interrupting = etree.fromstring(diagram.draw(INTERRUPTED))
    group = next(g for g in interrupting.iter("{*}g") if g.get("data-step") == "tiga_hari")
    assert not [c for c in group.iter("{*}circle") if c.get("stroke-dasharray")]
    assert list(group.iter("{*}circle"))


def test_the_attributes_of_the_drawings_are_those_the_engine_reads() -> None:
    assert "cancelActivity" not in str(ATTRIBUTES["diterima"])
    unwritten = drawing(more={"sehari": 'attachedToRef="putuskan"'})
    # BPMN takes "true" where nothing is written: then the way must be another way of the process.
    definition = bare(unwritten)
    snapshot = do(definition, engine.start(definition, NO_NAMES), "ajukan")
    assert names_of(do(definition, snapshot, "sehari").withdrawn) == ["putuskan", "tiga_hari"]
