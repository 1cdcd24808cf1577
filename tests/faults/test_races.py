"""Four processes after the same hundred tasks: one winner each, and every loser is told so."""

import time
from collections import Counter
from uuid import uuid4

import pytest

from tests.faults.staging import HEADS
from tests.office import Office

pytestmark = [pytest.mark.xdist_group("races"), pytest.mark.timeout(180)]

TASKS = 100
LOST = "409 AlreadyDone"


def race(office: Office, tasks: list[int], racers: list[tuple[str, str]]) -> list[list[str]]:
    """Let each racer (act, username) run over the tasks in a process of its own, all at once."""
    children = [
        office.begin(
            "tests.faults.race:run", act=act, username=username, key=f"p{number}", tasks=tasks
        )
        for number, (act, username) in enumerate(racers)
    ]
    for child in children:
        child.wait_until_ready()
    begin = time.time() + 0.2
    for child in children:
        child.go(str(begin))
    return [child.answer() for child in children]


def decisions(office: Office, **more: str) -> list[int]:
    label = f"usulan {uuid4().hex[:6]}"
    tasks: list[int] = office.call(
        "tests.faults.staging:start_decisions", count=TASKS, label=label, **more
    )
    return tasks


def one_winner_each(results: list[list[str]]) -> None:
    """Every task was won once, and the other three were told 409: no other answer, no error."""
    told = [Counter(answers) for answers in zip(*results, strict=True)]
    assert len(told) == TASKS
    assert told == [Counter({"won": 1, LOST: len(results) - 1})] * TASKS


def several_won(results: list[list[str]]) -> None:
    """The race was one: no racer was first at everything."""
    assert max(answers.count("won") for answers in results) < TASKS


def test_four_people_claim_the_same_tasks_and_each_task_has_one_owner(office: Office) -> None:
    tasks = decisions(office)
    results = race(office, tasks, [("claim", username) for username in HEADS])
    one_winner_each(results)
    several_won(results)
    assert office.call("tests.faults.staging:disagreements", tasks=tasks, verb="task_claimed") == []


def test_four_windows_of_one_person_complete_the_same_tasks_once(office: Office) -> None:
    tasks = decisions(office, claimed_by=HEADS[0])
    results = race(office, tasks, [("approve", HEADS[0])] * 4)
    one_winner_each(results)
    several_won(results)
    assert (
        office.call("tests.faults.staging:disagreements", tasks=tasks, verb="task_completed") == []
    )


def test_approving_against_returning_leaves_one_decision_and_one_way_on(office: Office) -> None:
    tasks = decisions(office, claimed_by=HEADS[0])
    results = race(office, tasks, [("approve", HEADS[0]), ("return", HEADS[0])] * 2)
    one_winner_each(results)
    several_won(results)
    assert (
        office.call("tests.faults.staging:disagreements", tasks=tasks, verb="task_completed") == []
    )
    approvals = sum(answers.count("won") for answers in results[::2])
    outcomes = office.call("tests.faults.staging:summary", tasks=tasks)["outcomes"]
    assert outcomes == {"approve": approvals, "return": TASKS - approvals}


def test_ten_clicks_with_one_key_are_one_completion_and_nine_repetitions(office: Office) -> None:
    tasks = decisions(office, claimed_by=HEADS[0])[:10]
    told = office.call("tests.faults.race:double_click", tasks=tasks, username=HEADS[0], times=10)
    assert [Counter(answers) for answers in told] == [Counter(won=1, repeated=9)] * len(tasks)
    assert (
        office.call("tests.faults.staging:disagreements", tasks=tasks, verb="task_completed") == []
    )
