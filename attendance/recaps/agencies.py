"""The agencies that one office looks after: how far each is, for who must choose one."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from attendance import links
from attendance.days.months import Month
from attendance.models import Correction, Delivery, Recap
from attendance.recaps.standing import Standing
from organization.models import Agency, Employee, User
from organization.permissions import agencies_where, local_date


@dataclass(frozen=True)
class AgencyLine:
    """An agency, the last whole month of it, and what waits for this person's office there."""

    agency: Agency
    people: int
    month: Month
    standing: Standing
    deliveries: int
    corrections: int

    @property
    def link(self) -> str:
        return links.month(self.agency.code, self.month)


def agency_lines(
    user: User, agencies: Sequence[Agency], waiting: QuerySet[Delivery], now: datetime
) -> list[AgencyLine]:
    """Return a line each, with the deliveries that wait; few queries, however many agencies."""
    months = {agency.pk: Month.of(local_date(agency, now)).before for agency in agencies}
    people = Counter(
        Employee.objects.filter(agency__in=agencies, left_on=None).values_list(
            "agency_id", flat=True
        )
    )
    recaps: dict[int, list[Recap]] = defaultdict(list)
    rows = Recap.objects.filter(agency__in=agencies, month__in={m.first for m in months.values()})
    for recap in rows.defer("figures", "changes").order_by("-version"):
        if recap.month == months[recap.agency_id].first:
            recaps[recap.agency_id].append(recap)
    owners = waiting.order_by().values_list("recap__agency", "periodic__agency")
    deliveries = Counter(of_month or of_period for of_month, of_period in owners)
    seen = agencies_where(user, "corrections.view", now)
    requested = Correction.objects.requested().filter(agency__in=seen).order_by()
    corrections = Counter(requested.values_list("agency_id", flat=True))
    return [
        AgencyLine(
            agency=agency,
            people=people[agency.pk],
            month=months[agency.pk],
            standing=Standing.of(recaps[agency.pk]),
            deliveries=deliveries[agency.pk],
            corrections=corrections[agency.pk],
        )
        for agency in agencies
    ]
