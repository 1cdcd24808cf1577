"""Every transaction locks in one order: the run, the agency, then the row itself."""

import time

import pytest

from tests.office import Clerk

# SQLite has one writer: nobody can hold what another waits for.
pytestmark = [
    pytest.mark.xdist_group("races"),
    pytest.mark.timeout(600),
    pytest.mark.postgresql,
    pytest.mark.parametrize("office", ["postgresql"], indirect=True),
]
HERE = "tests.faults.lock_orders"


@pytest.mark.fault("F18")
@pytest.mark.parametrize(
    ("what", "becomes"),
    [
        ("letter_of_a_run", "withdrawn"),
        ("approved_letter", "approved"),
        ("device", "suspended"),
    ],
)
def test_who_came_second_waits_for_the_first_and_both_come_to_their_end(
    clerks: list[Clerk], what: str, becomes: str
) -> None:
    first, second, watcher, _ = clerks
    row = watcher.call(f"{HERE}:prepare", what=what)
    first.begin(f"{HERE}:hold", what=what, row=row)
    first.wait_until_ready()
    second.begin(f"{HERE}:act", what=what, row=row)
    while not watcher.call(f"{HERE}:waiting"):
        time.sleep(0.01)
    first.go("on")
    assert (first.answer(), second.answer()) == ("done", "done")
    assert watcher.call(f"{HERE}:state", what=what, row=row) == becomes
