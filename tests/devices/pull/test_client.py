"""Speaking with machines in other processes, through pyzk as it is published."""

import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from importlib.metadata import version
from threading import Thread

import pytest

from devices.pull.client import (
    DeviceRefused,
    DeviceUnreachable,
    MachineTemplate,
    NotConnectable,
    ProtocolMismatch,
    ZkClient,
)
from devices.simulator.machine import synthetic_template
from tests.devices.simulators import connect, log_of, simulator


@contextmanager
def somebody_else(answer: bytes) -> Iterator[int]:
    """Listen like a device of another make."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(100)
                    connection.sendall(answer)

        Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]


def test_pyzk_is_the_published_one() -> None:
    assert version("pyzk") == "0.9"


@pytest.mark.parametrize("user_size", [72, 28])
@pytest.mark.parametrize("punch_size", [8, 16, 40, 49])
def test_every_record_size_is_read(user_size: int, punch_size: int) -> None:
    with simulator(user_size=user_size, punch_size=punch_size) as machine:
        machine.tell("user 1001 Anton")
        machine.tell("user 1002 Maria")
        machine.tell("enrol 1002 6 ibu")
        for second in range(3):
            machine.tell(f"punch 1002 1 2026-04-01T07:20:0{second}")
        with connect(machine) as client:
            assert [user.pin for user in client.users()] == ["1001", "1002"]
            (template,) = client.templates()
            assert (template.pin, template.finger, template.data) == (
                "1002",
                6,
                synthetic_template("ibu"),
            )
            assert log_of(client) == [
                f"1002\t2026-04-01 07:20:0{second}\t1\t1\t0" for second in range(3)
            ]


def test_tables_larger_than_a_chunk_come_whole() -> None:
    with simulator() as machine:
        machine.tell("user 1001 Anton")
        for second in range(2000):
            at = datetime.fromtimestamp(1_770_000_000 + second).isoformat()
            machine.tell(f"punch 1001 0 {at}")
        for finger in range(10):
            machine.tell(f"enrol 1001 {finger}")
        with connect(machine) as client:
            assert len(log_of(client)) == 2000
            assert [t.finger for t in client.templates()] == list(range(10))


def test_the_comm_key_opens_the_machine() -> None:
    with simulator(comm_key=271828) as machine:
        with connect(machine, 271828) as client:
            assert client.status().serial == machine.serial
        with pytest.raises(DeviceRefused, match="kunci komunikasi"), connect(machine, 1):
            pass
        assert machine.tell("state")["enabled"]


def test_a_clock_can_be_read_and_set() -> None:
    with simulator(clock_offset=-3600) as machine, connect(machine) as client:
        client.set_clock(datetime(2026, 4, 1, 7, 20, 31))
        shown = client.status().clock
        assert shown is not None
        assert abs((shown - datetime(2026, 4, 1, 7, 20, 31)).total_seconds()) <= 2


def test_renaming_a_user_keeps_what_else_the_machine_knows() -> None:
    with simulator() as machine:
        with connect(machine) as client:
            first = client.write_users({"1001": "Anton Benu", "1002": "Maria Tefa"})
            again = client.write_users({"1001": "Anton Benu", "1002": "Maria T. Tefa"})
            assert (first.added, again.unchanged, again.renamed) == (2, 1, 1)
            assert [u.name for u in client.users()] == ["Anton Benu", "Maria T. Tefa"]
        machine.tell("enrol 1002 1 tetap")
        with connect(machine) as client:
            client.write_users({"1002": "Maria Tefa-Benu"})
            assert client.templates()[0].data == synthetic_template("tetap")


def test_names_are_cut_at_a_character_and_carry_no_tabs() -> None:
    with simulator() as machine, connect(machine) as client:
        client.write_users({"1001": "Yohanes\tde Brito é" + "é" * 20})
        (user,) = client.users()
        assert user.name.startswith("Yohanes de Brito éé")
        assert len(user.name.encode()) <= 23


def test_users_and_single_fingers_are_taken_off() -> None:
    with simulator() as machine:
        for pin in (1001, 1002, 1003):
            machine.tell(f"user {pin} Orang")
            machine.tell(f"enrol {pin} 1")
            machine.tell(f"enrol {pin} 6")
        with connect(machine) as client:
            assert client.delete_templates([("1001", 6), ("1001", 9), ("7777", 6)]) == 1
            assert client.delete_users(["1002", "7777"]) == 1
            assert client.delete_users(["1002"]) == client.delete_templates([("1001", 6)]) == 0
            assert [user.pin for user in client.users()] == ["1001", "1003"]
            assert {(t.pin, t.finger) for t in client.templates()} == {
                ("1001", 1), ("1003", 1), ("1003", 6),
            }  # fmt: skip


@pytest.mark.parametrize("user_size", [72, 28])
def test_users_and_fingers_are_kept_in_step_over_udp(user_size: int) -> None:
    finger = synthetic_template("lewat udp")
    with simulator(user_size=user_size, comm_key=271828) as machine:
        machine.tell("user 1001 Anton")
        for number in range(10):
            machine.tell(f"enrol 1001 {number}")
        with connect(machine, 271828, over_udp=True) as client:
            assert client.write_users({"1002": "Maria"}).added == 1
            client.write_templates([MachineTemplate("1002", 6, 1, finger)])
            shown = {(t.pin, t.finger): t.data for t in client.templates()}
            assert (len(shown), shown["1002", 6]) == (11, finger)
            assert client.delete_templates([("1001", number) for number in range(9)]) == 9
            assert client.delete_users(["1002"]) == 1
            assert [(t.pin, t.finger) for t in client.templates()] == [("1001", 9)]
            assert client.status().serial == machine.serial


def test_trouble_over_udp_is_told_apart() -> None:
    with simulator(comm_key=271828) as machine:
        with (
            pytest.raises(DeviceRefused, match="kunci komunikasi"),
            connect(machine, 1, over_udp=True),
        ):
            pass
        machine.tell("fault wrong_protocol 1")
        with (
            pytest.raises(ProtocolMismatch, match="no 4370 machine"),
            connect(machine, 271828, over_udp=True),
        ):
            pass
        machine.tell("power off")
        with (
            pytest.raises(DeviceUnreachable, match="timed out"),
            connect(machine, 271828, over_udp=True),
        ):
            pass


@pytest.mark.parametrize("segment", [1, 12, 100, 1460])
def test_segments_of_any_size_make_the_same_table(segment: int) -> None:
    with simulator() as machine:
        machine.tell("user 1001 Anton")
        for second in range(60):
            machine.tell(f"punch 1001 0 2026-04-01T07:20:{second:02}")
        with connect(machine) as client:
            machine.tell(f"fault segment {segment}")
            assert [user.pin for user in client.users()] == ["1001"]
            assert len(log_of(client)) == 60


def test_a_template_for_nobody_is_refused() -> None:
    with simulator() as machine, connect(machine) as client, pytest.raises(DeviceRefused):
        client.write_templates([MachineTemplate("1001", 1, 1, synthetic_template("x"))])


def test_a_machine_that_is_not_there_is_named_unreachable() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    with pytest.raises(DeviceUnreachable, match=f"127.0.0.1:{port} tidak dapat dihubungi"):
        ZkClient("127.0.0.1", port, timeout=2).__enter__()


def test_a_port_that_speaks_something_else_is_told_from_silence() -> None:
    with (
        somebody_else(b"\xaa\x01" + b"\0" * 30) as port,
        pytest.raises(ProtocolMismatch, match="4370"),
    ):
        ZkClient("127.0.0.1", port, timeout=2).__enter__()


def test_a_machine_that_hangs_is_given_up_in_time() -> None:
    with simulator() as machine, connect(machine) as client:
        machine.tell("fault hang 1")
        started = time.monotonic()
        with pytest.raises(DeviceUnreachable):
            client.users()
        assert time.monotonic() - started < 10


@pytest.mark.parametrize("cut", [1, 8, 20, 100, 5000])
@pytest.mark.fault("F34")
def test_a_torn_table_is_never_taken_for_whole(cut: int) -> None:
    with simulator() as machine:
        machine.tell("user 1001 Anton")
        for second in range(100):
            machine.tell(f"punch 1001 0 2026-04-01T07:{second // 60:02}:{second % 60:02}")
        with connect(machine, call_timeout=2) as client:
            assert len(client.users()) == 1
            machine.tell(f"fault cut_after {cut}")
            with pytest.raises((DeviceUnreachable, DeviceRefused, ProtocolMismatch)):
                client.punches()
        with connect(machine) as client:
            assert len(log_of(client)) == 100


@pytest.mark.parametrize("wrong", [-1, 1])
def test_counts_that_disagree_are_not_accepted(wrong: int) -> None:
    with simulator() as machine:
        machine.tell("user 1001 Anton")
        machine.tell("enrol 1001 1")
        machine.tell("punch 1001")
        machine.tell("punch 1001")
        machine.tell(f"fault count_error {wrong}")
        with connect(machine) as client:
            with pytest.raises(ProtocolMismatch, match="Tidak ada yang disimpan"):
                client.punches()
            if wrong == 1:
                with pytest.raises(ProtocolMismatch):
                    client.templates()


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1; touch x", "127.0.0.1\n", "", "localhost", "$(touch x)", "127.0.0.1 -c 9",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "fe80::1%;touch x", "::1", "2130706433",  # noqa: S104 - refused
    ],
)  # fmt: skip
def test_only_an_address_of_a_machine_is_taken_for_a_host(host: str) -> None:
    with pytest.raises(NotConnectable, match="bukan alamat IPv4"):
        ZkClient(host)


def test_an_address_in_its_longer_form_is_the_same() -> None:
    assert repr(ZkClient("::ffff:192.168.1.201")) == "<ZkClient 192.168.1.201:4370>"


@pytest.mark.parametrize("port", [0, -1, 65536, True, "4370"])
def test_only_a_port_is_taken_for_one(port: int) -> None:
    with pytest.raises(NotConnectable, match="Port"):
        ZkClient("127.0.0.1", port)


@pytest.mark.parametrize("comm_key", [-1, 1_000_000, 2**64, "1", None])
def test_only_a_key_of_six_digits_is_sent(comm_key: int) -> None:
    with pytest.raises(NotConnectable, match="Kunci komunikasi"):
        ZkClient("127.0.0.1", 4370, comm_key)


def test_a_repr_shows_no_finger() -> None:
    template = MachineTemplate("1001", 1, 1, b"SS21-rahasia")
    assert "rahasia" not in repr(template)
