"""Two people who upload at the same time get a version each."""

import pytest

from tests.office import Clerk

pytestmark = [pytest.mark.xdist_group("races"), pytest.mark.timeout(300)]

COUNT = 5


def test_uploads_at_the_same_time_get_one_number_each(clerks: list[Clerk], clerk: Clerk) -> None:
    clerk.call("tests.documents.office.racing:found")
    racers = clerks[:2]
    for number, worker in enumerate(racers):
        worker.begin("tests.documents.office.racing:upload", name=f"w{number}", count=COUNT)
    taken = [version for worker in racers for version in worker.answer()]
    assert sorted(taken) == list(range(1, 2 * COUNT + 1))
    standing = clerk.call("tests.documents.office.racing:standing")
    assert standing == {"versions": 2 * COUNT, "files": 2 * COUNT}
