"""A gateway that takes one way or several, and the join of as many as were taken."""

import json
import time
from typing import Any

import pytest

from tests.workflows.definitions import TIMER, names
from tests.workflows.elements.making import WORK, drawing, errors, files, on_edge, sop, told
from tests.workflows.runs import do, steps
from workflows import engine
from workflows.definitions import ProcessDefinition
from workflows.replay import replay

ASKED = {"kertas", "foto", "saksi"}
ELEMENTS = {"apa": "O", "kertas": "U", "foto": "U", "saksi": "U", "temu": "O", "lagi": "X"}
FLOWS = [
    "mulai>awal",
    "awal>apa",
    "apa>kertas if facts.kertas",
    "apa>foto if facts.foto",
    "apa>saksi",
    "kertas>temu",
    "foto>temu",
    "saksi>temu",
    "temu>lagi",
    "lagi>awal if facts.lagi",
    "lagi>selesai",
]
ATTRIBUTES = {"apa": 'default="apa__saksi"', "lagi": 'default="lagi__selesai"'}
FACTS = "".join(
    f'[facts.{name}]\nuse = "tests.fact"\n' for name in ("kertas", "foto", "lagi", "tiga")
)


def folder(**changes: Any) -> dict[str, bytes]:
    elements = {"awal": "U", **ELEMENTS, **changes.get("elements", {})}
    bpmn = drawing(
        elements,
        changes.get("flows", FLOWS),
        inside=changes.get("inside"),
        attributes={**ATTRIBUTES, **changes.get("attributes", {})},
    )
    tasks = {name: WORK if kind == "S" else "" for name, kind in elements.items() if kind in "USB"}
    return files(bpmn, tasks, head=FACTS)


EVIDENCE = sop(folder())


def given(*true: str) -> engine.Names:
    return names(facts={name: name in true for name in ("kertas", "foto", "lagi", "tiga")})


def after(definition: ProcessDefinition, *done: str, facts: engine.Names) -> engine.Snapshot:
    snapshot = engine.start(definition, facts)
    for step in done:
        snapshot = do(definition, snapshot, step, facts)
    return snapshot


@pytest.mark.parametrize(
    ("true", "opened"),
    [
        (("kertas", "foto"), ["foto", "kertas"]),
        (("kertas",), ["kertas"]),
        (("foto",), ["foto"]),
        ((), ["saksi"]),
    ],
)
def test_every_way_that_holds_is_taken_and_the_default_only_alone(
    true: tuple[str, ...], opened: list[str]
) -> None:
    snapshot = after(EVIDENCE, "awal", facts=given(*true))
    assert sorted(steps(snapshot)) == opened
    for step in opened:
        assert not snapshot.ended
        snapshot = do(EVIDENCE, snapshot, step, given())
    assert (snapshot.ended, snapshot.end_event) == (True, "selesai")


def test_the_join_waits_for_those_that_were_taken_and_no_others() -> None:
    snapshot = after(EVIDENCE, "awal", "kertas", facts=given("kertas", "foto"))
    assert steps(snapshot) == ["foto"]
    assert do(EVIDENCE, snapshot, "foto", given()).ended


def test_a_round_more_begins_anew() -> None:
    snapshot = after(EVIDENCE, "awal", "kertas", facts=given("kertas", "foto", "lagi"))
    snapshot = do(EVIDENCE, snapshot, "foto", given("lagi"))
    assert steps(snapshot) == ["awal"]
    snapshot = do(EVIDENCE, snapshot, "awal", given("foto"))
    assert steps(snapshot) == ["foto"]
    assert do(EVIDENCE, snapshot, "foto", given()).ended


def test_two_hundred_rounds_neither_grow_the_state_nor_slow_it_down() -> None:
    facts = given("kertas", "foto", "lagi")
    snapshot, took = engine.start(EVIDENCE, facts), list[float]()
    size = len(snapshot.state)
    for _ in range(200):
        before = time.perf_counter()
        for step in ("awal", "kertas", "foto"):
            snapshot = do(EVIDENCE, snapshot, step, facts)
        took.append(time.perf_counter() - before)
        assert (len(snapshot.state), steps(snapshot)) == (size, ["awal"])
    assert sorted(took[-50:])[25] <= 3 * sorted(took[:50])[25]


def test_a_branch_may_go_straight_to_the_join() -> None:
    flows = [f for f in FLOWS if f not in ("apa>saksi", "saksi>temu")] + ["apa>temu"]
    elements = {k: v for k, v in ELEMENTS.items() if k != "saksi"}
    bpmn = drawing({"awal": "U", **elements}, flows,
                   attributes={**ATTRIBUTES, "apa": 'default="apa__temu"'})  # fmt: skip
    short = sop(files(bpmn, dict.fromkeys(("awal", "kertas", "foto"), ""), head=FACTS))
    assert after(short, "awal", facts=given()).ended
    assert steps(after(short, "awal", facts=given("foto"))) == ["foto"]


