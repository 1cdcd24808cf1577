"""Stage work on a month before there is a draft: what is still open in it."""

from collections.abc import Mapping
from typing import Any

from attendance import links
from attendance.days.months import Month, judge_month
from attendance.law.codes import Code
from attendance.letters.texts import days_text
from attendance.recaps.composing import days_of
from attendance.recaps.unfinished import told
from organization.models import Agency
from workflows.registry import StepContext, panel

SHOWN = 10


@panel("attendance.open_days", template="attendance/panels/open_days.html")
def open_days(context: StepContext) -> Mapping[str, Any]:
    """Days that cannot be frozen, days without any letter, letters that wait: as judged now."""
    month = Month.parse(context.subject)
    agency = Agency.objects.get(pk=context.agency_id)
    people = judge_month(agency, month, now=context.now)
    unexplained = []
    waiting = 0
    for person in people:
        judged = zip(person.days, person.verdicts, strict=True)
        days = [day for day, verdict in judged if verdict.code is Code.UNEXPLAINED]
        waiting += any(verdict.provisional for verdict in person.verdicts)
        if days:
            unexplained.append((person.employee.name, days_text(days), len(days)))
    unexplained.sort(key=lambda row: (-row[2], row[0]))
    return {
        "month": str(month),
        "obstacles": told(day for person in people for day in days_of(person)),
        "unexplained": unexplained[:SHOWN],
        "more": max(0, len(unexplained) - SHOWN),
        "waiting": waiting,
        "letters_link": links.letters(str(month)),
        "people": len(people),
    }
