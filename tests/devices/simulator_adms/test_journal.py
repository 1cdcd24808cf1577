"""The send flags of a simulated terminal: told again until acknowledged, and no more after."""

from datetime import datetime, timedelta
from pathlib import Path

from devices.simulator.adms.journal import Body, Journal
from devices.simulator.adms.profile import Profile
from devices.simulator.adms.settings import FLAGS
from devices.simulator.machine import Machine
from tests.devices.simulator_adms.stand_in import make_machine

ALL = frozenset(FLAGS)
MORNING = datetime(2026, 4, 1, 7, 0)


def journal(machine: Machine, *, keep_in: Path | None = None) -> Journal:
    """Return a journal that has told what was done at the machine so far."""
    made = Journal(machine, Profile(), keep_in=keep_in)
    made.operations_sent = len(machine.operations)
    return made


def punch(machine: Machine, times: int) -> None:
    for _ in range(times):
        number = machine.punches.first + len(machine.punches)
        machine.punch("1001", at=MORNING + timedelta(seconds=number))


def lines_of(body: Body | None) -> int:
    return len(body.content.splitlines()) if body else 0


def test_what_is_not_acknowledged_is_told_again_as_it_was() -> None:
    machine = make_machine()
    told = journal(machine)
    punch(machine, 3)
    first = told.next_body(ALL)
    assert first == told.next_body(ALL)
    assert first is not None
    told.acknowledge(first)
    assert told.next_body(ALL) is None
    assert told.waiting == 0


def test_a_punch_made_meanwhile_waits_for_the_next_body() -> None:
    machine = make_machine()
    told = journal(machine)
    punch(machine, 3)
    first = told.next_body(ALL)
    assert first is not None
    punch(machine, 2)
    told.acknowledge(first)
    assert lines_of(told.next_body(ALL)) == 2


def test_a_full_log_loses_the_oldest_and_says_how_many_nobody_had() -> None:
    machine = make_machine()
    machine.model.punch_capacity = 5
    told = journal(machine)
    punch(machine, 3)
    first = told.next_body(ALL)
    assert first is not None
    told.acknowledge(first)
    punch(machine, 10)
    assert lines_of(told.next_body(ALL)) == 5
    assert told.overflowed == 5


def test_clearing_the_flags_tells_the_whole_log_again() -> None:
    machine = make_machine()
    told = journal(machine)
    punch(machine, 4)
    first = told.next_body(ALL)
    assert first is not None
    told.acknowledge(first)
    told.tell_all_punches()
    assert told.next_body(ALL) == first


def test_flags_outlive_the_process(tmp_path: Path) -> None:
    machine = make_machine()
    before = journal(machine, keep_in=tmp_path / "flags.sent")
    punch(machine, 4)
    first = before.next_body(ALL)
    assert first is not None
    before.acknowledge(first)
    punch(machine, 1)
    after = Journal(machine, Profile(), keep_in=tmp_path / "flags.sent")
    after.load()
    assert lines_of(after.next_body(ALL)) == 1


def test_what_the_server_does_not_want_is_not_told() -> None:
    machine = make_machine()
    told = journal(machine)
    punch(machine, 1)
    machine.enrol("1001", 6)
    body = told.next_body(frozenset({"oplog"}))
    assert body is not None
    assert body.table == "OPERLOG"
    assert body.content.startswith(b"OPLOG 6\t1001\t")
    assert b"FP PIN" not in body.content


def test_a_recording_is_told_with_the_finger() -> None:
    machine = make_machine()
    told = journal(machine)
    machine.enrol("1001", 6)
    body = told.next_body(ALL)
    assert body is not None
    operation, finger = body.content.splitlines()
    assert operation.startswith(b"OPLOG 6\t1001\t")
    assert finger.startswith(b"FP PIN=1001\tFID=6\tSize=1640\tValid=1\tTMP=")


def test_a_finger_of_the_new_algorithm_follows_in_its_own_table() -> None:
    machine = make_machine(algorithm=13)
    told = journal(machine)
    machine.enrol("1001", 6)
    body = told.next_body(ALL)
    assert body is not None
    told.acknowledge(body)
    following = told.next_body(ALL)
    assert following is not None
    assert following.table == "BIODATA"
    assert b"MajorVer=13" in following.content


def test_a_door_controller_tells_its_punches_in_the_other_form() -> None:
    machine = make_machine()
    told = Journal(machine, Profile(push_version="3.1.2"))
    punch(machine, 1)
    body = told.next_body(ALL)
    assert body is not None
    assert body.table == "rtlog"
    assert body.content.startswith(b"time=2026-04-01 07:00:00\tpin=1001\t")
