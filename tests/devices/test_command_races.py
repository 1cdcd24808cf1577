"""Overlapping calls of one machine, by real processes on both databases."""

from typing import Any

import pytest

from tests.office import Clerk, Office

pytestmark = [pytest.mark.xdist_group("races"), pytest.mark.timeout(600)]
RACERS = "tests.devices.command_racers"
COUNT = 200


def race(office: Office, function: str, **arguments: object) -> list[Any]:
    children = [office.begin(f"{RACERS}:{function}", **arguments) for _ in range(3)]
    for child in children:
        child.wait_until_ready()
    for child in children:
        child.go("")
    return [child.answer() for child in children]


def test_no_command_is_handed_to_two_calls(office: Office, clerk: Clerk) -> None:
    clerk.call(f"{RACERS}:prepare", count=COUNT)
    got = [number for ids in race(office, "call_until_empty") for number in ids]
    assert len(got) == COUNT
    assert len(set(got)) == COUNT
    assert clerk.call(f"{RACERS}:states") == {"confirmed": COUNT}


def test_the_same_ordered_by_three_at_once_is_one_command(office: Office, clerk: Clerk) -> None:
    clerk.call(f"{RACERS}:prepare", count=0)
    assert race(office, "order_beside_others") == [1, 1, 1]


def test_what_a_killed_server_had_taken_is_handed_out_again(office: Office, clerk: Clerk) -> None:
    clerk.call(f"{RACERS}:prepare", count=3)
    office.begin(f"{RACERS}:take_and_die").process.communicate()
    assert clerk.call(f"{RACERS}:states") == {"sent": 3}
    assert len(clerk.call(f"{RACERS}:take_after_lease")) == 3
