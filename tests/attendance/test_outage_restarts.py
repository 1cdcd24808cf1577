"""The days of an outage survive processes that end, and a server that lives in another zone."""

from pathlib import Path

import pytest

from tests import tables
from tests.office import Office

pytestmark = pytest.mark.long

ACTS = "tests.attendance.outage_acts"


class FarAway(Office):
    """An office whose server lives half a day away, with the SOPs of the product."""

    def environment(self, **more: str) -> dict[str, str]:
        return super().environment(
            DJANGO_SETTINGS_MODULE="tests.forty.settings", TIME_ZONE="America/New_York", **more
        )


def test_a_recap_is_asked_for_and_reminded_of_by_the_offices_clock(tmp_path: Path) -> None:
    tables.lay(tmp_path)
    office = FarAway(tmp_path)
    office.call(f"{ACTS}:report_and_diagnose")
    early = office.call(f"{ACTS}:work_at", moment="2026-04-13T15:59:00+08:00")
    assert early["zone"] == "America/New_York"
    assert early["people"] == ["perbaiki_mesin"]
    # Nobody was there in the evening: what was due then happens in the morning, and no more.
    morning = office.call(f"{ACTS}:work_at", moment="2026-04-14T09:59:00+08:00")
    assert morning["people"] == ["kirim_rekap", "perbaiki_mesin"]
    assert morning["told"] == early["told"]
    late = office.call(f"{ACTS}:work_at", moment="2026-04-14T10:00:00+08:00")
    assert late["people"] == morning["people"]
    (reminder,) = set(late["told"]) - set(morning["told"])
    assert "Rekap manual 13 April 2026 belum dikirim" in reminder
    assert office.call(f"{ACTS}:work_at", moment="2026-04-14T10:01:00+08:00") == late
