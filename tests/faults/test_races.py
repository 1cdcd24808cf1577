"""Four processes after the same hundred tasks: one winner each, and every loser is told so."""

from collections import Counter
from random import Random
from uuid import uuid4

import pytest

from tests.faults.staging import HEADS
from tests.office import Clerk

pytestmark = [pytest.mark.xdist_group("races"), pytest.mark.timeout(600)]

TASKS = 100
LOST = "409 AlreadyDone"


def race(clerks: list[Clerk], tasks: list[int], acts: list[tuple[str, str]]) -> list[list[str]]:
    """Let each process do its act (what, username) at every task; return what each was told.

    Each is ahead at one task, alone, so that each wins one where it can; at every other task nobody
    goes on before all have begun.
    """
    racers = clerks[: len(acts)]
    for number, (racer, (act, username)) in enumerate(zip(racers, acts, strict=True)):
        key = f"p{number}"
        racer.begin("tests.faults.race:run", act=act, username=username, key=key, tasks=tasks)
    wait_for(racers)
    for ahead in racers:
        for racer in sorted(racers, key=lambda racer: racer is not ahead):
            racer.go("")
            wait_for([racer])
    chance = Random(0)
    for _ in tasks[len(racers) :]:
        for racer in chance.sample(racers, len(racers)):
            racer.go("")
        wait_for(racers)
    for racer in racers:
        racer.go("home")
    results = [racer.answer() for racer in racers]
    for attempts in list(zip(*results, strict=True))[len(racers) :]:
        begun, ended = [begin for _, begin, _ in attempts], [end for _, _, end in attempts]
        assert max(begun) < min(ended), "no race: one had ended before another began"
    return [[told for told, _, _ in attempts] for attempts in results]


def wait_for(racers: list[Clerk]) -> None:
    for racer in racers:
        racer.wait_until_ready()


def decisions(clerk: Clerk, **more: str) -> list[int]:
    label = f"usulan {uuid4().hex[:6]}"
    tasks: list[int] = clerk.call(
        "tests.faults.staging:start_decisions", count=TASKS, label=label, **more
    )
    return tasks


def disagreements(clerks: list[Clerk], tasks: list[int], verb: str) -> list[str]:
    found: list[str] = clerks[0].call("tests.faults.staging:disagreements", tasks=tasks, verb=verb)
    return found


def one_winner_each(results: list[list[str]]) -> None:
    """Every task was won once, and the other three were told 409: no other answer, no error."""
    told = [Counter(answers) for answers in zip(*results, strict=True)]
    assert len(told) == TASKS
    assert told == [Counter({"won": 1, LOST: len(results) - 1})] * TASKS


@pytest.mark.fault("F1")
def test_four_people_claim_the_same_tasks_and_each_task_has_one_owner(clerks: list[Clerk]) -> None:
    tasks = decisions(clerks[0])
    results = race(clerks, tasks, [("claim", username) for username in HEADS])
    one_winner_each(results)
    assert disagreements(clerks, tasks, "task_claimed") == []


@pytest.mark.fault("F1")
def test_four_windows_of_one_person_complete_the_same_tasks_once(clerks: list[Clerk]) -> None:
    tasks = decisions(clerks[0], claimed_by=HEADS[0])
    results = race(clerks, tasks, [("approve", HEADS[0])] * 4)
    one_winner_each(results)
    assert disagreements(clerks, tasks, "task_completed") == []


@pytest.mark.fault("F4")
def test_approving_against_returning_leaves_one_decision_and_one_way_on(
    clerks: list[Clerk],
) -> None:
    tasks = decisions(clerks[0], claimed_by=HEADS[0])
    results = race(clerks, tasks, [("approve", HEADS[0]), ("return", HEADS[0])] * 2)
    one_winner_each(results)
    assert disagreements(clerks, tasks, "task_completed") == []
    approvals = sum(answers.count("won") for answers in results[::2])
    outcomes = clerks[0].call("tests.faults.staging:summary", tasks=tasks)["outcomes"]
    assert outcomes == {"approve": approvals, "return": TASKS - approvals}


@pytest.mark.fault("F2")
def test_ten_clicks_with_one_key_are_one_completion_and_nine_repetitions(
    clerks: list[Clerk],
) -> None:
    tasks = decisions(clerks[0], claimed_by=HEADS[0])[:10]
    told = clerks[0].call(
        "tests.faults.race:double_click", tasks=tasks, username=HEADS[0], times=10
    )
    assert [Counter(answers) for answers in told] == [Counter(won=1, repeated=9)] * len(tasks)
    assert disagreements(clerks, tasks, "task_completed") == []
