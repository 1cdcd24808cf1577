"""Packets and records of real terminals, beside what the simulated one makes of them."""

import struct
from datetime import datetime

import pytest

from devices.simulator import tables
from devices.simulator.machine import Machine
from devices.simulator.pull.codes import Command, Event, Reply
from devices.simulator.pull.commands import answer, packets
from devices.simulator.pull.events import pack_event
from devices.simulator.pull.frames import TOP, Packet, checksum, frame, size_after
from devices.simulator.tables import Finger, Operation, Punch, User, encode_time, unpack_user
from tests.devices.simulator.clients import make_machine, make_session

FRAMES = {
    "ask for the option OS": "5050827d0c0000000b0058efc5c005007e4f5300",
    "ask for the platform": "5050827d120000000b00b9e6f38d0c007e506c6174666f726d00",
    "the platform": "5050827d1d000000d007714cf38d0c007e506c6174666f726d3d5a454d3736305f54465400",
    "ask for the work code": "5050827d110000000b0084c2f38d0b00576f726b436f646500",
    "the work code": "5050827d13000000d007828af38d0b00576f726b436f64653d3000",
    "state 2": "5050827d08000000d007f6f702003700",
    "a sample's score": "5050827d09000000f401a7fc0001000064",
    "a punch": (
        "5050827d28000000f401ac12010000003939393131313333330000000000000000000000000000000100"
        "120619112905"
    ),
    "set the option LockOn": "5050827d110000000c00ebbb84c547004c6f636b4f6e3d3500",
    "write a user": (
        "5050827d500000000800fc579d8a5c000e0006313233343536007c4e7565766f000000000000000000000000"
        "000000000000008f190000010000000000000000313132323434383800000000000000000000000000000000"
    ),
}
BARE_PAYLOADS = {
    "ask for the face version": "0b005a17f38d03005a4b4661636556657273696f6e00",
    "the width of a PIN": "d007296af38d0a0009",
}
SIZES_OF_AN_F18 = (
    "00000000000000000000000000000000030000000000000003000000000000003a000000000000005a00000000"
    "0000000200000002000000b80b000088130000a0860100b50b0000851300006686010000000000000000000000"
    "0000"
)
USER = (
    "0d000034343400c69a807c4e6564000000000000000000000000000000000000000000de0000000201000100020"
    "00000353535000000000000000000000000000000000000000000"
)
PUNCH = "0d00393939313131333333000000000000000000000000000000016bb368230000000000ff000000"
PUNCH_OF_A_FACE = "01003130303336000000000000000000000000000000000000000fb8ebc929000000000000000000"
OPERATION = "0000062ac29b68230300000007000205"
TEMPLATE_HEAD = "c4040e0004014dfd53533231000004bebe0408050709ced0"


def replies(machine: Machine, request: str) -> list[bytes]:
    """Return what the machine answers to a frame, as frames; the client is known to it."""
    content = bytes.fromhex(request)
    assert size_after(content[: TOP.size]) == len(content) - TOP.size
    packet = Packet.read(content[TOP.size :])
    session = make_session(machine)
    return [frame(payload) for payload in packets(answer(session, packet), packet)]


@pytest.mark.parametrize("name", [*FRAMES, *BARE_PAYLOADS])
def test_every_checksum_is_the_one_on_the_wire(name: str) -> None:
    payload = bytes.fromhex(FRAMES[name])[TOP.size :] if name in FRAMES else b""
    payload = payload or bytes.fromhex(BARE_PAYLOADS[name])
    (found,) = struct.unpack_from("<H", payload, 2)
    assert checksum(payload[:2] + b"\0\0" + payload[4:]) == found
    assert Packet.read(payload).payload() == payload


@pytest.mark.parametrize(
    "words", [b"\x01", b"\xff\xff", b"\xff" * 9, b"\x01\x02\x03", b"\xff\0" * 999]
)
def test_the_checksum_is_the_folded_sum_of_words(words: bytes) -> None:
    padded = words + b"\0" * (len(words) % 2)
    total = sum(struct.unpack(f"<{len(padded) // 2}H", padded))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    assert checksum(words) == ~total & 0xFFFF


@pytest.mark.parametrize("what", ["platform", "work code"])
def test_options_are_answered_as_a_real_terminal_did(what: str) -> None:
    machine = make_machine()
    machine.options["~Platform"] = "ZEM760_TFT"
    assert replies(machine, FRAMES[f"ask for the {what}"]) == [bytes.fromhex(FRAMES[f"the {what}"])]


