"""Letters, the verdicts as they stand, recaps as they were frozen, and corrections."""

from attendance.models.corrections import (
    Correction,
    FingerException,
    Outage,
    PolicySetting,
)
from attendance.models.files import MonthFile
from attendance.models.letters import LETTER_KINDS, AbsenceLetter, AbsenceLetterQuerySet
from attendance.models.recaps import (
    Delivery,
    LateFinding,
    PeriodicRecap,
    Recap,
    RecapRow,
)
from attendance.models.seeing import people_of
from attendance.models.sheets import MonthSheet, PunchLook

__all__ = [
    "LETTER_KINDS",
    "AbsenceLetter",
    "AbsenceLetterQuerySet",
    "Correction",
    "Delivery",
    "FingerException",
    "LateFinding",
    "MonthFile",
    "MonthSheet",
    "Outage",
    "PeriodicRecap",
    "PolicySetting",
    "PunchLook",
    "Recap",
    "RecapRow",
    "people_of",
]
