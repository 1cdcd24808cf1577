"""Numbers stay without gaps and without doubles when several workers issue letters at once."""

import pytest

from tests.office import Clerk

pytestmark = [pytest.mark.xdist_group("races"), pytest.mark.timeout(600)]

WORKERS, LETTERS = 4, 50


def test_two_hundred_letters_of_four_workers_have_two_hundred_numbers(
    clerks: list[Clerk], clerk: Clerk
) -> None:
    clerk.call("tests.documents.numbers:found")
    for number, worker in enumerate(clerks):
        worker.begin("tests.documents.numbers:issue", name=f"w{number}", count=LETTERS)
    taken = [worker.answer() for worker in clerks]
    standing = clerk.call("tests.documents.numbers:standing")
    serials = sorted(int(number.split("/")[1]) for numbers in taken for number in numbers)
    assert serials == list(range(1, WORKERS * LETTERS + 1))
    assert standing["last"] == WORKERS * LETTERS
    # Each file says the number of its row, and no loser left a file behind.
    assert standing["printed"] == standing["numbers"]
    assert standing["files"] == WORKERS * LETTERS
