"""Every fault of the simulated machine, as pyzk meets it; and the machine well again after it."""

import struct
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from zk.exception import ZKErrorResponse, ZKNetworkError
from zk.finger import Finger

from devices.simulator import control, faults, plausible
from devices.simulator.faults import Faults
from devices.simulator.machine import Impossible, Machine, synthetic_template
from devices.simulator.pull.codes import Command
from devices.simulator.pull.frames import Packet, frame
from devices.simulator.pull.server import SimulatorServer
from tests.devices.simulator.clients import another, bare, make_machine, pyzk

BOTH = pytest.mark.parametrize("udp", [False, True], ids=["tcp", "udp"])


def whole_log(client: Any) -> bytes:
    table: bytes = client.read_with_buffer(13)[0]
    return table


def make_busy() -> Machine:
    machine = make_machine()
    plausible.fill(machine, 500)
    return machine


def test_every_fault_is_explained() -> None:
    assert set(faults.HELP) == set(vars(Faults()))


def test_a_fault_that_is_none_is_refused() -> None:
    machine = make_machine()
    assert "error" in control.execute(machine, "fault tidur 1")
    assert machine.faults.active() == {}


@BOTH
def test_hang(udp: bool) -> None:
    machine = make_machine()
    with pyzk(machine, udp=udp, timeout=0.3) as client:
        machine.faults.hang = 1
        with pytest.raises(ZKNetworkError, match="timed out"):
            client.get_time()
        machine.faults.hang = 0
        assert client.get_pin_width() == 9


@BOTH
@pytest.mark.parametrize("cut", [1, 100, 5_000, 15_000])
def test_a_log_is_torn_once(udp: bool, cut: int) -> None:
    machine = make_busy()
    machine.faults.cut_after = cut
    with SimulatorServer(machine) as server:
        torn = another(server, udp=udp, timeout=0.3)
        with bare(server) as client:  # pyzk itself spins for ever on some of these over TCP
            if not udp:
                client.ask(Command.CONNECT)
                client.send(_request(Command.READ_TABLE, struct.pack("<bhii", 1, 13, 0, 0)))
                client.exactly(8 + 8 + 13)
                client.send(_request(Command.READ_CHUNK, struct.pack("<ii", 0, 20_004)))
                assert len(client.exactly(30_000)) == cut
            else:
                with pytest.raises((TimeoutError, ZKNetworkError)):
                    whole_log(torn)
        assert not machine.faults.active()
        whole = another(server, udp=udp)
        assert whole_log(whole)[4:] == machine.punches.packed(40)


def _request(command: int, data: bytes) -> bytes:
    return frame(Packet(command, 0, 0, data).payload())


@pytest.mark.parametrize(("segment", "works"), [(1460, True), (500, True), (12, False)])
def test_small_segments_are_more_than_pyzk_can_read(segment: int, works: bool) -> None:
    machine = make_busy()
    with pyzk(machine, timeout=1) as client:
        machine.faults.segment, machine.faults.slow = segment, 2
        if works:
            assert len(client.get_attendance()) == 500
        else:
            with pytest.raises(ZKNetworkError):
                client.get_pin_width()
            client.is_connect = False  # what was left over would be its next answer


def test_slow() -> None:
    machine = make_machine()
    with pyzk(machine) as client:
        machine.faults.slow = 100
        started = time.monotonic()
        client.get_pin_width()
        assert time.monotonic() - started >= 0.1


def test_counts_that_are_wrong() -> None:
    machine = make_busy()
    machine.faults.count_error = -2
    with pyzk(machine) as client:
        client.read_sizes()
        assert client.records == 498
        assert len(whole_log(client)) == 4 + 500 * 40


@BOTH
def test_a_punch_during_the_read(udp: bool) -> None:
    machine = make_busy()
    machine.faults.punch_during_read = 1
    with pyzk(machine, udp=udp) as client:
        client.read_sizes()
        assert len(whole_log(client)) == 4 + (client.records + 1) * 40
        client.read_sizes()
        assert len(whole_log(client)) == 4 + client.records * 40


def test_a_punch_during_the_read_of_short_records_is_misread_by_pyzk() -> None:
    machine = make_machine(punch_size=8)
    plausible.fill(machine, 500)
    machine.faults.punch_during_read = 1
    with pyzk(machine) as client, suppress(ValueError):  # a day that does not exist
        assert len(client.get_attendance()) != 500


