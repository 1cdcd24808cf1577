"""Every write to letters and recaps."""

from attendance.services.letters import (
    Decision,
    LetterData,
    approver_of,
    attach_scan,
    confirm_outside_approval,
    correct_letter,
    decide_letter,
    enter_letter,
    submit_letter,
    withdraw_letter,
)
from attendance.services.recaps import (
    build_draft,
    freeze_recap,
    is_approved,
    latest_decision,
    rebuild_draft,
)

__all__ = [
    "Decision",
    "LetterData",
    "approver_of",
    "attach_scan",
    "build_draft",
    "confirm_outside_approval",
    "correct_letter",
    "decide_letter",
    "enter_letter",
    "freeze_recap",
    "is_approved",
    "latest_decision",
    "rebuild_draft",
    "submit_letter",
    "withdraw_letter",
]
