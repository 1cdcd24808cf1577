"""The child process that speaks with a machine: it shows no secret, is killed, outlives nobody."""

import base64
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from devices.pull.client import (
    DeviceUnreachable,
    MachineTemplate,
    ZkClient,
)
from devices.pull.process import AGENT, ROOT
from devices.simulator.machine import synthetic_template
from tests.devices.simulators import connect, log_of, simulator


def test_no_secret_stands_where_others_can_read_it() -> None:
    finger = synthetic_template("rahasia")
    with simulator(comm_key=271828) as machine, connect(machine, 271828) as client:
        client.write_users({"1001": "Anton Benu"})
        client.write_templates([MachineTemplate("1001", 6, 1, finger)])
        assert client.templates()[0].data == finger
        agent = Path(f"/proc/{agent_of(client)}")
        shown = (agent / "cmdline").read_bytes() + (agent / "environ").read_bytes()
        shown += repr(client).encode() + repr(vars(client)["_agent"]).encode()
    assert b"271828" not in shown
    assert finger not in shown
    assert base64.b64encode(finger) not in shown


@pytest.mark.parametrize("fault", ["cut_after 700", "count_error 1", "drop_template_writes 1"])
def test_an_agent_in_trouble_prints_no_secret(fault: str) -> None:
    data = base64.b64encode(synthetic_template("rahasia")).decode()
    with simulator(comm_key=271828) as machine:
        machine.tell("user 1001 Anton")
        machine.tell("enrol 1001 6 rahasia")
        machine.tell(f"fault {fault}")
        where = {"host": "127.0.0.1", "port": machine.port, "timeout": 2, "over_udp": False}
        fingers = [{"finger": 6, "valid": 1, "data": data}]
        requests: list[tuple[str, dict[str, Any]]] = [
            ("connect", where | {"comm_key": 271828}),
            ("templates", {}),
            ("write_templates", {"users": [{"pin": "1001", "fingers": fingers}]}),
            ("write_templates", {"users": [{"pin": "9", "fingers": fingers}]}),
            ("write_templates", {"users": [{"pin": "1001", "fingers": [{"data": data + "!"}]}]}),
            ("connect", where | {"comm_key": 314159}),
            ("connect", where | {"comm_key": 2**70 + 271828}),
        ]
        lines = [
            json.dumps({"id": number, "call": call, "arguments": arguments})
            for number, (call, arguments) in enumerate(requests)
        ]
        done = subprocess.run(
            AGENT, input="\n".join(lines) + "\n", cwd=ROOT, check=True, capture_output=True,
            text=True, timeout=60,
        )  # fmt: skip
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == list(range(len(requests)))
    told = done.stderr + "".join(json.dumps(answer.get("error")) for answer in answers)
    assert not [secret for secret in ("271828", "314159", data[:40], "SS21") if secret in told]


def test_an_agent_that_hangs_is_killed_in_time() -> None:
    with (
        simulator() as machine,
        ZkClient("127.0.0.1", machine.port, timeout=60, call_timeout=1) as client,
    ):
        agent = agent_of(client)
        machine.tell("fault hang 1")
        started = time.monotonic()
        with pytest.raises(DeviceUnreachable, match="berhenti menjawab"):
            client.users()
        assert time.monotonic() - started < 6
    assert not _is_running(agent)


def test_a_slow_log_is_waited_for_while_it_comes() -> None:
    signs: list[float] = []
    with simulator() as machine:
        machine.tell("user 1001 Anton")
        for second in range(100):
            machine.tell(f"punch 1001 0 2026-04-01T07:{second // 60:02}:{second % 60:02}")
        machine.tell("fault slow 300")
        with ZkClient(
            "127.0.0.1", machine.port, timeout=20, call_timeout=2,
            at_work=lambda: signs.append(time.monotonic()),
        ) as client:  # fmt: skip
            assert len(log_of(client)) == 100


def test_an_agent_does_not_outlive_its_parent() -> None:
    # A worker that is killed in the middle of a call must not leave an agent spinning.
    script = (
        "import sys\n"
        "from devices.pull.client import ZkClient\n"
        "with ZkClient('127.0.0.1', int(sys.argv[1]), timeout=60) as client:\n"
        "    print(client._agent.process.pid, flush=True)\n"
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


def agent_of(client: ZkClient) -> int:
    assert client._agent is not None
    return client._agent.process.pid


def _is_running(pid: int) -> bool:
    """Say whether a process lives; one that is dead and waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
