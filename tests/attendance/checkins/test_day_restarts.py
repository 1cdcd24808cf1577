"""The moments of a day survive processes that end, and a server that lives in another zone."""

import os
from collections.abc import Iterator
from unittest.mock import patch

import pytest

from tests.office import Office

pytestmark = pytest.mark.long

ACTS = "tests.attendance.checkins.day_acts"


@pytest.fixture
def far_away() -> Iterator[None]:
    """Start every process of the office in a zone half a day away."""
    with patch.dict(os.environ, {"TIME_ZONE": "America/New_York"}):
        yield


@pytest.mark.usefixtures("far_away")
def test_timers_fire_by_the_offices_clock_in_a_process_that_never_saw_them_begin(
    office: Office,
) -> None:
    office.call(f"{ACTS}:choose_day")
    early = office.call(f"{ACTS}:work_at", moment="2026-04-20T06:59:00+08:00")
    assert early["zone"] == "America/New_York"
    assert early["subjects"] == []
    begun = office.call(f"{ACTS}:work_at", moment="2026-04-20T07:00:00+08:00")
    assert begun["subjects"] == ["2026-04-20"]
    assert begun["people"] == ["pastikan_data_pegawai", "verifikasi_sistem"]
    assert set(begun["timers"]) == {"2026-04-19T23:30:00+00:00"}
    morning = office.call(f"{ACTS}:work_at", moment="2026-04-20T07:30:00+08:00")
    assert morning["people"] == ["pantau_kehadiran", "presensi_masuk"]
    assert morning["timers"] == ["2026-04-20T03:45:00+00:00", "2026-04-20T08:00:00+00:00"]
    # Everything was away from the morning on: what was due meanwhile happens in its order.
    evening = office.call(f"{ACTS}:work_at", moment="2026-04-20T16:20:00+08:00")
    assert evening["people"] == ["verifikasi_laporan"]
    assert evening["timers"] == []
    again = office.call(f"{ACTS}:work_at", moment="2026-04-20T16:21:00+08:00")
    assert again == evening
