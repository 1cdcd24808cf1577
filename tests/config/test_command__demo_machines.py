"""The demo's machines are company for the site; it must not stop because one of them is slow."""

import os
import socket
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

import pytest

from config.demo.machines import SimulatedMachine
from config.management.commands.demo_machines import Command
from tests.ports import free_port

pytestmark = pytest.mark.django_db


def test_a_machine_that_does_not_answer_is_tried_again_later() -> None:
    silent = SimulatedMachine("LOBI0001", free_port(), free_port())
    told = StringIO()
    command = Command(stderr=told)
    command._live(silent, silent)
    assert "dicoba lagi" in told.getvalue()


WHOEVER_RUNS_ONE = """
import django, time
django.setup()
from config.demo.machines import running
with running(["LOBI0002"]) as machines:
    print(machines["LOBI0002"].port, flush=True)
    time.sleep(600)
"""


def test_machines_go_off_with_whoever_was_killed_while_running_them(tmp_path: Path) -> None:
    environment = os.environ | {"SOPAN_DATA": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", WHOEVER_RUNS_ONE], stdout=subprocess.PIPE, text=True, env=environment
    ) as runner:
        assert runner.stdout is not None
        port = int(runner.stdout.readline())
        assert is_listening(port)
        runner.kill()
    deadline = time.monotonic() + 60
    while is_listening(port):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_listening(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0
