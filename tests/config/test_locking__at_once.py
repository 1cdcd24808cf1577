"""Guesses at once lock once, and an address that is none is no way around (F49)."""

import pytest

from tests.office import Clerk

pytestmark = [
    pytest.mark.fault("F49"),
    pytest.mark.xdist_group("races"),
    pytest.mark.timeout(300),
]


def test_twelve_guesses_at_once_are_one_lock_and_one_event(clerk: Clerk) -> None:
    found = clerk.call("tests.config.lock_races:guesses_at_once", times=4)
    assert found == [{"errors": [], "odd": [], "locked": True, "events": 1, "faults": 0}] * 4


@pytest.mark.parametrize(
    "address", ["", "unknown", "fe80::1%eth0", "10.0.0.1:443", "::ffff:10.0.0.1"]
)
def test_whoever_comes_from_an_odd_address_is_counted_and_locked(
    clerk: Clerk, address: str
) -> None:
    found = clerk.call("tests.config.lock_races:guesses_from", addresses=[address])
    assert found == {address: [{"200": 4, "429": 2}, 1]}
