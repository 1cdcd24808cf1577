"""Whoever issues a letter is killed, twenty times at each point: nothing half, nothing twice."""

import pytest

from tests.documents.killing import BEFORE_COMMIT, BEFORE_RENAME
from tests.office import Clerk

pytestmark = [pytest.mark.xdist_group("kills"), pytest.mark.long, pytest.mark.timeout(300)]

TIMES = 20


@pytest.mark.fault("F9")
def test_a_letter_whose_writer_was_killed_is_issued_once_whole_and_without_a_gap(
    clerk: Clerk,
) -> None:
    clerk.call("tests.documents.killing:found")
    for point in (BEFORE_RENAME, BEFORE_COMMIT):
        seen = clerk.call("tests.documents.killing:issue_and_kill", point=point, times=TIMES)
        assert seen["rows"] == 0  # no row of a letter that was not finished
        assert seen["whole"] == TIMES
        assert seen["half"] > 0
    standing = clerk.call("tests.documents.killing:standing")
    assert standing["serials"] == list(range(1, 2 * TIMES + 1))
    assert standing["last"] == 2 * TIMES
    assert all(standing["printed"])
    assert standing["faults"] == []
    assert standing["visible_halves"] == []
    # What the killed left behind is nobody's yet, and is swept when it is old enough.
    assert standing["left_over_today"] == 0
    assert standing["parts_after_two_days"] == 0
    assert standing["files_after_a_month"] == 2 * TIMES
