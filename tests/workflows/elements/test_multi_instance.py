"""A task that is done once per row: as many tokens as there are rows, one way on."""

import json
import time
from typing import Any

import pytest

from tests.workflows.definitions import TIMER, names
from tests.workflows.elements.making import (
    MANY,
    WORK,
    drawing,
    errors,
    field,
    files,
    on_edge,
    sop,
    told,
)
from tests.workflows.runs import do, steps
from workflows import engine, scenarios
from workflows.definitions import Call
from workflows.scenarios import Scenario, Step

ELEMENTS = {"nilai": "U", "periksa": "U", "terima": "X", "sehari": "B", "naikkan": "S"}
FLOWS = [
    "mulai>nilai",
    "nilai>periksa",
    "periksa>terima",
    "terima>selesai if form.hasil == 'ya'",
    "terima>nilai",
    "sehari>naikkan",
    "naikkan>periksa",
]
STEPS = {
    "nilai": 'rows = { use = "tests.rows", unit = "semua" }',
    "periksa": "",
    "sehari": "",
    "naikkan": WORK,
}
INSIDE = {"nilai": MANY, "sehari": TIMER}
ATTRIBUTES = {"terima": 'default="terima__nilai"', "sehari": on_edge("nilai")}
FORMS = {"periksa": field("hasil", "ya", "tidak"), "nilai": field("skor")}


def folder(**changes: Any) -> dict[str, bytes]:
    made = {"inside": INSIDE, "attributes": ATTRIBUTES, **changes}
    bpmn = drawing(ELEMENTS, made.pop("flows", FLOWS), inside=made["inside"],
                   attributes=made["attributes"])  # fmt: skip
    return files(bpmn, changes.get("steps", STEPS), forms=FORMS)


PER_ROW = sop(folder())


def given(*keys: str, **form: str) -> engine.Names:
    return {"form": form, "facts": {}, "rows": {"nilai": keys}}


def of_rows(snapshot: engine.Snapshot) -> list[str]:
    return [task.row for task in snapshot.ready if task.step == "nilai"]


def finish(snapshot: engine.Snapshot, row: str, more: engine.Names) -> engine.Snapshot:
    engine_id = next(task.engine_id for task in snapshot.ready if task.row == row)
    return engine.complete(PER_ROW, snapshot.state, engine_id, more)


def test_a_task_per_row_says_so_in_the_definition() -> None:
    task = PER_ROW.tasks["nilai"]
    assert task.rows == Call("tests.rows", {"unit": "semua"})
    assert PER_ROW.tasks["periksa"].rows is None


def test_it_opens_once_for_each_row_and_its_timer_once_for_all() -> None:
    snapshot = engine.start(PER_ROW, given("a", "b", "c"))
    assert of_rows(snapshot) == ["a", "b", "c"]
    assert steps(snapshot).count("sehari") == 1
    assert engine.ready(PER_ROW, snapshot.state) == snapshot.ready == snapshot.opened


def test_the_rows_may_be_done_in_any_order_and_the_last_one_leads_on() -> None:
    snapshot = engine.start(PER_ROW, given("a", "b", "c"))
    for row, left in (("b", ["a", "c"]), ("a", ["c"])):
        snapshot = finish(snapshot, row, names())
        assert (of_rows(snapshot), snapshot.opened, snapshot.withdrawn) == (left, (), ())
        assert not snapshot.ended
    snapshot = finish(snapshot, "c", names())
    assert steps(snapshot) == ["periksa"]
    assert [task.step for task in snapshot.withdrawn] == ["sehari"]


def test_a_row_that_is_done_cannot_be_done_again() -> None:
    before = engine.start(PER_ROW, given("a", "b"))
    after = finish(before, "a", names())
    done = next(task for task in before.ready if task.row == "a")
    with pytest.raises(engine.NotReady):
        engine.complete(PER_ROW, after.state, done.engine_id, names())


def test_without_rows_it_is_passed_and_its_timer_never_begins() -> None:
    assert steps(engine.start(PER_ROW, given())) == ["periksa"]


def test_the_rows_are_asked_anew_at_each_entering_and_only_then() -> None:
    asked = list[str]()

    class Lists(dict[str, Any]):
        def __getitem__(self, key: str) -> Any:
            asked.append(key)
            return super().__getitem__(key)

    def rows(*keys: str) -> engine.Names:
        return {"form": {"hasil": "tidak"}, "facts": {}, "rows": Lists(nilai=keys)}

    snapshot = engine.start(PER_ROW, rows("a", "b"))
    snapshot = finish(finish(snapshot, "a", rows("x")), "b", rows("x"))
    assert asked == ["nilai"]
    snapshot = do(PER_ROW, snapshot, "periksa", rows("b", "c"))
    assert of_rows(snapshot) == ["b", "c"]
    assert asked == ["nilai", "nilai"]


def test_a_timer_that_interrupts_withdraws_every_row() -> None:
    snapshot = finish(engine.start(PER_ROW, given("a", "b", "c")), "a", names())
    snapshot = do(PER_ROW, snapshot, "sehari")
    assert [task.row for task in snapshot.withdrawn] == ["b", "c"]
    assert steps(snapshot) == ["naikkan"]
    assert steps(do(PER_ROW, snapshot, "naikkan")) == ["periksa"]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ([str(number) for number in range(engine.MAXIMUM_ROWS + 1)], "paling banyak 200"),
        (["a", "a"], "sama"),
        (["a", ""], "kosong"),
    ],
)
def test_lists_that_cannot_be_worked_on_are_refused(keys: list[str], said: str) -> None:
    with pytest.raises(engine.EngineError, match=said):
        engine.start(PER_ROW, given(*keys))


