"""What the simulated machine holds: its log, its memory, its clock, its people."""

from datetime import datetime
from pathlib import Path
from unittest.mock import patch

import pytest

from devices.simulator import plausible
from devices.simulator.clock import Clock
from devices.simulator.machine import (
    Did,
    Full,
    Impossible,
    Machine,
    Model,
    NoSuchUser,
    OtherAlgorithm,
)
from devices.simulator.tables import (
    Finger,
    Punch,
    User,
    decode_time,
    encode_time,
    pack_punches,
    time_text,
)
from tests.devices.simulator.clients import make_machine


def codes(machine: Machine) -> list[int]:
    return [operation.code for operation in machine.operations]


def test_a_full_log_loses_its_oldest() -> None:
    machine = make_machine(punch_capacity=10)
    machine.add_punches([Punch(1, "1001", time) for time in range(15)])
    assert [punch.time for punch in machine.punches] == list(range(5, 15))
    assert machine.punches.first == 5
    assert machine.punches.packed(8) == b"".join(
        machine.punches.packed(8)[start : start + 8] for start in range(0, 80, 8)
    )


def test_a_log_is_packed_once() -> None:
    machine = make_machine()
    plausible.fill(machine, 1000)
    machine.punches.packed(40)
    machine.punch("1001")
    with patch("devices.simulator.punch_log.pack_punches", wraps=pack_punches) as packing:
        assert len(machine.punches.packed(40)) == 1001 * 40
        assert len(machine.punches.packed(40)) == 1001 * 40
    assert [len(call.args[0]) for call in packing.call_args_list] == [1, 0]


def test_a_log_is_packed_anew_when_its_records_are_of_another_size() -> None:
    machine = make_machine()
    plausible.fill(machine, 10)
    lengths = [len(machine.punches.packed(size)) for size in (8, 16, 40, 49, 8)]
    assert lengths == [80, 160, 400, 490, 80]


@pytest.mark.parametrize("count", [1, 7, 400, 5_000])
def test_a_filled_log_is_that_of_an_office(count: int) -> None:
    machine = make_machine()
    assert plausible.fill(machine, count) == count
    keys = {(punch.pin, punch.time) for punch in machine.punches}
    assert len(keys) == count
    assert all(decode_time(punch.time) < machine.now() for punch in machine.punches)
    assert {decode_time(punch.time).weekday() for punch in machine.punches} <= {0, 1, 2, 3, 4}
    assert {punch.pin for punch in machine.punches} <= {u.pin for u in machine.users.values()}


def test_a_log_is_filled_before_what_is_there() -> None:
    machine = make_machine()
    plausible.fill(machine, 100)
    plausible.fill(machine, 100)
    assert len({(punch.pin, punch.time) for punch in machine.punches}) == 200


def test_a_log_that_is_too_long_for_the_model_is_the_log_of_a_larger_model() -> None:
    machine = Machine("KECIL1", Model(punch_capacity=10))
    assert plausible.fill(machine, 1000) == 1000
    assert machine.model.punch_capacity == 1000
    assert len(machine.users) == 1


def test_its_memory_outlives_it(tmp_path: Path) -> None:
    state = tmp_path / "LOBI1.json"
    first = Machine("LOBI1", state_file=state)
    first.add_user("1001", "Anton", card=7, password="12")
    first.enrol("1001", 6, valid=3)
    first.set_clock(datetime(2026, 4, 1, 7, 20))
    first.punch("1001", state=1)
    first.punch("1001")
    first.options["LockOn"] = "5"
    with first.changed():
        pass
    again = Machine("LOBI1", state_file=state)
    again.load()
    assert again.users == first.users
    assert again.fingers == first.fingers
    assert list(again.punches) == list(first.punches)
    assert again.operations == first.operations
    assert again.options == {"LockOn": "5"}
    assert abs((again.now() - first.now()).total_seconds()) <= 1


def test_a_cleared_log_stays_cleared(tmp_path: Path) -> None:
    state = tmp_path / "LOBI1.json"
    first = Machine("LOBI1", state_file=state)
    first.add_user("1001")
    first.punch("1001")
    first.clear_punches()
    first.punch("1001")
    again = Machine("LOBI1", state_file=state)
    again.load()
    assert len(again.punches) == 1
    assert again.punches.first == 1


