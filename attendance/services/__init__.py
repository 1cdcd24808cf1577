"""Every write of this room; here by one name those to letters and recaps."""

from attendance.letters.rules import LetterData
from attendance.services.letter_decisions import (
    Decision,
    confirm_outside_approval,
    decide_letter,
    escalate_letter,
    keep_scan,
    record_check,
    record_decision,
    record_outside,
    remind_superior,
    submit_letter,
)
from attendance.services.letter_runs import begin_missing_runs
from attendance.services.letters import (
    attach_scan,
    correct_letter,
    enter_letter,
    hand_in,
    shorten_letter,
    withdraw_letter,
)
from attendance.services.recaps import (
    build_draft,
    freeze_recap,
    rebuild_draft,
    submit_recap,
)

__all__ = [
    "Decision",
    "LetterData",
    "attach_scan",
    "begin_missing_runs",
    "build_draft",
    "confirm_outside_approval",
    "correct_letter",
    "decide_letter",
    "enter_letter",
    "escalate_letter",
    "freeze_recap",
    "hand_in",
    "keep_scan",
    "rebuild_draft",
    "record_check",
    "record_decision",
    "record_outside",
    "remind_superior",
    "shorten_letter",
    "submit_letter",
    "submit_recap",
    "withdraw_letter",
]
