"""Frames and sessions of the simulated machine, looked at byte by byte; and rubbish sent to it."""

import socket
import struct
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.simulator import plausible
from devices.simulator.machine import Machine
from devices.simulator.pull.codes import Command, Reply, Table
from devices.simulator.pull.commands import ANSWERS, answer
from devices.simulator.pull.frames import (
    MAX_PAYLOAD,
    TOP,
    Garbage,
    Packet,
    frame,
    scrambled_key,
    size_after,
)
from devices.simulator.pull.server import SimulatorServer
from tests.devices.simulator.clients import BareClient, bare, make_machine, make_session

WHOLE_LOG = struct.pack("<bhii", 1, Table.PUNCHES, 0, 0)


@pytest.fixture
def machine() -> Machine:
    return make_machine(comm_key=123456)


@pytest.fixture
def server(machine: Machine) -> Iterator[SimulatorServer]:
    with SimulatorServer(machine) as listening:
        yield listening


@pytest.fixture
def stranger(server: SimulatorServer) -> Iterator[BareClient]:
    with bare(server) as connected:
        yield connected


@pytest.fixture
def client(stranger: BareClient, machine: Machine) -> BareClient:
    number = stranger.ask(Command.CONNECT).session
    key = scrambled_key(machine.model.comm_key, number)
    assert stranger.ask(Command.AUTHENTICATE, key, session=number).command == Reply.OK
    return stranger


def udp_ask(port: int, content: bytes, *, answers: int = 1) -> list[bytes]:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as connection:
        connection.settimeout(2)
        connection.sendto(content, ("127.0.0.1", port))
        return [connection.recv(2048) for _ in range(answers)]


def test_nothing_is_told_before_the_key(machine: Machine, stranger: BareClient) -> None:
    assert stranger.ask(Command.CONNECT).command == Reply.UNAUTHENTICATED
    for command in set(ANSWERS) - {Command.DATA}:
        assert stranger.ask(command).command == Reply.UNAUTHENTICATED
    assert machine.enabled
    assert len(machine.users) == 2


def test_a_key_without_a_session_opens_nothing(machine: Machine, stranger: BareClient) -> None:
    key = scrambled_key(machine.model.comm_key, 0)
    assert stranger.ask(Command.AUTHENTICATE, key).command == Reply.UNAUTHENTICATED


@pytest.mark.parametrize("key", [b"", b"\0\0\0\0", b"123456", b"\xff" * 100])
def test_a_wrong_key_opens_nothing(stranger: BareClient, key: bytes) -> None:
    number = stranger.ask(Command.CONNECT).session
    refused = stranger.ask(Command.AUTHENTICATE, key, session=number)
    assert refused.command == Reply.UNAUTHENTICATED


def test_a_short_answer_is_sixteen_bytes_and_nothing_more(client: BareClient) -> None:
    client.send(frame(Packet(Command.REFRESH, 7, 9).payload()))
    assert len(client.exactly(16)) == 16
    assert client.is_silent()


def test_over_udp_it_is_eight(server: SimulatorServer) -> None:
    (told,) = udp_ask(server.port, Packet(Command.CONNECT, 0, 0).payload())
    assert len(told) == 8


@pytest.mark.parametrize(("session", "reply"), [(1, 1), (65535, 65534), (0x8DF3, 12)])
def test_session_and_reply_number_come_back(client: BareClient, session: int, reply: int) -> None:
    told = client.ask(Command.PIN_WIDTH, b" P", session=session, reply=reply)
    assert (told.session, told.reply_id) == (session, reply)


def test_two_clients_have_two_sessions(server: SimulatorServer) -> None:
    with bare(server) as one, bare(server) as other:
        assert one.ask(Command.CONNECT).session != other.ask(Command.CONNECT).session


def test_a_wrong_checksum_is_not_looked_at(client: BareClient) -> None:
    payload = bytearray(Packet(Command.PIN_WIDTH, 0, 0, b" P").payload())
    payload[2:4] = b"\x12\x34"
    client.send(frame(bytes(payload)))
    assert client.event().data == b"\x09"


def test_a_chunk_is_one_packet_between_its_size_and_the_end(
    machine: Machine, client: BareClient
) -> None:
    plausible.fill(machine, 2000)
    announced = client.ask(Command.READ_TABLE, WHOLE_LOG, reply=5)
    assert struct.unpack("<BII", announced.data[:9]) == (0, 80_004, 80_004)
    first = client.ask(Command.READ_CHUNK, struct.pack("<ii", 0, 65472), reply=6)
    packets = [first, client.event(), client.event()]
    assert [packet.command for packet in packets] == [Reply.PREPARE, Reply.DATA, Reply.OK]
    assert {packet.reply_id for packet in packets} == {6}
    assert struct.unpack("<I", packets[0].data[:4]) == (65472,)
    assert packets[1].data == (struct.pack("<I", 80_000) + machine.punches.packed(40))[:65472]
    assert client.is_silent()


