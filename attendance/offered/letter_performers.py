"""Whom data name to do a step of a letter's procedure."""

from collections.abc import Sequence

from attendance.letters.deciders import deciders_of
from attendance.offered.letter_steps import letter_of
from organization.mandates.acting import capacity_of
from workflows.registry import StepContext, performer, performer_title


@performer("attendance.direct_superior")
def direct_superior(context: StepContext) -> Sequence[int]:
    """Return the accounts that decide on the letter now, the nearest superior's first.

    One, or who stands in for him by letter; the next superior as well once it was escalated.
    """
    return [decider.user_id for decider in deciders_of(letter_of(context), context.now)]


@performer_title("attendance.direct_superior")
def title_of_superior(context: StepContext, user_id: int) -> str:
    """Return as what one of them decides; "" for the superior himself, who needs no title."""
    deciders = deciders_of(letter_of(context), context.now)
    titles = [one.acting_as for one in deciders if one.user_id == user_id]
    return next((title for title in titles if capacity_of(title)), "")
