"""The SOP about a day is begun by the clock, where an agency decided so."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from attendance.checkins.hours import hours_of_office
from attendance.checkins.standing import policy_on
from attendance.models import PolicySetting
from foundation.actors import SYSTEM
from organization.models import Agency
from organization.permissions import local_date
from processes.services import send_message
from workflows.registry import tells

logger = logging.getLogger(__name__)

MESSAGE = "hari_kerja_dibuka"  # what a SOP about a day waits for at its start
LEAD = timedelta(minutes=30)  # SOP 000.8.3.3/023.a/DISKOMINFO/I/2024, activity 1


@tells("Jadwal hari kerja")
def messages() -> Sequence[str]:
    return (MESSAGE,)


def begin_days(*, now: datetime) -> int:
    """Tell every agency whose day of work begins within half an hour; return to how many.

    Called by the clock, as often as one likes: a day is told of once. A server that was away tells
    it as late as the work goes on. On a day without work nothing is told.
    """
    return sum(_begin(agency, now) for agency in _agencies())


def _agencies() -> Iterator[Agency]:
    settings = PolicySetting.objects.filter(name="daily_procedure")
    if not settings.exists():
        return
    everywhere = settings.filter(agency=None).exists()
    agencies = Agency.objects.order_by("pk")
    yield from agencies if everywhere else agencies.filter(pk__in=settings.values("agency"))


def _begin(agency: Agency, now: datetime) -> bool:
    """Tell one agency; one that fails keeps no other from its day."""
    try:
        day = local_date(agency, now)
        hours = hours_of_office(agency, day)
        if hours is None or not hours[0] - LEAD <= now < hours[1]:
            return False
        if not policy_on(agency, day).begins_days:
            return False
        send_message(
            name=MESSAGE, agency_id=agency.pk, subject=day.isoformat(), payload={},
            key=f"{MESSAGE}:{agency.pk}:{day.isoformat()}", actor=SYSTEM, now=now,
        )  # fmt: skip
    except Exception as error:
        logger.error("day of agency %s was not begun: %s", agency.pk, type(error).__name__)
        return False
    return True
