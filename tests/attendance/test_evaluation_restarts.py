"""An evaluation and its follow-ups survive processes that end, on a server in another zone."""

import os
from collections.abc import Iterator
from unittest.mock import patch

import pytest

from tests.office import Office

pytestmark = pytest.mark.long

ACTS = "tests.attendance.evaluation_acts"
FOLLOW, CHECK = "tindak_lanjuti_temuan", "periksa_tindak_lanjut"


@pytest.fixture
def far_away() -> Iterator[None]:
    """Start every process of the office in a zone half a day away."""
    with patch.dict(os.environ, {"TIME_ZONE": "America/New_York"}):
        yield


@pytest.mark.usefixtures("far_away")
def test_agencies_are_asked_reminded_and_checked_by_processes_that_did_not_begin_it(
    office: Office,
) -> None:
    agreed = office.call(f"{ACTS}:agree")
    assert agreed["zone"] == "America/New_York"
    assert agreed["people"] == ["setujui_berita_acara"]
    sent = office.call(f"{ACTS}:send_agreement")
    assert (sent["people"], sent["messages"]) == ([], 0)  # and here the server is gone
    asked = office.call(f"{ACTS}:work_at", moment="2026-08-03T15:01:00+08:00")
    assert (asked["follow_ups"], asked["people"]) == (2, [FOLLOW, FOLLOW])
    assert set(asked["timers"]) == {"2026-08-17T16:00:00+00:00"}  # midnight in Kupang
    assert len(asked["timers"]) == 3  # of each agency, and of the office that waits
    early = office.call(f"{ACTS}:work_at", moment="2026-08-17T23:59:00+08:00")
    assert (early["reminded"], early["people"]) == (0, [FOLLOW, FOLLOW])
    late = office.call(f"{ACTS}:work_at", moment="2026-08-18T00:00:00+08:00")
    assert late["people"] == [CHECK, FOLLOW, FOLLOW]
    assert late["timers"] == []
    assert late["reminded"] > 0
    again = office.call(f"{ACTS}:work_at", moment="2026-08-18T00:10:00+08:00")
    assert again == late