@BOTH
def test_a_lost_reply_is_a_deed_done(udp: bool) -> None:
    machine = make_machine()
    with pyzk(machine, udp=udp, timeout=0.3) as client:
        client.get_users()
        machine.faults.lose_reply = Command.WRITE_USER
        with pytest.raises(ZKNetworkError):
            client.set_user(uid=9, name="Baru", user_id="1009")
        assert machine.users[9].pin == "1009"
        client.set_user(uid=9, name="Baru", user_id="1009")
    assert len(machine.users) == 3


def test_the_next_reply_may_be_the_lost_one_whatever_it_is() -> None:
    machine = make_machine()
    with pyzk(machine, timeout=0.3) as client:
        machine.faults.lose_reply = 1
        with pytest.raises(ZKNetworkError):
            client.get_pin_width()
        assert client.get_pin_width() == 9


def test_three_replies_in_ten_are_lost() -> None:
    machine = make_machine()
    machine.faults.lose_replies = 30
    lost = 0
    with SimulatorServer(machine) as server:
        for _ in range(40):
            try:
                another(server, timeout=0.05)
            except ZKNetworkError:
                lost += 1
    assert 1 <= lost <= 35
    assert machine.requests[Command.CONNECT] == 40


@BOTH
def test_templates_that_are_not_kept(udp: bool) -> None:
    machine = make_machine()
    machine.faults.drop_template_writes = 1
    with pyzk(machine, udp=udp) as client:
        user = client.get_users()[0]
        client.save_user_template(user, [Finger(user.uid, 1, 1, synthetic_template("x"))])
        assert client.get_templates() == []


@BOTH
def test_only_one_client_at_a_time(udp: bool) -> None:
    machine = make_machine()
    machine.faults.refuse_second_session = 1
    with SimulatorServer(machine) as server:
        first = another(server, udp=udp)
        with pytest.raises(ZKErrorResponse, match="Can't connect"):
            another(server, udp=udp)
        first.disconnect()
        another(server, udp=udp).disconnect()
        assert machine.connected == 0


def test_a_machine_of_another_make() -> None:
    machine = make_machine()
    machine.faults.wrong_protocol = 1
    with SimulatorServer(machine) as server:
        with bare(server) as client:
            client.send(b"\x50\x50\x82\x7d\x08\0\0\0" + bytes(8))
            assert client.exactly(2) == b"\xaa\x01"
        with pytest.raises(ZKNetworkError, match="TCP packet invalid"):
            another(server)


@pytest.mark.parametrize(
    ("line", "check"),
    [
        ("clock -3600", lambda gap: -3602 <= gap <= -3598),
        ("clock 2000-01-01T00:00:00", lambda gap: gap < -20 * 365 * 86400),
        ("drift 3600", lambda gap: 3590 <= gap <= 3610),
    ],
)
def test_a_clock_that_is_wrong(line: str, check: Callable[[float], bool]) -> None:
    machine = make_machine()
    assert "ok" in control.execute(machine, line)
    machine.clock.since -= timedelta(hours=1)
    with pyzk(machine) as client:
        true = machine.clock.true().replace(tzinfo=None)
        assert check((client.get_time() - true).total_seconds())


def test_a_clock_that_shows_no_day_of_any_month() -> None:
    machine = make_machine()
    assert "-02-31 " in str(control.execute(machine, "clock mustahil")["ok"])
    with pyzk(machine) as client:
        with pytest.raises(ValueError, match="day is out of range"):
            client.get_time()
        machine.punch("1001")
        with pytest.raises(ValueError, match="day is out of range"):
            client.get_attendance()
        client.set_time(machine.now())
        client.get_time()


def test_names_in_the_script_of_another_country() -> None:
    machine = make_machine(name_encoding="gb2312")
    machine.add_user("88", "王小明")
    with SimulatorServer(machine) as server:
        client = another(server)
        table, _ = client.read_with_buffer(9, 5)
        assert "王小明".encode("gb2312") in table
        client.set_user(uid=8, name="abc", user_id="808")
        client.disconnect()
    assert machine.users[8].name == "abc"


def test_a_machine_that_is_locked_or_off_takes_no_fingers() -> None:
    machine = make_machine()
    machine.disable()
    with pytest.raises(Impossible, match="dikunci"):
        machine.punch("1001")
    machine.enable()
    machine.power(on=False)
    with pytest.raises(Impossible, match="mati"):
        machine.punch("1001")
    machine.power(on=True)
    machine.punch("1001")
    assert len(machine.punches) == 1
