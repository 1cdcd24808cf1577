"""The engine: tokens in, tokens out, and nothing that a file or a caller can trick it into."""

import json
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from tests.workflows.definitions import NO_NAMES, bare, chain, drawn, e_absensi, names
from workflows import engine, engine_specs
from workflows.definitions import ProcessDefinition
from workflows.engine import Snapshot

# Two branches at once, brought together, and around again as long as it is asked for.
ROUNDS = drawn(
    [
        ("startEvent", "awal", "Staf"),
        ("exclusiveGateway", "kembali_ke", "Staf"),
        ("parallelGateway", "pisah", "Staf"),
        ("userTask", "kiri", "Staf"),
        ("serviceTask", "kanan", "Staf"),
        ("parallelGateway", "satukan", "Staf"),
        ("exclusiveGateway", "lagi", "Staf"),
        ("endEvent", "akhir", "Staf"),
    ],
    [
        ("f1", "awal", "kembali_ke", ""),
        ("f2", "kembali_ke", "pisah", ""),
        ("f3", "pisah", "kiri", ""),
        ("f4", "pisah", "kanan", ""),
        ("f5", "kiri", "satukan", ""),
        ("f6", "kanan", "satukan", ""),
        ("f7", "satukan", "lagi", ""),
        ("ulang", "lagi", "kembali_ke", "form.ulang == 'ya'"),
        ("cukup", "lagi", "akhir", ""),
    ],
    attributes={"lagi": 'default="cukup"'},
)
# One task, and a gateway that leads back to it.
RETURNS = drawn(
    [
        ("startEvent", "awal", "Staf"),
        ("userTask", "kerjakan", "Staf"),
        ("exclusiveGateway", "diterima", "Staf"),
        ("endEvent", "akhir", "Staf"),
    ],
    [
        ("f1", "awal", "kerjakan", ""),
        ("f2", "kerjakan", "diterima", ""),
        ("ya", "diterima", "akhir", "form.hasil == 'baik' and facts.lengkap"),
        ("tidak", "diterima", "kerjakan", ""),
    ],
    attributes={"diterima": 'default="tidak"'},
)
AGAIN, DONE = names({"hasil": "buruk"}), names({"hasil": "baik"}, {"lengkap": True})


def do(
    definition: ProcessDefinition, snapshot: Snapshot, step: str, given: engine.Names = NO_NAMES
) -> Snapshot:
    engine_id = next(task.engine_id for task in snapshot.ready if task.step == step)
    return engine.complete(definition, snapshot.state, engine_id, given)


def steps(snapshot: Snapshot) -> list[str]:
    return [task.step for task in snapshot.ready]


def test_a_started_process_waits_at_its_first_task() -> None:
    snapshot = engine.start(chain(("userTask", "satu"), ("userTask", "dua")), NO_NAMES)
    assert steps(snapshot) == ["satu"]
    assert snapshot.opened == snapshot.ready
    assert (snapshot.ended, snapshot.end_event) == (False, "")


@pytest.mark.parametrize(
    "element", ["userTask", "manualTask", "serviceTask", "sendTask", "intermediateCatchEvent"]
)
def test_every_kind_of_task_stops_the_engine(element: str) -> None:
    definition = chain((element, "satu"), ("userTask", "dua"))
    snapshot = engine.start(definition, NO_NAMES)
    assert steps(snapshot) == ["satu"]
    assert steps(do(definition, snapshot, "satu")) == ["dua"]


def test_the_last_task_leads_to_the_end_event() -> None:
    definition = chain(("userTask", "satu"))
    snapshot = do(definition, engine.start(definition, NO_NAMES), "satu")
    assert (snapshot.ended, snapshot.end_event, snapshot.ready) == (True, "akhir", ())


def test_a_process_without_a_task_ends_as_it_starts() -> None:
    snapshot = engine.start(chain(), NO_NAMES)
    assert (snapshot.ended, snapshot.end_event) == (True, "akhir")


