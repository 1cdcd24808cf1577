"""A gateway that waits for several events at once: the first that happens withdraws its rivals."""

import time
from typing import Any

import pytest

from tests.workflows.definitions import NO_NAMES, TIMER
from tests.workflows.elements.making import HEARS, WORK, drawing, files, played, sop, told
from tests.workflows.runs import do, steps
from workflows import engine, repository, scenarios
from workflows.definitions import TaskKind
from workflows.scenarios import Scenario, ScenarioFailed, Step

TOP = '<message id="pesan" name="surat_masuk"/><message id="batal" name="surat_dibatalkan"/>'
ELEMENTS = {
    "minta": "U",
    "mana": "R",
    "dijawab": "C",
    "dibatalkan": "C",
    "tiga_hari": "C",
    "tegur": "S",
    "catat": "S",
    "gagal": "E",
}
FLOWS = [
    "mulai>minta",
    "minta>mana",
    "mana>dijawab",
    "mana>dibatalkan",
    "mana>tiga_hari",
    "dijawab>catat",
    "catat>selesai",
    "dibatalkan>gagal",
    "tiga_hari>tegur",
    "tegur>minta",
]
INSIDE = {
    "dijawab": HEARS,
    "dibatalkan": '<messageEventDefinition messageRef="batal"/>',
    "tiga_hari": TIMER,
}
STEPS = {
    "minta": "number = 1",
    "dijawab": "",
    "dibatalkan": "",
    "tiga_hari": "",
    "tegur": WORK,
    "catat": WORK,
}


def folder(**changes: Any) -> dict[str, bytes]:
    bpmn = drawing(
        {**ELEMENTS, **changes.get("elements", {})},
        changes.get("flows", FLOWS),
        inside={**INSIDE, **changes.get("inside", {})},
        attributes=changes.get("attributes"),
        top=TOP,
    )
    return files(bpmn, {**STEPS, **changes.get("steps", {})})


RACE = sop(folder())
RIVALS = ["dibatalkan", "dijawab", "tiga_hari"]


def test_all_events_behind_it_wait_together() -> None:
    snapshot = played(RACE, "minta")
    assert sorted(steps(snapshot)) == RIVALS
    assert RACE.tasks["tiga_hari"].kind is TaskKind.TIMER
    assert RACE.tasks["dijawab"].kind is TaskKind.MESSAGE
    assert RACE.tasks["dijawab"].attached_to is None


@pytest.mark.parametrize(
    ("first", "leads_to"), [("dijawab", ["catat"]), ("dibatalkan", []), ("tiga_hari", ["tegur"])]
)
def test_the_first_withdraws_the_others(first: str, leads_to: list[str]) -> None:
    before = played(RACE, "minta")
    after = do(RACE, before, first)
    assert sorted(t.step for t in after.withdrawn) == [r for r in RIVALS if r != first]
    assert steps(after) == leads_to
    for task in after.withdrawn:
        with pytest.raises(engine.NotReady):
            engine.complete(RACE, after.state, task.engine_id, NO_NAMES)


def test_the_end_is_that_of_the_event_that_happened() -> None:
    assert played(RACE, "minta", "dibatalkan").end_event == "gagal"
    assert played(RACE, "minta", "dijawab", "catat").end_event == "selesai"


def test_entered_again_all_wait_again() -> None:
    snapshot = played(RACE, "minta", "tiga_hari", "tegur", "minta")
    assert sorted(steps(snapshot)) == RIVALS


def test_two_hundred_rounds_neither_grow_the_state_nor_slow_it_down() -> None:
    snapshot = played(RACE, "minta")
    size, took = len(snapshot.state), list[float]()
    for _ in range(200):
        before = time.perf_counter()
        for step in ("tiga_hari", "tegur", "minta"):
            snapshot = do(RACE, snapshot, step)
        took.append(time.perf_counter() - before)
        assert len(snapshot.state) == size
    assert sorted(took[-50:])[25] <= 3 * sorted(took[:50])[25]


# --- what is refused ---


def test_behind_it_nothing_but_events_that_wait() -> None:
    flows = [f for f in FLOWS if f not in ("mana>dijawab", "dijawab>catat")] + ["mana>catat"]
    elements = {k: v for k, v in ELEMENTS.items() if k != "dijawab"}
    bpmn = drawing(elements, flows, inside={k: v for k, v in INSIDE.items() if k != "dijawab"},
                   top=TOP)  # fmt: skip
    steps = {k: v for k, v in STEPS.items() if k != "dijawab"}
    assert told(files(bpmn, steps)) == [("E032", "mana__catat")]


def test_each_of_its_events_is_reached_from_it_alone() -> None:
    flows = [f if f != "tegur>minta" else "tegur>tiga_hari" for f in FLOWS]
    assert ("E032", "tiga_hari") in told(folder(flows=flows))


def test_one_event_is_no_choice() -> None:
    elements = {k: v for k, v in ELEMENTS.items() if k in ("minta", "mana", "dijawab", "catat")}
    flows = ["mulai>minta", "minta>mana", "mana>dijawab", "dijawab>catat", "catat>selesai"]
    bpmn = drawing(elements, flows, inside={"dijawab": HEARS}, top=TOP)
    assert told(files(bpmn, {k: STEPS[k] for k in elements if k != "mana"})) == [("E032", "mana")]


@pytest.mark.parametrize("kind", ['instantiate="true"', 'eventGatewayType="Parallel"'])
def test_it_neither_begins_processes_nor_waits_for_all(kind: str) -> None:
    assert told(folder(attributes={"mana": kind}))[0] == ("E015", "mana")


def test_conditions_have_no_place_behind_it() -> None:
    flows = [f if f != "mana>dijawab" else "mana>dijawab if form.x == 1" for f in FLOWS]
    assert ("E026", "mana__dijawab") in told(folder(flows=flows))


# --- scenarios ---


def test_a_scenario_says_which_comes_first() -> None:
    late = (Step("minta"), Step(timer="tiga_hari"), Step("minta"), Step(message="dijawab"))
    course = scenarios.play(RACE, Scenario("x", late, end="selesai", visits={"minta": 2}))
    assert course.path == ("minta", "tiga_hari", "tegur", "minta", "dijawab", "catat")
    with pytest.raises(ScenarioFailed, match="belum berakhir"):
        scenarios.play(RACE, Scenario("x", late[:1], end="selesai"))


def test_timers_behind_it_may_be_told_and_others_not() -> None:
    def read(timer: str) -> Any:
        text = f'[[scenario]]\nname = "x"\nend = "gagal"\n[[scenario.steps]]\ntimer = "{timer}"\n'
        return scenarios.read(sop(folder() | {"scenarios.toml": text.encode()}))

    assert read("tiga_hari")[0].steps == (Step(timer="tiga_hari"),)
    with pytest.raises(repository.DefinitionError, match="'dijawab' bukan pewaktu"):
        read("dijawab")
