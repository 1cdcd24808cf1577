"""Stage work on a month before there is a draft: what is still open in it."""

from collections.abc import Mapping
from typing import Any

from attendance import links
from attendance.days.months import Month
from attendance.letters.texts import days_text
from attendance.recaps.open_days import open_days_of
from organization.models import Agency
from workflows.registry import StepContext, panel

SHOWN = 10


@panel("attendance.open_days", template="attendance/panels/open_days.html")
def open_days(context: StepContext) -> Mapping[str, Any]:
    """Days that cannot be frozen, days without any letter, letters that wait."""
    month = Month.parse(context.subject)
    agency = Agency.objects.get(pk=context.agency_id)
    found = open_days_of(agency, month, context.now)
    unexplained = sorted(
        ((name, days_text(days), len(days)) for name, days in found.unexplained),
        key=lambda row: (-row[2], row[0]),
    )
    return {
        "month": str(month),
        "obstacles": found.obstacles,
        "unexplained": unexplained[:SHOWN],
        "more": max(0, len(unexplained) - SHOWN),
        "waiting": found.waiting,
        "letters_link": links.letters(str(month)),
        "people": found.people,
    }
