"""The engine: tasks that open and are done, and a state that nobody can trick it with."""

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from tests.workflows.definitions import NO_NAMES, chain, e_absensi, names
from tests.workflows.runs import AGAIN, DONE, RETURNS, ROUNDS, do, steps
from workflows import engine
from workflows.definitions import ProcessDefinition
from workflows.engine import parser, run


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


@pytest.mark.fault("F5")
def test_a_task_of_another_instance_cannot_be_completed() -> None:
    mine, other = engine.start(ROUNDS, NO_NAMES), engine.start(ROUNDS, NO_NAMES)
    for task in other.ready:
        with pytest.raises(engine.NotReady):
            engine.complete(ROUNDS, mine.state, task.engine_id, NO_NAMES)


UNKNOWN_ID = "4f8c1f0e-6a53-4a6e-9d57-0c8de6d41a35"


@pytest.mark.parametrize(
    "engine_id", ["", "dua", "0", UNKNOWN_ID, UNKNOWN_ID.replace("-", ""), "None"]
)
@pytest.mark.fault("F6")
def test_ids_that_were_never_given_out_are_refused(engine_id: str) -> None:
    definition = chain(("userTask", "satu"), ("userTask", "dua"))
    snapshot = engine.start(definition, NO_NAMES)
    with pytest.raises(engine.NotReady):
        engine.complete(definition, snapshot.state, engine_id, NO_NAMES)


@pytest.mark.fault("F6")
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


@pytest.mark.fault("F19", "F22")
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
@pytest.mark.fault("F22")
def test_a_damaged_state_is_refused(state: bytes) -> None:
    with pytest.raises(engine.StateRefused):
        engine.complete(ROUNDS, state, uuid4().hex, NO_NAMES)


@pytest.mark.parametrize("part", ["ready", "arrivals"])
@pytest.mark.fault("F22")
def test_a_state_that_names_what_the_diagram_lacks_is_refused(part: str) -> None:
    stored = json.loads(engine.start(ROUNDS, NO_NAMES).state)
    engine_id = stored["ready"][0][0]
    stored[part].append([uuid4().hex if part == "ready" else "satukan", "tidak_ada"])
    with pytest.raises(engine.StateRefused, match="tidak_ada"):
        engine.complete(ROUNDS, json.dumps(stored).encode(), engine_id, NO_NAMES)


@pytest.mark.fault("F25")
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
    parse = parser.parse_diagram

    def parse_and_count(found: ProcessDefinition) -> Any:
        parsed.append(found.version)
        return parse(found)

    monkeypatch.setattr(run, "parse_diagram", parse_and_count)
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