def test_as_many_rows_as_are_allowed_are_opened() -> None:
    keys = [str(number) for number in range(engine.MAXIMUM_ROWS)]
    assert of_rows(engine.start(PER_ROW, given(*keys))) == keys


def test_rows_that_nobody_gives_are_told() -> None:
    with pytest.raises(engine.EngineError, match="'nilai' tidak diberikan"):
        engine.start(PER_ROW, names())


def test_two_hundred_returns_neither_grow_the_state_nor_slow_it_down() -> None:
    snapshot = engine.start(PER_ROW, given("a", "b"))
    size, took = len(snapshot.state), list[float]()
    for _ in range(200):
        before = time.perf_counter()
        snapshot = finish(finish(snapshot, "a", given()), "b", given())
        snapshot = do(PER_ROW, snapshot, "periksa", given("a", "b", hasil="tidak"))
        took.append(time.perf_counter() - before)
        assert len(snapshot.state) == size
    assert sorted(took[-50:])[25] <= 3 * sorted(took[:50])[25]


@pytest.mark.parametrize("rows", [{"0" * 32: "a"}, ["a"], "a"])
def test_a_state_with_rows_of_nobody_is_refused(rows: Any) -> None:
    stored = json.loads(engine.start(PER_ROW, given("a")).state)
    with pytest.raises(engine.StateRefused):
        engine.ready(PER_ROW, json.dumps({**stored, "rows": rows}).encode())


def test_a_state_without_rows_is_stored_as_before() -> None:
    state = json.loads(engine.start(PER_ROW, given()).state)
    assert set(state) == {"format", "version", "ready", "arrivals"}
    assert state["format"] == 1


# --- what is refused ---


def test_rows_and_the_sign_in_the_diagram_belong_together() -> None:
    plain = {**INSIDE, "nilai": ""}
    assert ("E045", "nilai") in told(folder(inside=plain))
    assert ("E046", "nilai") in told(folder(steps={**STEPS, "nilai": ""}))


@pytest.mark.parametrize(
    ("sign", "code"),
    [
        ('<multiInstanceLoopCharacteristics isSequential="true"/>', "E015"),
        (MANY.replace("/>", "><loopCardinality>3</loopCardinality>") +
         "</multiInstanceLoopCharacteristics>", "E014"),
        ('<multiInstanceLoopCharacteristics behavior="None"/>', "E015"),
    ],
)  # fmt: skip
def test_only_rows_all_at_a_time_are_taken(sign: str, code: str) -> None:
    assert code in {c for c, _ in told(folder(inside={**INSIDE, "nilai": sign}))}


def test_only_people_work_row_by_row() -> None:
    (finding,) = errors(folder(inside={**INSIDE, "naikkan": "<multiInstanceLoopCharacteristics/>"}))
    assert (finding.code, finding.element) == ("E014", "naikkan")
    assert "userTask" in finding.hint


def test_a_condition_reads_no_answer_that_is_given_per_row() -> None:
    flows = [f.replace("form.hasil == 'ya'", "form.skor == '1'") for f in FLOWS]
    (finding,) = errors(folder(flows=flows))
    assert (finding.code, finding.element) == ("E067", "terima__selesai")
    assert "fakta" in finding.hint


def test_a_round_of_tasks_per_row_alone_would_spin() -> None:
    bpmn = drawing(
        {"nilai": "U", "lagi": "X"},
        ["mulai>lagi", "lagi>nilai if facts.kurang", "nilai>lagi", "lagi>selesai"],
        inside={"nilai": MANY},
        attributes={"lagi": 'default="lagi__selesai"'},
    )
    steps = {"nilai": 'rows = { use = "tests.rows" }'}
    found = errors(files(bpmn, steps, head='[facts.kurang]\nuse = "tests.complete"'))
    assert [finding.code for finding in found] == ["E030"]
    assert "baris" in found[0].hint


# --- scenarios ---

PLAYED = Scenario(
    "Dua baris",
    (Step("nilai"), Step("nilai"), Step("periksa", {"hasil": "ya"})),
    rows={"nilai": ["a", "b"]},
    end="selesai",
    visits={"nilai": 2},
)


def test_a_scenario_names_its_rows_and_has_one_where_it_does_not() -> None:
    assert scenarios.play(PER_ROW, PLAYED).path == ("nilai", "nilai", "periksa")
    single = Scenario("Satu", (Step("nilai"), Step("periksa", {"hasil": "ya"})), end="selesai")
    assert scenarios.play(PER_ROW, single).visits["nilai"] == 1


@pytest.mark.parametrize("rows", ['nilai = ["a", "a"]', "nilai = [1]", 'periksa = ["a"]'])
def test_rows_of_a_scenario_are_looked_at(rows: str) -> None:
    text = f'[[scenario]]\nname = "x"\nend = "selesai"\nrows = {{ {rows} }}\n'
    definition = sop(folder() | {"scenarios.toml": text.encode()})
    with pytest.raises(ValueError, match="rows"):
        scenarios.read(definition)
