"""Between processes: the same trouble met by several at once is one alarm."""

import pytest

from tests.office import Office

pytestmark = [pytest.mark.xdist_group("alarm-processes"), pytest.mark.timeout(600)]
ACTS = "tests.devices.alarm_acts"


def test_processes_that_meet_the_same_trouble_at_once_raise_one_alarm(office: Office) -> None:
    children = [office.begin(f"{ACTS}:meet_trouble", times=10) for _ in range(3)]
    for child in children:
        child.wait_until_ready()
    for child in children:
        child.go("")
    assert len({child.answer() for child in children}) == 1
    (times,) = office.call(f"{ACTS}:counted")
    # Of those who were first in the same moment one is the alarm and the others are not counted.
    assert 28 <= times <= 30
