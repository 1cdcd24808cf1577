"""Running simulated machines as an office would: options, control lines, help."""

import json
import subprocess
import sys
from dataclasses import fields
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from devices.simulator import faults
from devices.simulator.control import COMMANDS, HELP, execute, tell
from devices.simulator.machine import Model
from devices.simulator.options import numbered
from tests.devices.simulator.clients import make_machine
from tests.devices.simulators import simulator, simulators


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    line = [sys.executable, "-m", "devices.simulator", *arguments]
    return subprocess.run(line, capture_output=True, text=True, timeout=30, check=False)


def test_the_help_names_every_line_and_every_fault() -> None:
    for name in [*COMMANDS, *faults.HELP, *(field.name for field in fields(Model))]:
        assert name in HELP


def test_the_help_of_the_command_leads_through_a_first_try(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        call_command("simulate_device", "--help", stdout=StringIO())
    told = capsys.readouterr().out
    for words in ("--tell", "punch 1001", "fault cut_after", "--protocol adms", "/mesin/"):
        assert words in told


def test_it_runs_without_django() -> None:
    script = "import sys, devices.simulator.__main__; print('django' in sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("user 7 'Yohanes de Brito' 14 12", 3),
        ("enrol 1001 6", 1228),
        ("enrol_all 2", 2),
        ("punch 1001 1 2026-04-01T07:20:00", 1),
        ("fill 12", 12),
        ("clock 2026-04-01T07:20:00", "2026-04-01 07:20:00"),
        ("drift 5", 5.0),
        ("set punch_size 49", 49),
        ("set name_encoding gb2312", "gb2312"),
        ("power off", False),
        ("restart", 1),
        ("fault hang", True),
        ("heal", True),
        ("drop 1001", True),
        ("drop_finger 1001 1", False),
        ("log", []),
        ("fingers 1001", []),
    ],
)
def test_a_line_does_what_it_says(line: str, answer: object) -> None:
    assert execute(make_machine(), line) == {"ok": answer}


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("", "perintah tidak dikenal"),
        ("tidur", "perintah tidak dikenal"),
        ("punch", "perintah tidak dikenal"),
        ("punch 1001 masuk", "perintah tidak dikenal"),
        ("punch '", "perintah tidak dikenal"),
        ("power setengah", "perintah tidak dikenal"),
        ("punch 77", "PIN 77 tidak ada di mesin SIM0000000001"),
        ("enrol 1001 12", "jari 12 tidak ada (0-9)"),
        ("user 1001 Lain", "PIN 1001 sudah dipakai"),
        ("set warna biru", "menu warna tidak ada"),
        ("set punch_size 13", "punch_size hanya 8, 16, 40, 49"),
        ("set comm_key abc", "perintah tidak dikenal"),
        ("set name_encoding klingon", "perintah tidak dikenal"),
        ("punch 1001 256", "ketukan PIN 1001 tidak muat dalam catatan mesin ini"),
        ("fault tidur", "gangguan tidur tidak dikenal"),
    ],
)
def test_a_line_that_cannot_be_done_says_why(line: str, error: str) -> None:
    assert execute(make_machine(), line) == {"error": error, "help": HELP}


def test_the_state_tells_what_a_test_needs() -> None:
    with simulator("LOBI0001", fill=10) as machine:
        machine.tell("fault slow 1")
        state = machine.tell("state")
    assert state["serial"] == "LOBI0001"
    assert (state["users"], state["punches"], state["connected"]) == (1, 10, 0)
    assert (state["enabled"], state["powered"], state["cleared"]) == (True, True, 0)
    assert state["faults"] == {"slow": 1}


def test_fingers_are_told_without_their_templates() -> None:
    machine = make_machine()
    machine.enrol("1002", 6)
    told = json.dumps(execute(machine, "fingers"))
    assert "SS21" not in told
    (row,) = json.loads(told)["ok"]
    assert (row["pin"], row["finger"], row["algorithm"], row["size"]) == ("1002", 6, 10, 1228)


def test_several_machines_run_in_one_process(tmp_path: Path) -> None:
    state = tmp_path / "kantor.json"
    with simulators("LOBI0009", 3, control_port=0, state=state) as machines:
        assert [m.serial for m in machines] == ["LOBI0009", "LOBI0010", "LOBI0011"]
        assert len({m.port for m in machines}) == 3
        machines[1].tell("@LOBI0010 user 5 Anton")
        machines[0].tell("@semua user 6 Maria")
        counts = [tell(m.control_port or 0, "state")["ok"]["users"] for m in machines]  # type: ignore[index] # a summary
        assert counts == [1, 2, 1]
    assert len(list(tmp_path.glob("kantor*.json"))) == 3


def test_a_machine_starts_with_its_faults() -> None:
    with simulator("SAKIT001", fault="slow=5") as machine:
        assert machine.tell("state")["faults"] == {"slow": 5}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--fault", "tidur=1"], "gangguan tidur tidak dikenal"),
        (["--tell", "state"], "--tell memerlukan --control-port"),
        (["--tell", "state", "--control-port", "1"], "tidak menjawab di port 1"),
        (["--name-encoding", "klingon"], "sandi klingon tidak dikenal"),
        (["--users", "/tidak/ada"], "tidak dapat dibuat"),
        (["--time-zone", "Asia/Tidak"], "tidak dapat dibuat"),
    ],
)
def test_a_wrong_start_is_refused_in_words(arguments: list[str], words: str) -> None:
    told = run(*arguments)
    assert told.returncode != 0
    assert words in told.stderr
    assert "Traceback" not in told.stderr


def test_a_port_in_use_is_named() -> None:
    with simulator("LOBI0001") as machine:
        told = run("--serial", "LOBI0002", "--port", str(machine.port))
    assert told.returncode == 1
    assert told.stderr.startswith("LOBI0002 tidak dapat dijalankan: ")


@pytest.mark.parametrize(
    ("serial", "number", "expected"),
    [("A009", 1, "A010"), ("A009", 0, "A009"), ("A", 2, "A2"), ("SIM99", 1, "SIM100")],
)
def test_serials_are_counted_on(serial: str, number: int, expected: str) -> None:
    assert numbered(serial, number) == expected
