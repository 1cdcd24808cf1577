"""Tests of one group stay on one worker."""

from tests.grouping import group_of


def test_the_group_of_a_file_is_the_one_that_its_mark_names() -> None:
    assert group_of("tests/faults/test_races.py") == group_of("tests/bench/test_bench.py")
    assert group_of("tests/access/test_access_matrix.py") == "access-matrix"


def test_a_file_without_mark_is_in_no_group() -> None:
    assert group_of("tests/test_servers.py") == ""
    assert group_of("tests/there_is_none.py") == ""
