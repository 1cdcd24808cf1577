"""Speaking with machines in other processes, through pyzk as it is published."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from threading import Thread

import pytest

from devices.simulator.machine import synthetic_template
from devices.zk_client import (
    DeviceRefused,
    DeviceUnreachable,
    MachineTemplate,
    ProtocolMismatch,
    ZkClient,
)
from tests.devices.simulators import Simulator, simulator


def connect(machine: Simulator, comm_key: int = 0, call_timeout: float = 20) -> ZkClient:
    return ZkClient("127.0.0.1", machine.port, comm_key, timeout=2, call_timeout=call_timeout)


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
            punches = client.punches()
        assert [(p.pin, p.time, p.state, p.verify) for p in punches] == [
            ("1002", f"2026-04-01 07:20:0{second}", 1, 1) for second in range(3)
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
            assert len(client.punches()) == 2000
            assert [t.finger for t in client.templates()] == list(range(10))


def test_the_comm_key_opens_the_machine() -> None:
    with simulator(comm_key=271828) as machine:
        with connect(machine, 271828) as client:
            assert client.status().serial == machine.serial
        with pytest.raises(DeviceRefused, match="kunci komunikasi"), connect(machine, 1):
            pass
        assert machine.tell("state")["enabled"]


def test_the_comm_key_stands_on_no_command_line() -> None:
    with simulator(comm_key=271828) as machine, connect(machine, 271828) as client:
        process = client._process
        assert process is not None
        assert "271828" not in " ".join(map(str, process.args))  # type: ignore[arg-type]
        assert "271828" not in repr(client)


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


def test_an_agent_that_hangs_is_killed_in_time() -> None:
    # pyzk spins for ever when the connection closes within a table.
    with simulator() as machine:
        machine.tell("user 1001 Anton")
        for finger in range(10):
            machine.tell(f"enrol 1001 {finger}")
        with connect(machine, call_timeout=2) as client:
            process = client._process
            machine.tell("fault cut_after 6000")
            started = time.monotonic()
            with pytest.raises((DeviceUnreachable, ProtocolMismatch)):
                client.templates()
            assert time.monotonic() - started < 6
        assert process is not None
        assert process.poll() is not None


def test_an_agent_does_not_outlive_its_parent() -> None:
    # A worker that is killed in the middle of a call must not leave an agent spinning.
    script = (
        "import sys\n"
        "from devices.zk_client import ZkClient\n"
        "with ZkClient('127.0.0.1', int(sys.argv[1]), timeout=60) as client:\n"
        "    print(client._process.pid, flush=True)\n"
        "    sys.stdin.readline()\n"
        "    client.users()\n"
    )
    with simulator() as machine:
        worker = subprocess.Popen(
            [sys.executable, "-c", script, str(machine.port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert worker.stdout is not None
        assert worker.stdin is not None
        agent = int(worker.stdout.readline())
        machine.tell("fault hang 1")
        worker.stdin.write("\n")
        worker.stdin.flush()
        time.sleep(0.3)
        assert Path(f"/proc/{agent}").exists()
        worker.kill()
        worker.communicate()
        deadline = time.monotonic() + 5
        while _is_running(agent) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not _is_running(agent)


def _is_running(pid: int) -> bool:
    """Say whether a process lives; one that is dead and waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("cut", [1, 8, 20, 100, 5000])
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
            assert len(client.punches()) == 100


@pytest.mark.parametrize("wrong", [-1, 1])
def test_counts_that_disagree_are_not_accepted(wrong: int) -> None:
    with simulator() as machine:
        machine.tell("user 1001 Anton")
        machine.tell("enrol 1001 1")
        machine.tell("punch 1001")
        machine.tell("punch 1001")
        machine.tell(f"fault count_error {wrong}")
        with connect(machine) as client:
            with pytest.raises(ProtocolMismatch):
                client.punches()
            if wrong == 1:
                with pytest.raises(ProtocolMismatch):
                    client.templates()


def test_only_an_address_is_taken_for_a_host() -> None:
    with pytest.raises(ValueError, match="does not appear to be an IPv4 or IPv6 address"):
        ZkClient("127.0.0.1; touch X")


def test_a_repr_shows_no_finger() -> None:
    template = MachineTemplate("1001", 1, 1, b"SS21-rahasia")
    assert "rahasia" not in repr(template)
