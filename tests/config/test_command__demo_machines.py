"""The demo's machines are company for the site; it must not stop because one of them is slow."""

from io import StringIO

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