@pytest.mark.parametrize("content", ["", "{", "[]", '{"users": 1}', "\0\0"])
def test_a_memory_that_cannot_be_read_is_put_aside(tmp_path: Path, content: str) -> None:
    state = tmp_path / "LOBI1.json"
    state.write_text(content)
    machine = Machine("LOBI1", state_file=state)
    machine.load()
    machine.add_user("1001")
    assert (tmp_path / "LOBI1.unreadable").read_text() == content
    assert state.read_text() != content


def test_a_line_that_was_not_written_to_its_end_is_left_out(tmp_path: Path) -> None:
    state = tmp_path / "LOBI1.json"
    first = Machine("LOBI1", state_file=state)
    first.add_user("1001")
    first.punch("1001")
    with (tmp_path / "LOBI1.punches").open("a") as log:
        log.write('[1, "1001", 83')
    again = Machine("LOBI1", state_file=state)
    again.load()
    assert len(again.punches) == 1


def test_what_is_done_at_it_stands_in_its_operation_log() -> None:
    machine = make_machine()
    del machine.operations[:]
    machine.enrol("1002", 6)
    machine.drop_finger("1002", 6)
    machine.put_user(machine.users[1])
    machine.drop_user(1)
    machine.set_clock(datetime(2026, 1, 1))
    machine.restart()
    machine.clear()
    assert codes(machine) == [
        Did.ENROLLED_FINGER, Did.DELETED_FINGER, Did.CHANGED_USER, Did.DELETED_USER,
        Did.SET_CLOCK, Did.POWER_OFF, Did.POWER_ON, Did.CLEARED_PUNCHES, Did.CLEARED_EVERYTHING,
    ]  # fmt: skip


def test_what_it_cannot_hold_it_refuses() -> None:
    machine = make_machine(user_capacity=2, finger_capacity=1)
    finger = Finger(10, 1, b"SS21")
    with pytest.raises(Full):
        machine.add_user("1003")
    with pytest.raises(Impossible, match="sudah dipakai"):
        machine.add_user("1001")
    with pytest.raises(NoSuchUser):
        machine.put_finger("77", 1, finger)
    with pytest.raises(OtherAlgorithm):
        machine.put_finger("1001", 1, Finger(13, 1, b"x"))
    with pytest.raises(Impossible, match="jari 10"):
        machine.put_finger("1001", 10, finger)
    machine.put_finger("1001", 1, finger)
    with pytest.raises(Full):
        machine.put_finger("1001", 2, finger)
    assert machine.fingers_of("1001") == {1: finger}


def test_a_pin_with_letters_needs_a_machine_that_knows_them() -> None:
    make_machine().add_user("V-0001")
    with pytest.raises(Impossible, match="tidak muat"):
        make_machine(user_size=28).add_user("V-0001")


@pytest.mark.parametrize(
    "user",
    [
        User(9, "1" * 25, "PIN panjang"),
        User(70_000, "9", "nomor besar"),
        User(9, "9", "hak besar", privilege=256),
        User(9, "9", "kartu besar", card=1 << 32),
    ],
)
def test_what_no_record_can_hold_is_not_kept(user: User) -> None:
    machine = make_machine()
    with pytest.raises(Impossible, match="tidak muat"):
        machine.put_user(user)
    assert len(machine.users) == 2


def test_a_punch_that_no_record_can_hold_is_not_kept() -> None:
    machine = make_machine()
    with pytest.raises(Impossible, match="tidak muat"):
        machine.punch("1001", state=256)
    assert not machine.punches


def test_a_repr_shows_neither_password_nor_finger() -> None:
    machine = make_machine()
    machine.add_user("7", "Yohanes", password="rahasia")
    machine.put_finger("7", 1, Finger(10, 1, b"rahasia"))
    assert "rahasia" not in repr(machine)


@pytest.mark.parametrize(
    "moment",
    [datetime(2000, 1, 1), datetime(2026, 2, 28, 23, 59, 59), datetime(2099, 12, 31, 12, 30, 1)],
)
def test_times_are_counted_and_told_again(moment: datetime) -> None:
    counted = encode_time(moment)
    assert decode_time(counted) == moment
    assert time_text(counted) == f"{moment:%Y-%m-%d %H:%M:%S}"


def test_a_clock_that_is_ahead_and_gains() -> None:
    clock = Clock(offset=60)
    gap = (clock.shown() - clock.true().replace(tzinfo=None)).total_seconds()
    assert 58 <= gap <= 60
    clock.impossible = True
    with pytest.raises(ValueError, match="day is out of range"):
        decode_time(clock.counted())
    clock.turn(offset=0)
    assert decode_time(clock.counted()).year >= 2026
