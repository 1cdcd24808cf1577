"""What the simulated machine tells on its own: punches as they happen, enrolments from afar."""

import struct
import threading
from collections.abc import Callable
from typing import Any

import pytest

from devices.simulator.machine import CHOICES
from devices.simulator.pull.codes import Command, Reply
from devices.simulator.pull.events import LAYOUTS
from devices.simulator.pull.server import SimulatorServer
from tests.devices.simulator.clients import BareClient, bare, make_machine, pyzk

BOTH = pytest.mark.parametrize("udp", [False, True], ids=["tcp", "udp"])


def captured(client: Any, count: int, press: Callable[[], None]) -> list[tuple[str, int]]:
    """Return PIN and state of so many live punches; they are made once pyzk listens."""
    told: list[tuple[str, int]] = []
    for punch in client.live_capture(new_timeout=0.2):
        if punch is None:  # it waited, so it listens
            threading.Thread(target=press).start()
            continue
        told.append((punch.user_id, punch.punch))
        if len(told) == count:
            client.end_live_capture = True
    return told


@BOTH
@pytest.mark.parametrize("event_size", [12, 32, 36, 52])
def test_punches_are_told_as_they_happen(udp: bool, event_size: int) -> None:
    machine = make_machine(event_size=event_size)

    def press() -> None:
        for state in range(3):
            machine.punch("1002", state=state)

    with pyzk(machine, udp=udp) as client:
        assert captured(client, 3, press) == [("1002", 0), ("1002", 1), ("1002", 2)]
        assert machine.listeners == []
        assert len(client.get_attendance()) == 3


def test_every_length_of_event_can_be_chosen() -> None:
    assert {0, *LAYOUTS} == set(CHOICES["event_size"])


@pytest.mark.parametrize("event_size", LAYOUTS)
def test_every_length_of_event_is_sent(event_size: int) -> None:
    machine = make_machine(event_size=event_size)
    with SimulatorServer(machine) as server, bare(server) as client:
        number = client.ask(Command.CONNECT).session
        client.ask(Command.REGISTER_EVENT, struct.pack("<I", 1), session=number)
        machine.punch("1001")
        event = client.event()
        assert (event.command, event.session, event.reply_id) == (Reply.EVENT, 1, 0)
        assert len(event.data) == event_size


def test_the_next_event_waits_for_the_acknowledgement() -> None:
    machine = make_machine()
    with SimulatorServer(machine) as server, bare(server) as client:
        number = client.ask(Command.CONNECT).session
        client.ask(Command.REGISTER_EVENT, struct.pack("<I", 1), session=number)
        machine.punch("1001")
        machine.punch("1002")
        assert client.event().data.startswith(b"1001\0")
        assert client.is_silent()
        client.acknowledge()
        assert client.event().data.startswith(b"1002\0")


def test_nobody_is_told_what_he_did_not_ask_for() -> None:
    machine = make_machine()
    with SimulatorServer(machine) as server, bare(server) as client:
        number = client.ask(Command.CONNECT).session
        machine.punch("1001")
        client.ask(Command.REGISTER_EVENT, struct.pack("<I", 1), session=number)
        client.ask(Command.REGISTER_EVENT, struct.pack("<I", 0), session=number)
        machine.punch("1001")
        assert client.is_silent()


@BOTH
def test_a_finger_is_recorded_from_afar(udp: bool) -> None:
    machine = make_machine()
    with pyzk(machine, udp=udp, timeout=5) as client:
        assert client.enroll_user(uid=2, temp_id=4)
        assert client.get_user_template(2, 4).template == machine.fingers[2, 4].data
    assert machine.operations[-1].objects[:2] == ("1002", "4")


@BOTH
@pytest.mark.parametrize("result", [4, 5, 6])
def test_a_recording_that_fails_keeps_nothing(udp: bool, result: int) -> None:
    machine = make_machine()
    machine.faults.enrol_result = result
    with pyzk(machine, udp=udp, timeout=5) as client:
        assert not client.enroll_user(uid=2, temp_id=4)
        assert client.get_pin_width() == 9
    assert not machine.fingers


def test_a_recording_can_be_called_off() -> None:
    machine = make_machine()
    with SimulatorServer(machine) as server, bare(server) as client:
        number = client.ask(Command.CONNECT).session
        wanted = struct.pack("<24sbb", b"1001", 6, 1)
        assert client.ask(Command.START_ENROL, wanted, session=number).command == Reply.OK
        assert client.event().data == b""
        assert client.ask(Command.STATE).session == 1
        client.ask(Command.CANCEL_CAPTURE, session=number)
        client.acknowledge()
        assert client.is_silent()
    assert not machine.fingers


def test_nobody_is_recorded_who_is_not_on_the_machine() -> None:
    machine = make_machine()
    with SimulatorServer(machine) as server, bare(server) as client:
        client.ask(Command.CONNECT)
        wanted = struct.pack("<24sbb", b"77", 6, 1)
        assert client.ask(Command.START_ENROL, wanted).command == Reply.REFUSED


def test_events_that_come_together_are_more_than_pyzk_can_read() -> None:
    machine = make_machine()
    machine.faults.coalesce_events = 2

    def press() -> None:
        machine.punch("1001")
        machine.punch("1002")

    with pyzk(machine) as client, pytest.raises(TypeError):
        captured(client, 2, press)


def test_a_client_that_vanished_hurts_nobody() -> None:
    machine = make_machine()
    with SimulatorServer(machine) as server:
        with bare(server) as client:
            _listening(client)
        with bare(server) as other:
            _listening(other)
            for _ in range(3):
                machine.punch("1001")
            assert other.event().data.startswith(b"1001\0")
    assert len(machine.punches) == 3


def _listening(client: BareClient) -> None:
    number = client.ask(Command.CONNECT).session
    client.ask(Command.REGISTER_EVENT, struct.pack("<I", 1), session=number)


def test_a_restart_ends_every_connection_also_one_that_only_listens() -> None:
    machine = make_machine()
    with SimulatorServer(machine) as server, bare(server) as client:
        _listening(client)
        machine.restart()
        machine.punch("1001")
        assert client.exactly(1) == b""
        assert machine.listeners == []
