"""The disk is full: what was acknowledged is there, nothing is there by half."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.office import Office

pytestmark = [pytest.mark.xdist_group("kills"), pytest.mark.timeout(600)]


@pytest.fixture
def office(model_office: Callable[[str], Office], tmp_path: Path) -> Office:
    shutil.copytree(model_office("sqlite").folder, tmp_path, dirs_exist_ok=True)
    return Office(tmp_path)


@pytest.mark.fault("F8")
def test_on_a_full_disk_nothing_is_stored_by_half(office: Office) -> None:
    told = office.call("tests.faults.disk:fill", times=60)
    assert told["refused"], "the disk was never full"
    with office.clerk() as clerk:  # there is room again
        there = set(clerk.call("tests.faults.disk:subjects"))
        assert set(told["ok"]) <= there
        assert not there & set(told["refused"])
        assert clerk.call("tests.faults.staging:disagreements", tasks=[], verb="task_opened") == []
        assert clerk.call("tests.faults.staging:start_decisions", count=1, label="sesudahnya")


@pytest.mark.fault("F8")
def test_a_document_for_which_there_is_no_room_leaves_no_file(office: Office) -> None:
    assert office.call("tests.faults.disk:write_too_much") == []
