"""A timer fires at the very moment of the decision: each is done or cancelled, never both."""

from collections import Counter
from uuid import uuid4

import pytest

from tests.faults.staging import HEADS
from tests.faults.test_races import LOST, TASKS, one_winner_each, race
from tests.office import Clerk

pytestmark = [pytest.mark.xdist_group("races"), pytest.mark.long, pytest.mark.timeout(600)]


def timed(clerk: Clerk) -> list[int]:
    tasks: list[int] = clerk.call(
        "tests.faults.timers:start_timed",
        count=TASKS,
        claimed_by=HEADS[0],
        label=f"waktu {uuid4().hex[:6]}",
    )
    return tasks


def agreed(clerk: Clerk, tasks: list[int]) -> dict[str, int]:
    """The rows, events and jobs tell one story, and the processes still come to their end."""
    assert clerk.call("tests.faults.timers:disagreements", tasks=tasks) == []
    counted: dict[str, int] = clerk.call("tests.faults.timers:summary", tasks=tasks)
    some = tasks[:10]
    assert clerk.call("tests.faults.timers:finish", tasks=some) == {"finished": len(some)}
    return counted


def test_an_interrupting_timer_against_the_decision_has_one_winner(clerks: list[Clerk]) -> None:
    tasks = timed(clerks[0])
    results = race(clerks, tasks, [("approve", HEADS[0]), ("lewat", HEADS[0])] * 2)
    one_winner_each(results)
    decided = sum(answers.count("won") for answers in results[::2])
    assert 0 < decided < TASKS
    counted = agreed(clerks[0], tasks)
    assert counted == {"memutuskan": decided, "lewat": TASKS - decided, "sehari": 0}


def test_a_timer_beside_the_decision_fires_before_it_or_not_at_all(clerks: list[Clerk]) -> None:
    tasks = timed(clerks[0])
    racers = [("approve", HEADS[0]), ("sehari", HEADS[0]), ("sehari", HEADS[0])]
    decisions, *fired = race(clerks, tasks, racers)
    assert Counter(decisions) == {"won": TASKS}
    told = [Counter(answers) for answers in zip(*fired, strict=True)]
    assert {frozenset(one.items()) for one in told} <= {
        frozenset(Counter({"won": 1, LOST: 1}).items()),
        frozenset(Counter({LOST: 2}).items()),
    }
    reminded = sum(one["won"] for one in told)
    assert reminded > 0
    assert agreed(clerks[0], tasks) == {"memutuskan": TASKS, "lewat": 0, "sehari": reminded}


def test_both_timers_and_the_decision_at_once_leave_one_story(clerks: list[Clerk]) -> None:
    tasks = timed(clerks[0])
    racers = [("approve", HEADS[0]), ("lewat", HEADS[0]), ("sehari", HEADS[0])]
    decisions, ended, reminded = race(clerks, tasks, racers)
    for told in zip(decisions, ended, strict=True):
        assert sorted(told) == [LOST, "won"]
    counted = agreed(clerks[0], tasks)
    assert counted == {
        "memutuskan": decisions.count("won"),
        "lewat": ended.count("won"),
        "sehari": reminded.count("won"),
    }
    assert set(reminded) <= {"won", LOST}
