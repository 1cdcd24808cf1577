"""What befell one visit to a step, in the words of the standard transactional life cycle. Pure.

schedule, start, then suspend and resume in turn, and complete; or withdraw and the two aborts. The
standard reassigns nothing that was begun: a claim that ended without a submission is a rest, and
whoever takes the task next goes on with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from processes import spells
from processes.models import Task
from processes.spells import Spell


class Transition(StrEnum):
    """The transitions of the standard that happen here."""

    SCHEDULE = "schedule"  # offered
    START = "start"  # claimed for the first time
    SUSPEND = "suspend"  # a declared pause, or a claim that ended without a submission
    RESUME = "resume"  # the pause is over, or somebody took it again
    COMPLETE = "complete"  # submitted
    WITHDRAW = "withdraw"  # cancelled before anybody began
    ATE_ABORT = "ate_abort"  # cancelled while somebody worked on it, or the system failed for good
    PI_ABORT = "pi_abort"  # the same, with its whole instance


@dataclass(frozen=True)
class Happening:
    """One moment of a visit. `who` is an account, `why` how its claim ended (`spells.Ending`)."""

    at: datetime
    transition: Transition
    who: int | None = None
    why: str = ""


def happenings(task: Task, *, is_case_cancelled: bool = False) -> list[Happening]:
    """Return all that befell a visit, in its order; what is still to come is not there."""
    found = [Happening(task.offered_at, Transition.SCHEDULE), *_worked(task)]
    begun, rests = len(found) > 1, found[-1].transition == Transition.SUSPEND
    if task.status == Task.Status.CANCELLED and task.effective_at is not None:
        abort = Transition.PI_ABORT if is_case_cancelled else Transition.ATE_ABORT
        found.append(Happening(task.effective_at, abort if begun else Transition.WITHDRAW))
    elif task.was_left and task.effective_at is not None:
        found.append(Happening(task.effective_at, Transition.ATE_ABORT))
    elif task.status == Task.Status.COMPLETED and task.submitted_at is not None:
        if not begun:
            # A timer runs from the moment it is set: nobody claims it.
            found.append(Happening(task.offered_at, Transition.START, task.owner_id))
        if rests:
            found.append(Happening(task.submitted_at, Transition.RESUME, task.owner_id))
        found.append(completed(task))
    return found


def completed(task: Task) -> Happening:
    """Return the end of a visit that was submitted."""
    return Happening(task.submitted_at or task.offered_at, Transition.COMPLETE, task.owner_id)


def _worked(task: Task) -> Iterator[Happening]:
    owners = [*(entry.get("by") for entry in task.earlier), task.owner_id]
    # Nobody may hold the task now: then the last owner has no claim.
    for place, (claim, who) in enumerate(zip(spells.claims(task), owners, strict=False)):
        yield Happening(claim.start, Transition.RESUME if place else Transition.START, who)
        rests = False
        for pause in _pauses_in(claim, task):
            yield Happening(pause.start, Transition.SUSPEND, who)
            # With the claim its pause ends as well, and nobody goes on.
            rests = pause.end is None or pause.end == claim.end
            if pause.end is not None and not rests:
                yield Happening(pause.end, Transition.RESUME, who)
        if claim.why and claim.end is not None and not rests:
            yield Happening(claim.end, Transition.SUSPEND, who, claim.why)


def _pauses_in(claim: Spell, task: Task) -> list[Spell]:
    return [
        pause
        for pause in spells.pauses(task)
        if claim.start <= pause.start and (claim.end is None or pause.start < claim.end)
    ]
