"""The simulated terminal from the command line: a process of its own, told what to do."""

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from devices.simulator.adms.people import read_rate, read_script
from devices.simulator.control import tell
from tests.devices.simulator_adms.stand_in import HANDSHAKE, StandIn

COMMAND = [sys.executable, "-m", "devices.simulator", "--protocol", "adms", "--hurry", "500"]


@contextmanager
def served() -> Iterator[StandIn]:
    """A stand-in that answers from a thread while the test waits for processes."""
    server, ready, ended = StandIn(), threading.Event(), threading.Event()

    async def serve() -> None:
        async with server:
            ready.set()
            while not ended.is_set():
                await asyncio.sleep(0.02)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(30)
    try:
        yield server
    finally:
        ended.set()
        thread.join(5)


def run(server: StandIn, *arguments: str, told: str = "") -> tuple[int, list[dict[str, object]]]:
    """Run terminals to their end; return the code and what they printed."""
    process = subprocess.run(
        [*COMMAND, "--server", server.url, *arguments],
        input=told,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert not process.stderr, process.stderr
    return process.returncode, [json.loads(line) for line in process.stdout.splitlines()]


def test_a_measured_run_says_what_was_acknowledged_and_how_quickly(tmp_path: Path) -> None:
    acknowledged = tmp_path / "acknowledged"
    with served() as server:
        code, (_, figures) = run(
            server,
            *("--count", "20", "--punches-per-second", "100", "--seconds", "1"),
            *("--acknowledged", str(acknowledged)),
        )
    assert code == 0
    assert (figures["terminals"], figures["pressed"]) == (20, 100)
    assert (figures["acknowledged"], figures["unacknowledged"]) == (100, 0)
    rows = {tuple(line.split("\t")) for line in acknowledged.read_text().splitlines()}
    assert len(rows) == 100
    assert len({serial for serial, _, _ in rows}) == 20
    percentiles = figures["until_acknowledged"]
    assert isinstance(percentiles, dict)
    assert percentiles["count"] == 100


def test_lines_on_stdin_are_done_at_the_terminal_they_name() -> None:
    lines = ["user 1001 'Sari Wulandari'", "@SIM0000000002 user 1002 Budi", "@semua state", "quit"]
    with served() as server:
        _, answers = run(server, "--count", "2", "--stdin", told="\n".join(lines) + "\n")
    both = answers[3]["ok"]
    assert isinstance(both, dict)
    assert [both[serial]["ok"]["users"] for serial in sorted(both)] == [1, 1]


def test_a_script_is_followed_and_a_port_takes_lines(tmp_path: Path) -> None:
    script = tmp_path / "morning"
    script.write_text("# a morning\n+0 user 1001 Sari\n+5 punch 1001 0 2026-04-01T07:20:31\n")
    with served() as server:
        process = subprocess.Popen(
            [*COMMAND, f"--server={server.url}", f"--script={script}", "--control-port=0"],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout is not None
            port = json.loads(process.stdout.readline())["control_port"]
            deadline = threading.Event()
            while not server.posted("ATTLOG") and not deadline.wait(0.02):
                pass
            assert server.posted("ATTLOG") == [b"1001\t2026-04-01 07:20:31\t0\t1\t0\t0\t0\n"]
            state = tell(port, "state")["ok"]
            assert isinstance(state, dict)
            assert state["online"] is True
        finally:
            process.kill()
            process.communicate()


def test_a_terminal_with_a_file_remembers_what_it_told(tmp_path: Path) -> None:
    state = ("--state", str(tmp_path / "terminal.json"), "--seconds", "0.2")
    with served() as server:
        run(server, *state, "--fill", "3")
        assert len(server.posted("ATTLOG")) == 1
        run(server, *state)
        assert len(server.posted("ATTLOG")) == 1


def test_terminals_of_one_serial_tell_it_from_their_own_cards() -> None:
    with served() as server:
        server.handshake = HANDSHAKE + "\nPushOptionsFlag=1"
        run(server, "--count", "2", "--same-serial", "--seconds", "0.3")
    assert {request.query["SN"] for request in server.requests} == {"SIM0000000001"}
    assert len({body.partition(b",Trans")[0] for body in server.posted("options")}) == 2


@pytest.mark.parametrize(
    "arguments", [["--server", "dinas"], ["--random", "banyak"], ["--script", "/tiada"]]
)
def test_what_makes_no_sense_is_refused_in_one_line(arguments: list[str]) -> None:
    process = subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert process.returncode == 2
    assert process.stderr.startswith("Mesin simulasi tidak dapat dijalankan: ")
    assert process.stderr.count("\n") == 1


def test_a_script_names_the_line_that_it_cannot_read(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("+1 state\nsoon punch 1001\n")
    with pytest.raises(ValueError, match=":2:"):
        read_script(script)
    script.write_text("+1.5  punch 1001\n")
    assert read_script(script) == [(1.5, "punch 1001")]
    assert read_rate("90/min") == 90
