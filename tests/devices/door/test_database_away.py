"""The database does not answer: a machine is told to come again, and no log quotes the error."""

import asyncio

import psycopg
import pytest
from django.db import InterfaceError, OperationalError

from devices.door.app import MachineDoor
from tests.devices.door.test_polls import asked, nothing

WORDS = "terminating connection of ratna"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError(WORDS), 503),
        (InterfaceError(WORDS), 503),
        (psycopg.OperationalError(WORDS), 503),
        (psycopg.InterfaceError(WORDS), 503),
        (ValueError(WORDS), 500),
    ],
    ids=lambda value: type(value).__module__ + "." + type(value).__name__,
)
def test_a_machine_is_told_503_while_the_database_is_away_and_500_for_a_fault_of_ours(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    status: int,
) -> None:
    async def away(*arguments: object) -> None:
        raise error

    door = MachineDoor(nothing)
    monkeypatch.setattr(door, "_look_up", away)
    assert asyncio.run(asked(door, "BOCK1")) == (status, b"")
    assert WORDS not in caplog.text
