"""A failure on the edge of what the system does: another way out, once nothing more is tried."""

from typing import Any

import pytest

from tests.workflows.definitions import NO_NAMES
from tests.workflows.elements.making import (
    FAILS,
    MESSAGE,
    WORK,
    begun,
    drawing,
    files,
    on_edge,
    played,
    sop,
    told,
)
from tests.workflows.runs import steps
from workflows import engine, repository, scenarios
from workflows.scenarios import Scenario, Step

ELEMENTS = {"cetak": "S", "rusak": "B", "perbaiki": "U", "lapor": "S", "menyerah": "E"}
FLOWS = [
    "mulai>cetak",
    "cetak>lapor",
    "lapor>selesai",
    "rusak>perbaiki",
    "perbaiki>menyerah",
]
STEPS = {"cetak": WORK, "perbaiki": "number = 1", "lapor": WORK}


def folder(**changes: Any) -> dict[str, bytes]:
    bpmn = drawing(
        {**ELEMENTS, **changes.get("elements", {})},
        [*FLOWS, *changes.get("flows", [])],
        inside={"rusak": FAILS, **changes.get("inside", {})},
        attributes={"rusak": 'attachedToRef="cetak"', **changes.get("attributes", {})},
        top=MESSAGE,
    )
    return files(bpmn, {**STEPS, **changes.get("steps", {})})


PRINTED = sop(folder())


def failed(snapshot: engine.Snapshot, step: str) -> engine.Snapshot:
    engine_id = next(task.engine_id for task in snapshot.ready if task.step == step)
    return engine.fail(PRINTED, snapshot.state, engine_id, NO_NAMES)


def test_the_task_knows_its_error_way_and_the_event_is_no_task() -> None:
    assert PRINTED.tasks["cetak"].error_way == "rusak"
    assert PRINTED.tasks["lapor"].error_way is None
    assert "rusak" not in PRINTED.tasks
    assert steps(begun(PRINTED)) == ["cetak"]


def test_a_task_that_failed_for_good_goes_on_by_its_error_way() -> None:
    before = begun(PRINTED)
    after = failed(before, "cetak")
    assert steps(after) == ["perbaiki"]
    assert [task.step for task in after.opened] == ["perbaiki"]
    assert after.withdrawn == ()
    with pytest.raises(engine.NotReady):
        engine.complete(PRINTED, after.state, before.ready[0].engine_id, NO_NAMES)


def test_a_task_that_succeeded_goes_its_own_way() -> None:
    assert steps(played(PRINTED, "cetak")) == ["lapor"]


def test_a_task_without_an_error_way_stays_where_it_is() -> None:
    before = played(PRINTED, "cetak")
    with pytest.raises(engine.EngineError, match="'lapor' tidak mempunyai jalan kegagalan"):
        failed(before, "lapor")
    assert engine.ready(PRINTED, before.state) == before.ready


def test_only_a_task_that_waits_can_fail() -> None:
    before = begun(PRINTED)
    after = failed(before, "cetak")
    with pytest.raises(engine.NotReady):
        engine.fail(PRINTED, after.state, before.ready[0].engine_id, NO_NAMES)


def test_the_way_may_lead_back_to_the_task() -> None:
    flows = ["mulai>cetak", "cetak>lapor", "lapor>selesai", "rusak>perbaiki", "perbaiki>cetak"]
    elements = {k: v for k, v in ELEMENTS.items() if k != "menyerah"}
    bpmn = drawing(elements, flows, inside={"rusak": FAILS},
                   attributes={"rusak": 'attachedToRef="cetak"'})  # fmt: skip
    again = sop(files(bpmn, STEPS))
    scenario = Scenario(
        "Dua kali rusak",
        (Step(fails="cetak"), Step("perbaiki"), Step(fails="cetak"), Step("perbaiki")),
        end="selesai",
        visits={"cetak": 3},
    )
    assert scenarios.play(again, scenario).path[-2:] == ("cetak", "lapor")


# --- what is refused ---


@pytest.mark.parametrize("host", ["perbaiki", "selesai", "mulai", "tidak_ada"])
def test_only_work_of_the_system_fails(host: str) -> None:
    assert ("E037", "rusak") in told(folder(attributes={"rusak": f'attachedToRef="{host}"'}))


def test_a_failure_always_ends_its_task() -> None:
    assert ("E037", "rusak") in told(folder(attributes={"rusak": on_edge("cetak", beside=True)}))


def test_one_failure_per_task() -> None:
    second = {"elements": {"lagi": "B"}, "flows": ["lagi>menyerah"], "inside": {"lagi": FAILS},
              "attributes": {"lagi": 'attachedToRef="cetak"'}}  # fmt: skip
    assert told(folder(**second)) == [("E037", "rusak"), ("E037", "lagi")]


def test_which_failure_cannot_be_said() -> None:
    event = '<errorEventDefinition errorRef="x"/>'
    assert told(folder(inside={"rusak": event}))[0][0] == "E015"


def test_a_timer_has_no_place_on_work_of_the_system() -> None:
    timer = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
    assert ("E037", "rusak") in told(folder(inside={"rusak": timer}, steps={"rusak": ""}))


def test_a_round_of_failures_without_a_person_would_spin() -> None:
    flows = ["mulai>cetak", "cetak>selesai", "rusak>lapor", "lapor>cetak"]
    bpmn = drawing({"cetak": "S", "rusak": "B", "lapor": "S"}, flows, inside={"rusak": FAILS},
                   attributes={"rusak": 'attachedToRef="cetak"'})  # fmt: skip
    assert [code for code, _ in told(files(bpmn, {"cetak": WORK, "lapor": WORK}))] == ["E030"]


def test_scenarios_are_read_with_their_failures() -> None:
    def read(step: str) -> Any:
        text = f'[[scenario]]\nname = "x"\nend = "menyerah"\n[[scenario.steps]]\n{step}\n'
        return scenarios.read(sop(folder() | {"scenarios.toml": text.encode()}))

    assert read('fails = "cetak"')[0].steps == (Step(fails="cetak"),)
    for wrong in ("lapor", "perbaiki", "rusak"):
        with pytest.raises(repository.DefinitionError, match=f"'{wrong}' bukan tugas otomatis"):
            read(f'fails = "{wrong}"')
