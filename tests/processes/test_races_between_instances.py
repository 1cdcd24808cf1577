"""Two instances that touch each other at one moment: what waits is completed once or not at all."""

from collections import Counter
from pathlib import Path

import pytest

from tests.office import Clerk
from tests.processes.small_sops import sop
from tests.workflows.elements.making import HEARS
from tests.workflows.sop_files import write_folder

pytestmark = [pytest.mark.xdist_group("races"), pytest.mark.timeout(300)]

TIMES = 12
HEADS_LANE = ('name="Operator"', 'name="Kadis"')
TEXT = 'subject = "text"'
WAITER = sop(
    {"minta": "U", "tunggu": "C", "susun": "U"},
    ["mulai>minta", "minta>tunggu", "tunggu>susun", "susun>selesai"],
    {"minta": "number = 1", "tunggu": "", "susun": "number = 2"},
    head=TEXT,
    inside={"tunggu": HEARS},
)
PARENT = sop(
    {"minta": "U", "panggil": "A", "susun": "U"},
    ["mulai>minta", "minta>panggil", "panggil>susun", "susun>selesai"],
    {"minta": "number = 1", "panggil": "", "susun": "number = 2"},
    head=TEXT,
    attributes={"panggil": 'calledElement="anak"'},
)
TWO = sop(
    {"minta": "U", "susun": "U"},
    ["mulai>minta", "minta>susun", "susun>selesai"],
    {"minta": "number = 1", "susun": "number = 2"},
    head=TEXT,
)
CHILD = sop({"kerja": "U"}, ["mulai>kerja", "kerja>selesai"], {"kerja": "number = 1"}, head=TEXT)

SOPS = {"penunggu": WAITER, "induk": PARENT, "anak": CHILD, "dua": TWO}


@pytest.fixture
def root(tmp_path: Path) -> str:
    """The folder with the SOPs, whose one lane is the head's."""
    for key, files in SOPS.items():
        before, after = (text.encode() for text in HEADS_LANE)
        heads = {path: content.replace(before, after) for path, content in files.items()}
        write_folder(tmp_path, heads, key)
    return str(tmp_path)


def test_two_messages_at_once_complete_one_waiting_task_once(clerk: Clerk, root: str) -> None:
    found = clerk.call("tests.processes.races:two_messages", root=root, times=TIMES)
    wanted = {"errors": [], "status": "running", "completed": 1, "receipts": 1, "pending": 1}
    assert found == [wanted] * TIMES


def test_the_end_of_a_called_sop_and_a_cancellation_at_once_leave_one_truth(
    clerk: Clerk, root: str
) -> None:
    found = clerk.call("tests.processes.races:end_and_cancel", root=root, times=TIMES)
    assert [(one["errors"], one["faults"]) for one in found] == [([], 0)] * TIMES
    told = Counter((one["parent"], one["task"], one["child"]) for one in found)
    # The cancellation waits for the end or the end for it: the child has ended either way.
    assert set(told) <= {
        ("cancelled", "completed", "finished"), ("cancelled", "cancelled", "finished"),
    }, told  # fmt: skip


def test_a_completion_and_a_handing_over_at_once_leave_the_task_with_one_of_them(
    clerk: Clerk, root: str
) -> None:
    races = "tests.processes.handing_races:complete_and_hand_over"
    found = clerk.call(races, root=root, times=TIMES)
    assert [(one["errors"], one["faults"]) for one in found] == [([], 0)] * TIMES
    for one in found:
        done = {
            "completed": ([True, 0], ["task_completed"]),
            "ready": ([False, 1], ["task_reassigned"]),
        }
        assert (list(one["told"]), one["events"]) == done[one["status"]]


def test_a_completion_and_a_file_that_goes_back_at_once_leave_one_truth(
    clerk: Clerk, root: str
) -> None:
    found = clerk.call("tests.processes.races:complete_and_rewind", root=root, times=TIMES)
    assert [(one["errors"], one["faults"]) for one in found] == [([], 0)] * TIMES
    for one in found:
        done = {
            "finished": ("completed", False, []),
            "running": ("cancelled", True, [["minta", 2]]),
        }
        assert (one["second"], one["undone"], one["again"]) == done[one["file"]]