def test_a_task_that_is_ended_by_a_timer_may_still_come_to_the_join() -> None:
    more = ["tiga>ganti", "ganti>temu"]
    made = folder(elements={"tiga": "B", "ganti": "S"}, flows=[*FLOWS, *more],
                  inside={"tiga": TIMER}, attributes={"tiga": on_edge("foto")})  # fmt: skip
    definition = sop(made)
    snapshot = after(definition, "awal", "kertas", "tiga", facts=given("kertas", "foto"))
    assert steps(snapshot) == ["ganti"]
    assert do(definition, snapshot, "ganti", given()).ended


@pytest.mark.parametrize("element", ["P", "X"])
def test_an_inclusive_join_also_brings_together_what_others_split(element: str) -> None:
    flows = [f.partition(" if ")[0] for f in FLOWS if element == "P" and f.startswith("apa>")]
    flows += [f for f in FLOWS if element == "X" or not f.startswith("apa>")]
    made = folder(elements={"apa": element}, flows=flows,
                  attributes={} if element == "X" else {"apa": ""})  # fmt: skip
    definition = sop(made)
    snapshot = after(definition, "awal", facts=given("kertas", "foto"))
    opened = ["kertas"] if element == "X" else sorted(ASKED)
    assert sorted(steps(snapshot)) == opened
    for step in opened:
        snapshot = do(definition, snapshot, step, given())
    assert snapshot.ended


@pytest.mark.parametrize("source", ["awal", "tidak_ada"])
def test_a_state_in_which_a_branch_came_from_nowhere_is_refused(source: str) -> None:
    snapshot = after(EVIDENCE, "awal", "kertas", facts=given("kertas", "foto"))
    stored = json.loads(snapshot.state)
    stored["arrivals"] = [["temu", source]]
    with pytest.raises(engine.StateRefused, match=source):
        engine.complete(EVIDENCE, json.dumps(stored).encode(), snapshot.ready[0].engine_id, given())


def test_what_happened_is_replayed() -> None:
    assert replay(EVIDENCE, ["awal", "foto", "kertas"]).fits
    assert replay(EVIDENCE, ["awal", "saksi"]).fits
    assert replay(EVIDENCE, ["awal", "kertas", "awal", "saksi"]).fits
    assert not replay(EVIDENCE, ["awal", "saksi", "foto"]).fits
    assert replay(EVIDENCE, ["kertas", "awal"]).out_of_order == (0,)


# --- what is refused ---


def test_it_needs_a_way_for_when_nothing_holds() -> None:
    flows = [f if f != "apa>saksi" else "apa>saksi if facts.tiga" for f in FLOWS]
    (finding,) = errors(folder(flows=flows, attributes={"apa": ""}))
    assert (finding.code, finding.element) == ("E025", "apa")
    assert "default" in finding.hint


def test_every_other_way_has_a_condition() -> None:
    flows = [f.partition(" if facts.foto")[0] for f in FLOWS]
    assert told(folder(flows=flows)) == [("E025", "apa__foto")]


@pytest.mark.parametrize("element", ["P", "X"])
def test_what_it_splits_is_not_brought_together_by_another_kind(element: str) -> None:
    found = errors(folder(elements={"temu": element}))
    assert {finding.code for finding in found} == {"E033"}


def test_joins_that_wait_for_each_other_are_refused() -> None:
    elements = {"pisah": "P", "a": "U", "b": "U", "satu": "O", "dua": "O", "x": "X", "y": "X",
                "p": "U", "q": "U", "temu": "P"}  # fmt: skip
    flows = ["mulai>pisah", "pisah>a", "pisah>b", "a>satu", "b>dua", "satu>x", "dua>y",
             "x>p if facts.kertas", "x>temu", "p>dua", "y>q if facts.foto", "y>temu", "q>satu",
             "temu>selesai"]  # fmt: skip
    attributes = {"x": 'default="x__temu"', "y": 'default="y__temu"'}
    bpmn = drawing(elements, flows, attributes=attributes)
    found = errors(files(bpmn, dict.fromkeys("abpq", ""), head=FACTS))
    assert [f.code for f in found] == ["E033"]


def test_more_ways_than_can_be_looked_through_are_refused() -> None:
    ways = [f"t{number}" for number in range(9)]
    flows = ["mulai>apa", *(f"apa>{way} if facts.foto" for way in ways[1:]), "apa>t0"]
    flows += [*(f"{way}>temu" for way in ways), "temu>selesai"]
    bpmn = drawing({"apa": "O", **dict.fromkeys(ways, "U"), "temu": "O"}, flows,
                   attributes={"apa": 'default="apa__t0"'})  # fmt: skip
    found = told(files(bpmn, dict.fromkeys(ways, ""), head=FACTS))
    assert [code for code, element in found if element == "apa"] == ["E032"]
