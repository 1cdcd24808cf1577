"""F60: an old backup is restored while the machines lived on: they tell again what is missing."""

from pathlib import Path

import pytest

from tests.config.backups.commands import empty_place, told
from tests.office import Clerk, Office

pytestmark = pytest.mark.long
ACTS = "tests.config.backups.acts"
BEFORE, AFTER = 40, 60  # punches before the snapshot, and since


def test_f60_what_machines_told_since_is_told_again_and_nothing_is_sent_twice(
    office: Office, clerk: Clerk, tmp_path: Path
) -> None:
    clerk.call(f"{ACTS}:fill")
    clerk.call(f"{ACTS}:punch", count=BEFORE)
    clerk.call(f"{ACTS}:look_for_late_punches")
    restart = clerk.call(f"{ACTS}:order_restart")
    archive, keys = tmp_path / "a.tar.gz", tmp_path / "apart" / "keys"
    told(office, "backup", str(archive), "--keys", str(keys))
    clerk.call(f"{ACTS}:punch", count=AFTER, since=BEFORE)
    with empty_place(office, tmp_path / "elsewhere") as place:
        done = told(place, "restore", str(archive), "--keys", str(keys))
        assert done["ok"]
        with place.clerk() as after:
            state = after.call(f"{ACTS}:machine_state")
            # The restart that may have happened is not sent again; every machine is asked.
            assert (state["open"], state["cancelled"], state["restored"]) == (0, 1, 1)
            assert state["asked"] == done["aftermath"]["machines"]["asked"] > 0
            # No new command has the number of one that was lost.
            assert after.call(f"{ACTS}:order_restart") > restart + 1000
            assert after.call(f"{ACTS}:picture")["punches"] == BEFORE
            # The machine tells everything again: each punch once.
            (answer,) = after.call(f"{ACTS}:punch", count=BEFORE + AFTER)
            assert (answer["accepted"], answer["duplicate"]) == (AFTER, BEFORE)
            assert after.call(f"{ACTS}:picture")["punches"] == BEFORE + AFTER
            # The days that were judged without them are judged anew, frozen recaps held against it.
            assert after.call(f"{ACTS}:look_for_late_punches") > 0
            found = after.call(f"{ACTS}:picture")
            assert (found["ledger"], found["archive"]) == ([], [])