def test_each_visit_of_a_task_has_a_new_id() -> None:
    snapshot = engine.start(RETURNS, NO_NAMES)
    seen = set()
    for _ in range(5):
        seen.add(snapshot.ready[0].engine_id)
        snapshot = do(RETURNS, snapshot, "kerjakan", AGAIN)
    assert len(seen) == 5
    assert snapshot.opened == snapshot.ready


def test_a_task_that_stays_open_keeps_its_id_and_is_not_opened_again() -> None:
    before = engine.start(ROUNDS, NO_NAMES)
    after = do(ROUNDS, before, "kiri")
    assert after.opened == ()
    assert set(after.ready) < set(before.ready)


def test_what_waits_can_be_read_from_the_state_alone() -> None:
    snapshot = engine.start(ROUNDS, NO_NAMES)
    assert engine.ready(ROUNDS, snapshot.state) == snapshot.ready


# --- who may be completed ---


def test_a_completed_task_cannot_be_completed_again() -> None:
    definition = chain(("userTask", "satu"), ("userTask", "dua"))
    first = engine.start(definition, NO_NAMES)
    second = do(definition, first, "satu")
    with pytest.raises(engine.NotReady, match="sudah diselesaikan atau belum gilirannya"):
        engine.complete(definition, second.state, first.ready[0].engine_id, NO_NAMES)
    assert do(definition, second, "dua").ended


def test_a_task_of_another_instance_cannot_be_completed() -> None:
    mine, other = engine.start(ROUNDS, NO_NAMES), engine.start(ROUNDS, NO_NAMES)
    for task in other.ready:
        with pytest.raises(engine.NotReady):
            engine.complete(ROUNDS, mine.state, task.engine_id, NO_NAMES)


UNKNOWN_ID = "4f8c1f0e-6a53-4a6e-9d57-0c8de6d41a35"


@pytest.mark.parametrize(
    "engine_id", ["", "dua", "0", UNKNOWN_ID, UNKNOWN_ID.replace("-", ""), "None"]
)
def test_ids_that_were_never_given_out_are_refused(engine_id: str) -> None:
    definition = chain(("userTask", "satu"), ("userTask", "dua"))
    snapshot = engine.start(definition, NO_NAMES)
    with pytest.raises(engine.NotReady):
        engine.complete(definition, snapshot.state, engine_id, NO_NAMES)


def test_a_future_task_has_no_id_that_anyone_could_send() -> None:
    definition = e_absensi()
    facts = dict.fromkeys(definition.facts, False)
    snapshot = engine.start(definition, names(facts=facts))
    while not snapshot.ended:
        ids = set(re.findall(r'"([0-9a-f]{32})"', snapshot.state.decode()))
        assert ids == {task.engine_id for task in snapshot.ready}
        given = names({"keputusan": "setuju"}, facts)
        snapshot = engine.complete(definition, snapshot.state, snapshot.ready[0].engine_id, given)


def test_the_same_state_can_be_completed_anew_after_any_refusal() -> None:
    snapshot = engine.start(RETURNS, NO_NAMES)
    with pytest.raises(engine.ConditionFailed):
        do(RETURNS, snapshot, "kerjakan", NO_NAMES)
    with pytest.raises(engine.NotReady):
        engine.complete(RETURNS, snapshot.state, uuid4().hex, DONE)
    assert do(RETURNS, snapshot, "kerjakan", DONE).ended


# --- the state ---


def test_what_people_answered_leaves_no_trace_in_the_state() -> None:
    given = names({"hasil": "buruk", "rahasia": "nomor 5371"}, {"lengkap": "rahasia juga"})
    snapshot = do(RETURNS, engine.start(RETURNS, given), "kerjakan", given)
    assert b"rahasia" not in snapshot.state
    assert b"5371" not in snapshot.state
    assert b"buruk" not in snapshot.state


