"""Processes that are copies of one: new each time, and seen as any other process is."""

import os
import signal
from pathlib import Path

import pytest

from tests.forks import OF_A_TEST, forked
from tests.office import Office

ACTS = "tests.forked_acts"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An installation without tables: nothing here asks for any."""
    return Office(tmp_path)


def test_each_call_is_a_process_that_knows_nothing_of_the_one_before(office: Office) -> None:
    first, second = (office.call(f"{ACTS}:count") for _ in range(2))
    assert (first["count"], second["count"]) == (1, 1)
    assert len({first["pid"], second["pid"], os.getpid()}) == 3
    assert first["chance"] != second["chance"]


def test_a_clerk_is_one_process_for_many_calls(office: Office) -> None:
    with office.clerk() as clerk:
        assert [clerk.call(f"{ACTS}:count")["count"] for _ in range(3)] == [1, 2, 3]


def test_a_process_has_the_environment_of_the_moment_it_is_started_in(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert office.call(f"{ACTS}:zone") == "Asia/Makassar"
    monkeypatch.setenv("TIME_ZONE", "America/New_York")
    assert office.call(f"{ACTS}:zone") == "America/New_York"


def test_a_failure_in_a_process_is_told(office: Office) -> None:
    with pytest.raises(RuntimeError, match="ended with 1"):
        office.call(f"{ACTS}:fail")
    with office.clerk() as clerk, pytest.raises(RuntimeError, match="ended with 1"):
        clerk.call(f"{ACTS}:fail")


def test_a_process_that_is_killed_is_gone_and_others_go_on(office: Office) -> None:
    one, other = (office.begin(f"{ACTS}:wait") for _ in range(2))
    one.wait_until_ready()
    other.wait_until_ready()
    assert one.process.poll() is None
    one.process.kill()
    assert one.process.wait() == -signal.SIGKILL
    assert one.process.poll() == -signal.SIGKILL
    assert other.process.poll() is None
    other.go("on")
    assert other.answer() == "on"
    assert other.process.returncode == 0


def test_a_process_that_can_not_be_set_up_is_told() -> None:
    wrong = {name: value for name, value in os.environ.items() if name != OF_A_TEST}
    with pytest.raises(RuntimeError, match="could not be set up"):
        forked(wrong | {"DJANGO_SETTINGS_MODULE": "there.is.none"})
