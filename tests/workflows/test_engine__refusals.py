"""What the engine refuses to follow, even past the gate."""

import pytest

from tests.workflows.definitions import NO_NAMES, bare, chain, drawn, names
from tests.workflows.runs import do
from workflows import engine


@pytest.mark.fault("F24")
def test_gateways_that_lead_to_each_other_stop_at_the_budget() -> None:
    definition = drawn(
        [
            ("startEvent", "awal", "Staf"),
            ("exclusiveGateway", "putar", "Staf"),
            ("exclusiveGateway", "balik", "Staf"),
            ("endEvent", "akhir", "Staf"),
        ],
        [
            ("f1", "awal", "putar", ""),
            ("f2", "putar", "balik", ""),
            ("f3", "balik", "akhir", "form.cukup"),
            ("f4", "balik", "putar", ""),
        ],
        attributes={"balik": 'default="f4"'},
    )
    with pytest.raises(engine.StepBudgetExceeded, match=f"lebih dari {engine.STEP_BUDGET}"):
        engine.start(definition, names({"cukup": False}))
    assert engine.start(definition, names({"cukup": True})).ended


@pytest.mark.fault("F24")
def test_tokens_that_multiply_without_end_are_stopped() -> None:
    definition = drawn(
        [
            ("startEvent", "awal", "Staf"),
            ("exclusiveGateway", "kembali_ke", "Staf"),
            ("parallelGateway", "gandakan", "Staf"),
            ("userTask", "kerjakan", "Staf"),
            ("endEvent", "akhir", "Staf"),
        ],
        [
            ("f1", "awal", "kembali_ke", ""),
            ("f2", "kembali_ke", "gandakan", ""),
            ("f3", "gandakan", "kembali_ke", ""),
            ("f4", "gandakan", "kerjakan", ""),
            ("f5", "kerjakan", "akhir", ""),
        ],
    )
    with pytest.raises((engine.StepBudgetExceeded, engine.TooDeep)):
        engine.start(definition, NO_NAMES)


def test_a_diagram_too_long_to_follow_is_told() -> None:
    definition = chain(*[("userTask", f"langkah_{n}") for n in range(2000)])
    with pytest.raises(engine.TooDeep, match="terlalu panjang"):
        engine.start(definition, NO_NAMES)


def test_a_hundred_tasks_in_a_row_are_not_too_long() -> None:
    definition = chain(*[("userTask", f"langkah_{n}") for n in range(100)])
    snapshot = engine.start(definition, NO_NAMES)
    for number in range(100):
        snapshot = do(definition, snapshot, f"langkah_{number}")
    assert snapshot.ended


LOOP = "<standardLoopCharacteristics><loopCondition>True</loopCondition>"
MANY = "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality>"


@pytest.mark.parametrize(
    ("element", "inside"),
    [
        ("scriptTask", "<script>open('/tmp/sopan', 'w')</script>"),
        ("businessRuleTask", ""),
        ("task", ""),
        ("eventBasedGateway", ""),
        ("serviceTask", "<multiInstanceLoopCharacteristics/>"),
        ("userTask", '<multiInstanceLoopCharacteristics isSequential="true"/>'),
        ("complexGateway", ""),
        ("intermediateThrowEvent", ""),
        ("userTask", f"{LOOP}</standardLoopCharacteristics>"),
        ("userTask", f"{MANY}</multiInstanceLoopCharacteristics>"),
        ("subProcess", '<startEvent id="a"/><endEvent id="b"/>'),
    ],
)
def test_elements_that_the_house_does_not_run_are_refused(element: str, inside: str) -> None:
    definition = drawn(
        [("startEvent", "awal", "Staf"), (element, "aneh", "Staf"), ("endEvent", "akhir", "Staf")],
        [("f1", "awal", "aneh", ""), ("f2", "aneh", "akhir", "")],
        inside={"aneh": inside},
    )
    with pytest.raises(engine.EngineError, match=r"aneh|tidak dapat dibaca"):
        engine.parse(definition)


def test_a_start_that_waits_for_a_timer_is_refused() -> None:
    definition = drawn(
        [("startEvent", "awal", "Staf"), ("endEvent", "akhir", "Staf")],
        [("f1", "awal", "akhir", "")],
        inside={
            "awal": "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
        },
    )
    with pytest.raises(engine.EngineError, match="awal"):
        engine.start(definition, NO_NAMES)


@pytest.mark.parametrize("identifier", ["Start", "End", "proses.EndJoin"])
def test_ids_that_spiff_gives_to_its_own_nodes_are_refused(identifier: str) -> None:
    with pytest.raises(engine.EngineError, match=identifier):
        engine.start(chain(("userTask", identifier)), NO_NAMES)


def test_a_file_that_is_no_diagram_is_told() -> None:
    with pytest.raises(engine.EngineError, match="tidak dapat dibaca"):
        engine.start(bare("<definitions"), NO_NAMES)
