"""What befell a visit, in the words of the standard life cycle."""

from datetime import timedelta
from typing import Any

import pytest

from processes.eventlog.happenings import Transition, happenings
from processes.models import Task
from processes.spells import Ending
from tests.cast import NOW

SARI, YOHANES = 3, 4
STANDARD = {  # the state that a transition of IEEE 1849 leads from, and the one it leads to
    "schedule": ("", "ready"),
    "start": ("ready", "running"),
    "suspend": ("running", "suspended"),
    "resume": ("suspended", "running"),
    "complete": ("running", "over"),
    "withdraw": ("ready", "over"),
}
ABORTS = ("ate_abort", "pi_abort")


def at(minutes: int) -> str:
    return (NOW + timedelta(minutes=minutes)).isoformat()


def moment(minutes: int | None) -> Any:
    return None if minutes is None else NOW + timedelta(minutes=minutes)


def task(*, claimed: int | None = None, submitted: int | None = None, **values: Any) -> Task:
    """Return a visit offered at minute 0."""
    status = Task.Status.READY if claimed is None else Task.Status.CLAIMED
    status = status if submitted is None else Task.Status.COMPLETED
    defaults = {"kind": "user", "status": status, "owner_id": None if claimed is None else SARI}
    return Task(
        offered_at=NOW,
        claimed_at=moment(claimed),
        submitted_at=moment(submitted),
        **(defaults | values),
    )


def told(of: Task, *, is_case_cancelled: bool = False) -> list[tuple[str, int, int | None]]:
    """Return (transition, minute, who), after a look whether the standard knows such a life."""
    found = happenings(of, is_case_cancelled=is_case_cancelled)
    state = ""
    for happening in found:
        if happening.transition in ABORTS:
            assert state in ("running", "suspended")
            state = "over"
            continue
        before, after = STANDARD[happening.transition]
        assert state == before, found
        state = after
    return [(str(h.transition), (h.at - NOW).seconds // 60, h.who) for h in found]


def earlier(since: int, until: int, by: int, why: Ending) -> dict[str, Any]:
    return {"from": at(since), "until": at(until), "by": by, "why": str(why)}


def pause(since: int, until: int | None, by: int = SARI) -> dict[str, Any]:
    ended = {} if until is None else {"until": at(until)}
    return {"from": at(since), "by": by, "reason": "menunggu berkas"} | ended


def test_a_visit_is_offered_begun_and_sent() -> None:
    assert told(task(claimed=5, submitted=9)) == [
        ("schedule", 0, None),
        ("start", 5, SARI),
        ("complete", 9, SARI),
    ]


def test_what_is_not_over_has_no_end() -> None:
    assert told(task()) == [("schedule", 0, None)]
    assert told(task(claimed=5)) == [("schedule", 0, None), ("start", 5, SARI)]


def test_a_pause_is_a_rest() -> None:
    paused = task(claimed=5, submitted=30, pauses=[pause(10, 20), pause(22, 25)])
    assert told(paused)[2:] == [
        ("suspend", 10, SARI),
        ("resume", 20, SARI),
        ("suspend", 22, SARI),
        ("resume", 25, SARI),
        ("complete", 30, SARI),
    ]


def test_what_is_sent_out_of_a_pause_goes_on_first() -> None:
    paused = task(claimed=5, submitted=30, pauses=[pause(10, 30)])
    assert told(paused)[2:] == [("suspend", 10, SARI), ("resume", 30, SARI), ("complete", 30, SARI)]


def test_a_pause_that_lasts_has_no_end() -> None:
    assert told(task(claimed=5, pauses=[pause(10, None)]))[2:] == [("suspend", 10, SARI)]


@pytest.mark.parametrize("why", Ending)
def test_a_claim_that_was_given_up_or_taken_rests_until_the_next(why: Ending) -> None:
    taken = task(claimed=20, submitted=30, owner_id=YOHANES, earlier=[earlier(5, 12, SARI, why)])
    assert told(taken) == [
        ("schedule", 0, None),
        ("start", 5, SARI),
        ("suspend", 12, SARI),
        ("resume", 20, YOHANES),
        ("complete", 30, YOHANES),
    ]
    (suspended,) = [h for h in happenings(taken) if h.transition == Transition.SUSPEND]
    assert suspended.why == why


def test_who_puts_back_what_rests_lets_it_rest() -> None:
    put_back = task(
        earlier=[earlier(5, 12, SARI, Ending.RELEASED)], pauses=[pause(10, 12)], owner_id=None
    )
    assert told(put_back)[1:] == [("start", 5, SARI), ("suspend", 10, SARI)]


def test_a_timer_runs_from_the_moment_it_is_set() -> None:
    assert told(task(kind="timer", submitted=60)) == [
        ("schedule", 0, None),
        ("start", 0, None),
        ("complete", 60, None),
    ]


@pytest.mark.parametrize(
    ("claimed", "with_case", "said"),
    [(None, True, "withdraw"), (None, False, "withdraw"), (5, True, "pi_abort"),
     (5, False, "ate_abort")],
)  # fmt: skip
def test_what_was_cancelled_says_whether_it_had_begun(
    claimed: int | None, with_case: bool, said: str
) -> None:
    cancelled = task(claimed=claimed, status=Task.Status.CANCELLED, effective_at=moment(40))
    assert told(cancelled, is_case_cancelled=with_case)[-1] == (said, 40, None)
