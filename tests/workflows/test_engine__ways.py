"""Which way the engine goes: conditions, the facts they ask for, branches that meet again."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.workflows.definitions import NO_NAMES, bare, drawn, names
from tests.workflows.runs import DONE, RETURNS, ROUNDS, do, steps
from workflows import engine


class Asked(Mapping[str, Any]):
    """Facts that remember who asked."""

    def __init__(self, **values: Any) -> None:
        self.values_by_name, self.asked = values, list[str]()

    def __getitem__(self, name: str) -> Any:
        self.asked.append(name)
        return self.values_by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_by_name)

    def __len__(self) -> int:
        return len(self.values_by_name)


def test_a_fact_is_asked_only_when_a_gateway_reads_it() -> None:
    facts = Asked(lengkap=True)
    snapshot = engine.start(RETURNS, {"form": {}, "facts": facts})
    assert facts.asked == []
    snapshot = do(RETURNS, snapshot, "kerjakan", {"form": {"hasil": "buruk"}, "facts": facts})
    assert facts.asked == []  # "and" stops at the first part that is false
    assert do(RETURNS, snapshot, "kerjakan", {"form": {"hasil": "baik"}, "facts": facts}).ended
    assert facts.asked == ["lengkap"]


def test_an_error_of_a_fact_passes_through_unchanged() -> None:
    class Broken(Asked):
        def __getitem__(self, name: str) -> Any:
            raise ConnectionError("basis data tidak menjawab")

    snapshot = engine.start(RETURNS, NO_NAMES)
    with pytest.raises(ConnectionError, match="tidak menjawab"):
        do(RETURNS, snapshot, "kerjakan", {"form": {"hasil": "baik"}, "facts": Broken()})


def test_a_name_without_a_value_says_which_and_where() -> None:
    with pytest.raises(engine.ConditionFailed, match=r"'diterima'.*facts\.lengkap"):
        do(RETURNS, engine.start(RETURNS, NO_NAMES), "kerjakan", names({"hasil": "baik"}))


def test_a_gateway_with_no_way_out_says_so() -> None:
    definition = drawn(
        [
            ("startEvent", "awal", "Staf"),
            ("exclusiveGateway", "arah", "Staf"),
            ("endEvent", "satu", "Staf"),
            ("endEvent", "dua", "Staf"),
        ],
        [
            ("f1", "awal", "arah", ""),
            ("f2", "arah", "satu", "form.ke == 1"),
            ("f3", "arah", "dua", "form.ke == 2"),
        ],
    )
    assert engine.start(definition, names({"ke": 2})).end_event == "dua"
    with pytest.raises(engine.ConditionFailed, match="gerbang 'arah'"):
        engine.start(definition, names({"ke": 3}))


@pytest.mark.parametrize(
    "condition",
    ["__import__('os').system('false')", "().__class__", "[].append(1)", "form.hasil.__class__"],
)
def test_a_condition_is_never_run_as_code(condition: str) -> None:
    bpmn = RETURNS.bpmn.decode().replace("form.hasil == 'baik' and facts.lengkap", condition)
    assert bpmn != RETURNS.bpmn.decode()
    definition = bare(bpmn)
    with pytest.raises(engine.ConditionFailed, match="tidak dapat dinilai"):
        do(definition, engine.start(definition, DONE), "kerjakan", DONE)


# --- parallel branches ---


@pytest.mark.parametrize("first", ["kiri", "kanan"])
def test_a_join_waits_for_both_branches(first: str) -> None:
    second = {"kiri": "kanan", "kanan": "kiri"}[first]
    snapshot = engine.start(ROUNDS, NO_NAMES)
    assert steps(snapshot) == ["kiri", "kanan"]
    snapshot = do(ROUNDS, snapshot, first)
    assert steps(snapshot) == [second]
    assert do(ROUNDS, snapshot, second, names({"ulang": "tidak"})).ended


@pytest.mark.parametrize("order", [("kiri", "kanan"), ("kanan", "kiri")])
@pytest.mark.parametrize("first", ["kiri", "kanan"])
def test_a_join_does_not_count_branches_of_an_earlier_round(
    order: tuple[str, str], first: str
) -> None:
    snapshot = engine.start(ROUNDS, NO_NAMES)
    for step in order:
        snapshot = do(ROUNDS, snapshot, step, names({"ulang": "ya"}))
    for _ in range(3):
        waiting = do(ROUNDS, snapshot, first, names({"ulang": "tidak"}))
        assert not waiting.ended
        assert steps(waiting) == [step for step in ("kiri", "kanan") if step != first]
        snapshot = do(ROUNDS, waiting, steps(waiting)[0], names({"ulang": "ya"}))
        assert sorted(steps(snapshot)) == ["kanan", "kiri"]


def test_a_process_of_two_ends_is_over_when_both_are_reached() -> None:
    definition = drawn(
        [
            ("startEvent", "awal", "Staf"),
            ("parallelGateway", "pisah", "Staf"),
            ("userTask", "kiri", "Staf"),
            ("userTask", "kanan", "Staf"),
            ("endEvent", "akhir_kiri", "Staf"),
            ("endEvent", "akhir_kanan", "Staf"),
        ],
        [
            ("f1", "awal", "pisah", ""),
            ("f2", "pisah", "kiri", ""),
            ("f3", "pisah", "kanan", ""),
            ("f4", "kiri", "akhir_kiri", ""),
            ("f5", "kanan", "akhir_kanan", ""),
        ],
    )
    snapshot = do(definition, engine.start(definition, NO_NAMES), "kanan")
    assert (snapshot.ended, snapshot.end_event, steps(snapshot)) == (False, "", ["kiri"])
    snapshot = do(definition, snapshot, "kiri")
    assert (snapshot.ended, snapshot.end_event) == (True, "akhir_kiri")


def test_a_join_that_can_never_be_complete_is_told() -> None:
    definition = drawn(
        [
            ("startEvent", "awal", "Staf"),
            ("exclusiveGateway", "arah", "Staf"),
            ("userTask", "kiri", "Staf"),
            ("userTask", "kanan", "Staf"),
            ("parallelGateway", "satukan", "Staf"),
            ("endEvent", "akhir", "Staf"),
        ],
        [
            ("f1", "awal", "arah", ""),
            ("f2", "arah", "kiri", "form.ke == 1"),
            ("f3", "arah", "kanan", ""),
            ("f4", "kiri", "satukan", ""),
            ("f5", "kanan", "satukan", ""),
            ("f6", "satukan", "akhir", ""),
        ],
        attributes={"arah": 'default="f3"'},
    )
    snapshot = engine.start(definition, names({"ke": 1}))
    with pytest.raises(engine.EngineError, match="buntu di satukan"):
        do(definition, snapshot, "kiri")
