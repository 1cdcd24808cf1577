"""Letters, the verdicts as they stand, recaps as they were frozen, and corrections."""

from attendance.models.checkins import CheckIn, ContactNote, DayFile, HelpTicket
from attendance.models.corrections import (
    Correction,
    FingerException,
    PolicySetting,
)
from attendance.models.evaluations import (
    Evaluation,
    EvaluationFinding,
    EvaluationIndicators,
    FollowUp,
    Side,
)
from attendance.models.files import MonthFile
from attendance.models.handovers import Handover, HandoverPackage
from attendance.models.letters import LETTER_KINDS, AbsenceLetter, AbsenceLetterQuerySet
from attendance.models.outages import Outage, OutageDelivery
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
    "CheckIn",
    "ContactNote",
    "Correction",
    "DayFile",
    "Delivery",
    "Evaluation",
    "EvaluationFinding",
    "EvaluationIndicators",
    "FingerException",
    "FollowUp",
    "Handover",
    "HandoverPackage",
    "HelpTicket",
    "LateFinding",
    "MonthFile",
    "MonthSheet",
    "Outage",
    "OutageDelivery",
    "PeriodicRecap",
    "PolicySetting",
    "PunchLook",
    "Recap",
    "RecapRow",
    "Side",
    "people_of",
]
