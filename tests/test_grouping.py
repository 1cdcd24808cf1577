"""Tests of one group stay on one worker, and the long groups begin first."""

from tests.grouping import FIRST, ROOT, WAITING, group_of, in_order, next_of


def test_the_group_of_a_file_is_the_one_that_its_mark_names() -> None:
    assert group_of("tests/faults/test_races.py") == group_of("tests/documents/test_numbering.py")
    assert group_of("tests/access/test_access_matrix.py") == "access-matrix"


def test_a_file_without_mark_is_in_no_group() -> None:
    assert group_of("tests/test_servers.py") == ""
    assert group_of("tests/there_is_none.py") == ""


def test_the_long_groups_come_first_and_the_others_stay_in_their_order() -> None:
    assert in_order(["many", "races", "a::few", "walks"]) == ["walks", "races", "many", "a::few"]


def test_what_comes_first_are_groups_that_there_are() -> None:
    files = [str(path.relative_to(ROOT)) for path in ROOT.glob("tests/**/test_*.py")]
    assert set(FIRST) | WAITING <= {group_of(file) for file in files}


def test_one_worker_waits_while_the_other_computes() -> None:
    queue = ["checks", "walks", "access-odd", "kills", "a", "b"]
    assert next_of(queue, []) == "walks"
    assert next_of(queue, ["a", "walks"]) == "checks"
    assert next_of(["kills", "a"], ["checks"]) == "kills"
    assert next_of(["kills", "a"], ["walks"]) == "a"
    assert next_of(["kills", "races"], ["walks"]) == "kills"
    assert next_of(["a", "b"], []) == "a"
