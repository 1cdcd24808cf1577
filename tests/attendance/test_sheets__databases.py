"""Sheets on both databases: the set-based way is the rules' way, and a killed worker harms none."""

import pytest

from tests.office import Clerk, Office

pytestmark = [pytest.mark.xdist_group("attendance-sheets"), pytest.mark.timeout(600)]
ACTS = "tests.attendance.sheet_acts"


@pytest.mark.parametrize(
    ("zone", "month", "server_zone"),
    [
        ("Asia/Makassar", "2026-04", "UTC"),
        ("Asia/Makassar", "2026-05", "Asia/Jakarta"),
        ("Asia/Makassar", "2026-06", "America/New_York"),
        ("America/New_York", "2026-03", "UTC"),  # an hour is left out on the 8th
        ("America/New_York", "2026-11", "Asia/Jakarta"),  # an hour comes twice on the 1st
    ],
)
def test_days_found_by_sets_are_days_judged_tap_by_tap(
    clerk: Clerk, zone: str, month: str, server_zone: str
) -> None:
    for seed in range(2):
        told = {"seed": seed, "zone": zone, "month": month, "server_zone": server_zone}
        assert clerk.call(f"{ACTS}:differences", **told) == []


def test_a_rebuild_that_is_killed_is_finished_by_the_next_worker(
    clerk: Clerk, office: Office
) -> None:
    agency = clerk.call(f"{ACTS}:crowd", people=40)
    worker = office.begin(f"{ACTS}:drain_slowly")
    worker.wait_until_ready()
    worker.go("mulai")
    while clerk.call(f"{ACTS}:kept", agency=agency) < 3:
        assert worker.process.poll() is None
    worker.process.kill()
    worker.process.communicate()
    assert clerk.call(f"{ACTS}:kept", agency=agency) < 40

    clerk.call(f"{ACTS}:drain_after_the_lease")

    assert clerk.call(f"{ACTS}:kept", agency=agency) == 40
    assert clerk.call(f"{ACTS}:are_right", agency=agency)
