"""Timers whose length the office decides: working days that stand in the policy of the agency."""

from dataclasses import replace
from datetime import datetime

from attendance.days.policies import policies_of
from organization.facts import working_days
from organization.models import Agency
from organization.permissions import local_date
from workflows.registry import StepContext, deadline


@deadline("attendance.policy_days")
def policy_days(context: StepContext) -> datetime:
    """Return the moment after as many working days as a setting says (parameter `setting`).

    The policy is that of the agency on the day the timer begins.
    """
    agency = Agency.objects.get(pk=context.agency_id)
    on = local_date(agency, context.now)
    days = getattr(policies_of(agency.pk, on, on).on(on), context.parameters["setting"])
    return working_days(replace(context, parameters={"days": days}))
