"""The life of a recap: which move leads from which state to which.

A version ends frozen. What comes later is another version, so nothing leads out of there.
"""

from typing import Any

from viewflow.fsm import State, TransitionNotAllowed

from attendance.models import Recap

__all__ = ["RecapLifecycle", "TransitionNotAllowed"]


class RecapLifecycle:
    """Moves one recap in memory."""

    status = State(Recap.Status, default=Recap.Status.DRAFT)

    def __init__(self, recap: Recap) -> None:
        self.recap = recap

    @status.setter()
    def _set_status(self, value: Any) -> None:
        self.recap.status = value

    @status.getter()
    def _get_status(self) -> Any:
        return Recap.Status(self.recap.status)

    @status.transition(source=Recap.Status.DRAFT, target=Recap.Status.DRAFT)
    def build(self) -> None:
        """The days are judged anew."""

    @status.transition(source=Recap.Status.DRAFT, target=Recap.Status.SUBMITTED)
    def submit(self) -> None:
        """The resume is printed and lies before whoever decides."""

    @status.transition(source=Recap.Status.SUBMITTED, target=Recap.Status.DRAFT)
    def give_back(self) -> None:
        """It was returned: the days may be judged anew."""

    @status.transition(
        source={Recap.Status.DRAFT, Recap.Status.SUBMITTED}, target=Recap.Status.FROZEN
    )
    def freeze(self) -> None:
        """It is approved. Definitions of before know no submitting: a draft may be frozen too."""
