"""Two clocks at the same moment: what is due once is begun once."""

import pytest

from tests.office import Clerk

pytestmark = [pytest.mark.xdist_group("races"), pytest.mark.timeout(600)]


@pytest.mark.fault("F15")
def test_what_two_clocks_begin_at_once_is_begun_once(clerks: list[Clerk]) -> None:
    for _ in range(3):
        for clerk in clerks:
            clerk.begin("tests.faults.work:tick")
        for clerk in clerks:
            clerk.wait_until_ready()
        for clerk in clerks:
            clerk.go("now")
        for clerk in clerks:
            clerk.answer()
    told = clerks[0].call("tests.faults.work:begun_by_the_clock")
    assert told["jobs"] == told["periods"] > 0
    assert told["anchors a day"] == 1
