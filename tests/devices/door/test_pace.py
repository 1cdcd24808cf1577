"""A machine that calls too often is told to wait; what others do is no matter of it."""

import asyncio
from collections import Counter

import pytest

from devices.door import pace
from devices.door.app import MachineDoor
from devices.door.pace import Pace
from devices.models import Device
from tests.cast import Cast
from tests.devices.door.test_polls import Desk, asked, nothing
from tests.devices.make import make_device


def served(door: Pace, serial: str, calls: int, now: float, **values: object) -> int:
    told = {"address": "10.0.0.1", "known": True} | values
    return sum(door.allows(serial, now=now, **told) for _ in range(calls))  # type: ignore[arg-type]


@pytest.mark.fault("F39")
def test_of_five_hundred_calls_a_second_one_machine_is_served_its_share() -> None:
    door = Pace()
    assert served(door, "A", 1000, 0.0) == pace.AT_ONCE
    assert served(door, "A", 500, 1.0) == pace.PER_SECOND
    assert served(door, "A", 500, 2.0) == pace.PER_SECOND
    assert served(door, "B", 20, 2.0) == 20


def test_a_machine_that_waited_is_served_as_before() -> None:
    door = Pace()
    served(door, "A", 1000, 0.0)
    assert served(door, "A", 1000, 3600.0) == pace.AT_ONCE


@pytest.mark.fault("F39")
def test_serials_that_nobody_knows_share_what_their_address_has() -> None:
    door = Pace()
    told = sum(served(door, f"X{number}", 1, 0.0, known=False) for number in range(1000))
    assert told == pace.STRANGERS_AT_ONCE
    assert served(door, "Y", 1, 0.0, known=False, address="10.0.0.2") == 1
    assert served(door, "A", 20, 0.0) == 20  # registered, at the same address


def test_a_clock_that_stands_still_or_falls_back_takes_nothing_away() -> None:
    door = Pace()
    assert served(door, "A", 10, 5.0) == 10
    assert served(door, "A", 10, 1.0) == 10


def test_invented_addresses_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "MOST_BUCKETS", 100)
    door = Pace()
    for number in range(1000):
        served(door, "X", 1, 0.0, known=False, address=str(number))
    assert len(door._buckets) == 100


@pytest.mark.fault("F39")
def test_who_floods_the_door_is_told_429_and_nothing_is_asked_for_him(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for serial in ("FLOOD1", "QUIET1"):
        make_device(cast.agency, serial, protocol="push", state=Device.State.ACTIVE)
    monkeypatch.setattr(pace, "PER_SECOND", 0.0)  # however slow this machine is
    desk, door = Desk(), MachineDoor(nothing)
    door.book.read()
    monkeypatch.setattr(door, "_in_hands", desk)

    async def calls() -> list[Counter[int]]:
        flood = Counter([(await asked(door, "FLOOD1"))[0] for _ in range(500)])
        quiet = Counter([(await asked(door, "QUIET1"))[0] for _ in range(20)])
        if door._flushing:
            door._flushing.cancel()
        return [flood, quiet]

    assert asyncio.run(calls()) == [{200: pace.AT_ONCE, 429: 500 - pace.AT_ONCE}, {200: 20}]
    assert desk.asked == {}
