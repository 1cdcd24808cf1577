"""What an evaluation's diagram and forms ask: are there findings, until when, whom to ask again."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from attendance import links
from attendance.models import FollowUp
from attendance.offered.evaluation_steps import evaluation_of_step, follow_up_of_step
from attendance.recaps.evaluation_texts import follow_up_badge
from attendance.services.evaluation_follow_ups import current_follow_ups
from organization.models import Agency
from organization.permissions import local_date
from workflows.registry import Fact, StepContext, choices, deadline, fact


@fact("attendance.evaluation_has_findings")
def evaluation_has_findings(context: StepContext) -> Fact:
    """Say whether either side found anything in any agency."""
    row = evaluation_of_step(context)
    count = row.findings.count()
    told = f"{count} temuan." if count else "Tidak ada temuan."
    return Fact(value=count > 0, evidence=told, link=links.evaluation(row.pk))


@deadline("attendance.follow_up_due")
def follow_up_due(context: StepContext) -> datetime:
    """Return the end of the day until which the agency is to act, by its own clock."""
    row = follow_up_of_step(context)
    return _end_of(row.due_on, row.agency)


@deadline("attendance.follow_ups_due")
def follow_ups_due(context: StepContext) -> datetime:
    """Return when the last agency that was asked has had its time, each by its own clock."""
    rows = current_follow_ups(evaluation_of_step(context))
    waited_for = [row for row in rows if row.status == FollowUp.Status.ASKED]
    return max((_end_of(row.due_on, row.agency) for row in waited_for), default=context.now)


@choices("attendance.agencies_followed_up")
def agencies_followed_up(context: StepContext) -> Sequence[tuple[str, str]]:
    """List the agencies that were asked, with what became of it."""
    row = evaluation_of_step(context)
    return [
        (str(one.agency_id), f"{one.agency.name} ({_state(one, context.now)})")
        for one in current_follow_ups(row)
    ]


def _state(row: FollowUp, now: datetime) -> str:
    late = row.is_late(local_date(row.agency, now))
    return follow_up_badge(row, late)[2].lower()


def _end_of(day: date, agency: Agency) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(agency.time_zone))