def test_over_udp_a_chunk_comes_in_pieces_of_1024(machine: Machine) -> None:
    plausible.fill(machine, 100)
    session = make_session(machine)
    answer(session, Packet(Command.READ_TABLE, 0, 0, WHOLE_LOG))
    told = answer(session, Packet(Command.READ_CHUNK, 0, 0, struct.pack("<ii", 0, 4004))).packets
    assert [code for code, _ in told] == [Reply.PREPARE, *[Reply.DATA] * 4, Reply.OK]
    assert [len(data) for _, data in told] == [8, 1024, 1024, 1024, 932, 0]


@pytest.mark.parametrize(
    ("start", "size"), [(-1, 10), (0, -1), (0, 0), (0, 65473), (80_000, 100), (2**31 - 1, 1)]
)
def test_a_chunk_outside_the_table_is_refused(
    machine: Machine, client: BareClient, start: int, size: int
) -> None:
    plausible.fill(machine, 2000)
    client.ask(Command.READ_TABLE, WHOLE_LOG)
    wanted = struct.pack("<ii", start, size)
    assert client.ask(Command.READ_CHUNK, wanted).command == Reply.REFUSED


@pytest.mark.parametrize("command", [*ANSWERS, 1, 9, 13, 9999, 65535])
@pytest.mark.parametrize("data", [b"", b"\xff", b"\xff" * 7, b"\xff" * 26, b"\xff" * 100], ids=len)
def test_data_of_another_shape_is_answered(command: int, data: bytes) -> None:
    request = Packet(command, 0, 0, data)
    codes = {code for code, _ in answer(make_session(make_machine()), request).packets}
    assert codes <= set(Reply)
    assert codes


@given(payload=st.binary(max_size=200))
def test_any_packet_is_answered_or_no_packet(payload: bytes) -> None:
    session = make_session(make_machine())
    try:
        request = Packet.read(payload)
    except Garbage:
        assert len(payload) < 8
    else:
        assert {code for code, _ in answer(session, request).packets} <= set(Reply)


@pytest.mark.parametrize(
    "rubbish",
    [
        b"GET / HTTP/1.1\r\nHost: mesin\r\n\r\n",
        b"\x50\x50\x82\x7d\xff\xff\xff\xff",
        b"\x50\x50\x82\x7d\0\0\0\0",
        TOP.pack(0x5050, 0x7D82, MAX_PAYLOAD + 1),
        b"\0" * 4096,
        b"\xaa\x01",
        b"\x50",
    ],
)
def test_rubbish_ends_a_connection_and_nothing_else(
    server: SimulatorServer, rubbish: bytes
) -> None:
    with bare(server) as client:
        client.send(rubbish)
        if len(rubbish) >= TOP.size:
            assert client.exactly(1) == b""
    udp_ask(server.port, rubbish, answers=0)
    with bare(server) as client:
        assert client.ask(Command.CONNECT).command == Reply.UNAUTHENTICATED
    (told,) = udp_ask(server.port, Packet(Command.CONNECT, 0, 0).payload())
    assert Packet.read(told).command == Reply.UNAUTHENTICATED


@given(top=st.binary(min_size=8, max_size=8))
def test_the_top_of_a_frame_is_read_or_refused(top: bytes) -> None:
    try:
        assert 8 <= size_after(top) <= MAX_PAYLOAD
    except Garbage:
        assert top[:4] != b"\x50\x50\x82\x7d" or not 8 <= int.from_bytes(top[4:], "little") <= (
            MAX_PAYLOAD
        )


def test_writing_more_than_was_announced_is_refused(client: BareClient) -> None:
    assert client.ask(Command.PREPARE, struct.pack("<I", 4)).command == Reply.OK
    assert client.ask(Command.DATA, b"12345").command == Reply.REFUSED
    assert client.ask(Command.PREPARE, struct.pack("<I", 1 << 30)).command == Reply.REFUSED


def test_a_template_is_deleted_by_pin(machine: Machine, client: BareClient) -> None:
    machine.enrol("1002", 4)
    wanted = struct.pack("<24sB", b"1002", 4)
    assert client.ask(Command.DELETE_TEMPLATE_BY_PIN, wanted).command == Reply.OK
    assert client.ask(Command.DELETE_TEMPLATE_BY_PIN, wanted).command == Reply.REFUSED


def test_operations_are_told_as_a_table(machine: Machine, client: BareClient) -> None:
    wanted = struct.pack("<bhii", 1, Table.OPERATIONS, 0, 0)
    told = client.ask(Command.READ_TABLE, wanted)
    assert told.command == Reply.DATA
    assert len(told.data) == 4 + 16 * len(machine.operations)


def test_a_lock_may_open_by_itself(machine: Machine, client: BareClient) -> None:
    client.ask(Command.DISABLE, struct.pack("<I", 3600))
    assert not machine.enabled
    client.ask(Command.DISABLE, struct.pack("<I", 0))
    assert machine.enabled