def test_an_answer_of_an_earlier_visit_does_not_linger() -> None:
    snapshot = do(RETURNS, engine.start(RETURNS, DONE), "kerjakan", AGAIN)
    with pytest.raises(engine.ConditionFailed, match=r"form\.hasil"):
        do(RETURNS, snapshot, "kerjakan", NO_NAMES)


def test_a_state_of_another_version_is_refused() -> None:
    old, new = chain(("userTask", "satu")), chain(("userTask", "satu"), ("userTask", "dua"))
    snapshot = engine.start(old, NO_NAMES)
    with pytest.raises(engine.StateRefused, match="milik versi SOP"):
        engine.complete(new, snapshot.state, snapshot.ready[0].engine_id, NO_NAMES)


def _damaged() -> Iterator[bytes]:
    good = engine.start(ROUNDS, NO_NAMES).state
    yield b""
    yield good[:-10]
    yield b"\x00\xff" + good
    yield b"[]"
    yield b"null"
    yield b'"teks"'
    for key in json.loads(good):
        yield json.dumps({k: v for k, v in json.loads(good).items() if k != key}).encode()
    yield json.dumps(json.loads(good) | {"ready": [["bukan-uuid", "kiri"]]}).encode()
    yield json.dumps(json.loads(good) | {"ready": 5}).encode()
    yield json.dumps(json.loads(good) | {"format": 99}).encode()


@pytest.mark.parametrize("state", list(_damaged()))
def test_a_damaged_state_is_refused(state: bytes) -> None:
    with pytest.raises(engine.StateRefused):
        engine.complete(ROUNDS, state, uuid4().hex, NO_NAMES)


@pytest.mark.parametrize("part", ["ready", "arrivals"])
def test_a_state_that_names_what_the_diagram_lacks_is_refused(part: str) -> None:
    stored = json.loads(engine.start(ROUNDS, NO_NAMES).state)
    engine_id = stored["ready"][0][0]
    stored[part].append([uuid4().hex if part == "ready" else "satukan", "tidak_ada"])
    with pytest.raises(engine.StateRefused, match="tidak_ada"):
        engine.complete(ROUNDS, json.dumps(stored).encode(), engine_id, NO_NAMES)


def test_three_hundred_returns_leave_the_state_as_small_as_it_was() -> None:
    # SpiffWorkflow by itself goes blind after 249: it sees no task below depth 1000.
    snapshot = engine.start(RETURNS, NO_NAMES)
    size = len(snapshot.state)
    for _ in range(300):
        snapshot = do(RETURNS, snapshot, "kerjakan", AGAIN)
        assert steps(snapshot) == ["kerjakan"]
        assert len(snapshot.state) == size
    assert do(RETURNS, snapshot, "kerjakan", DONE).ended


def test_a_diagram_is_parsed_once_for_all_its_instances(monkeypatch: pytest.MonkeyPatch) -> None:
    definition = chain(("userTask", f"satu_{uuid4().hex}"))
    parsed = list[str]()
    parse = engine_specs.parse_diagram

    def parse_and_count(found: ProcessDefinition) -> Any:
        parsed.append(found.version)
        return parse(found)

    monkeypatch.setattr(engine, "parse_diagram", parse_and_count)
    for _ in range(3):
        snapshot = engine.start(definition, NO_NAMES)
        engine.complete(definition, snapshot.state, snapshot.ready[0].engine_id, NO_NAMES)
    assert parsed == [definition.version]


def test_instances_in_several_threads_do_not_mix() -> None:
    def play(returns: int) -> tuple[int, str]:
        snapshot = engine.start(RETURNS, NO_NAMES)
        for _ in range(returns):
            snapshot = do(RETURNS, snapshot, "kerjakan", AGAIN)
        return returns, do(RETURNS, snapshot, "kerjakan", DONE).end_event

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(play, range(40))) == [(n, "akhir") for n in range(40)]


# --- conditions ---


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


# --- what the engine refuses to follow, even past the gate ---


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
        ("inclusiveGateway", ""),
        ("eventBasedGateway", ""),
        ("callActivity", ""),
        ("receiveTask", ""),
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