def test_the_width_of_a_pin_is_answered_as_a_real_terminal_did() -> None:
    asked = frame(Packet(Command.PIN_WIDTH, 0x8DF3, 10, b" P").payload()).hex()
    (told,) = replies(make_machine(), asked)
    assert told[TOP.size :].hex() == BARE_PAYLOADS["the width of a PIN"]


def test_the_state_stands_where_the_session_does() -> None:
    asked = frame(Packet(Command.STATE, 0x8DF3, 0x37).payload()).hex()
    assert replies(make_machine(), asked) == [bytes.fromhex(FRAMES["state 2"])]


def test_an_option_is_asked_for_and_set() -> None:
    machine = make_machine()
    (told,) = replies(machine, FRAMES["ask for the option OS"])
    assert Packet.read(told[TOP.size :]).data == b"~OS=1\0"
    (told,) = replies(machine, FRAMES["set the option LockOn"])
    assert Packet.read(told[TOP.size :]) == Packet(Reply.OK, 0xC584, 0x47)
    assert machine.options == {"LockOn": "5"}


def test_a_user_is_written_as_a_real_client_wrote_him() -> None:
    machine = make_machine()
    (told,) = replies(machine, FRAMES["write a user"])
    assert Packet.read(told[TOP.size :]).command == Reply.OK
    assert machine.users[14] == User(14, "11224488", "Nuevo", 6, "123456", card=6543)


def test_a_user_is_packed_as_a_real_terminal_does() -> None:
    user = unpack_user(bytes.fromhex(USER))
    assert user == User(13, "555", "Ned", 0, "444", card=222, group=2, time_zones=(1, 1, 2, 0))
    packed = bytearray(tables.pack_user(user, 72))
    packed[7:11] = bytes.fromhex("c69a807c")  # what stood behind the password in its memory
    assert packed.hex() == USER


def test_a_punch_is_packed_as_real_terminals_do() -> None:
    time = encode_time(tables.decode_time(0x2368B36B))
    packed = bytearray(tables.pack_punches([Punch(13, "999111333", time)], 40))
    packed[36] = 0xFF  # of the eight bytes that nobody knows
    assert packed.hex() == PUNCH
    newer = tables.pack_punches([Punch(1, "10036", 0x29C9EBB8, verify=15)], 49)
    assert newer.hex().startswith(PUNCH_OF_A_FACE)
    assert len(newer) == 49


def test_an_operation_is_packed_as_a_real_terminal_does() -> None:
    enrolled = Operation(6, 0x23689BC2, objects=("3", "0", "7", "1282"))
    packed = bytearray(tables.pack_operation(enrolled))
    packed[3] = 0x2A  # nobody knows what
    assert packed.hex() == OPERATION


def test_a_template_begins_as_at_a_real_terminal() -> None:
    head = bytes.fromhex(TEMPLATE_HEAD)
    packed = tables.pack_template(14, 4, 1, head[6:].ljust(1214, b"\x01"))
    assert packed.startswith(head)
    assert len(packed) == 1220


def test_ninety_two_bytes_of_sizes_are_those_of_a_real_terminal() -> None:
    machine = Machine("F18")
    for number in (1, 2, 3):
        machine.add_user(str(number), privilege=14 * (number > 1), password="1" * (number > 1))
        machine.fingers[number, 6] = Finger(10, 1, b"x")
    machine.add_punches([Punch(1, "1", time) for time in range(58)])
    machine.operations[:] = [Operation(4, 0)] * 90
    asked = frame(Packet(Command.SIZES, 0, 0).payload()).hex()
    (told,) = replies(machine, asked)
    assert Packet.read(told[TOP.size :]).data.hex() == SIZES_OF_AN_F18


def test_events_are_those_of_a_real_terminal() -> None:
    time = encode_time(datetime(2018, 6, 25, 17, 41, 5))
    punch = pack_event(Punch(13, "999111333", time), 32)
    told = [(Event.PUNCH, punch, "a punch"), (Event.SCORE, b"\x64", "a sample's score")]
    for event, data, name in told:
        assert frame(Packet(Reply.EVENT, event, 0, data).payload()).hex() == FRAMES[name]
