"""What a click costs in queries and commits: the part of its time that no machine can change."""

import pytest

from bench.statements import Statements, count_statements
from tests.office import Office

pytestmark = pytest.mark.xdist_group("races")

CLAIM, COMPLETE = 4, 8
Counts = dict[str, dict[str, Statements]]


@pytest.fixture(scope="module")
def counts(office: Office) -> Counts:
    answer = office.call("tests.processes.counting:count")
    return {
        step: {act: Statements(**numbers) for act, numbers in acts.items()}
        for step, acts in answer.items()
    }


@pytest.mark.parametrize("step", ["plain", "gateway", "automatic"])
def test_claiming_takes_at_most_four_queries_and_one_commit(counts: Counts, step: str) -> None:
    claim = counts[step]["claim"]
    assert 0 < claim.queries <= CLAIM
    assert (claim.commits, claim.savepoints, claim.outside) == (1, 0, 0)


@pytest.mark.parametrize("step", ["plain", "gateway", "automatic"])
def test_completing_takes_at_most_eight_queries_and_one_commit(counts: Counts, step: str) -> None:
    complete = counts[step]["complete"]
    assert 0 < complete.queries <= COMPLETE
    assert (complete.commits, complete.savepoints, complete.outside) == (1, 0, 0)


def test_begin_and_commit_are_not_counted_but_savepoints_are() -> None:
    texts = ["BEGIN IMMEDIATE", "SELECT 1", 'SAVEPOINT "s1"', 'ROLLBACK TO SAVEPOINT "s1"']
    texts += ["(SELECT 2) UNION (SELECT 3)", "COMMIT", "SELECT 4"]
    counted = count_statements({"sql": text} for text in texts)
    assert counted == Statements(queries=4, commits=1, savepoints=1, outside=1)
