"""The last month that was frozen beside the one before: how people came, how the files went."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Max, Q
from django.urls import reverse

from attendance import links
from attendance.days.months import Month
from attendance.days.seen import CAPABILITY
from attendance.law.counting import percent
from attendance.models import Recap
from foundation.indonesian import number_text
from foundation.quantiles import Quantiles
from organization.models import Agency, User
from organization.permissions import agencies_where, may_somewhere
from processes.audit.scope import CAPABILITY as AUDIT
from processes.models import InstanceAudit
from workflows import repository
from workflows.definitions import SubjectKind

DAY = 86_400
COUNTED = ("HK", "H", "TL_n", "TK")


@dataclass(frozen=True)
class AgencyMonth:
    """The frozen recap of an agency in a month: what its days came to."""

    agency: Agency
    recap_id: int
    figures: Mapping[str, int]

    @property
    def link(self) -> str:
        return links.recap(self.recap_id)

    @property
    def rate(self) -> str:
        return percent(self.figures["H"], self.figures["HK"])


@dataclass(frozen=True)
class Period:
    """A month over the agencies whose recap of it is frozen."""

    month: Month
    rows: Sequence[AgencyMonth] = ()
    is_one: bool = False

    @property
    def total(self) -> dict[str, int]:
        return {name: sum(row.figures[name] for row in self.rows) for name in COUNTED}

    @property
    def rate(self) -> str:
        return percent(self.total["H"], self.total["HK"])

    @property
    def share(self) -> float | None:
        total = self.total
        return total["H"] / total["HK"] if total["HK"] else None

    @property
    def link(self) -> str:
        """Return where its rows are: the recap of one agency, else the recaps of all."""
        if self.is_one and self.rows:
            return self.rows[0].link
        return f"{reverse('beranda:period')}?{urlencode({'bulan': str(self.month)})}"


@dataclass(frozen=True)
class Run:
    """The files of one SOP in a month: how many ended, how many without a way back, how soon."""

    finished: int = 0
    clean: int = 0
    lead: float | None = None  # median, in seconds from start to end
    key: str = ""
    month: str = ""
    agency: str = ""  # its code where somebody sees one agency alone

    @property
    def days(self) -> str:
        return "-" if self.lead is None else number_text(self.lead / DAY, 1)

    def _link(self, sort: str) -> str:
        asked = {"sop": self.key, "pd": self.agency, "dari": self.month, "sampai": self.month}
        query = urlencode({k: v for k, v in asked.items() if v} | {"jam": "dinding", "jenis": sort})
        return f"{reverse('audit:conformance')}?{query}#berkas"

    @property
    def clean_link(self) -> str:
        return self._link("lancar")

    @property
    def finished_link(self) -> str:
        return self._link("selesai")


@dataclass(frozen=True)
class Compared:
    """Two months beside each other; `runs` are per SOP, the newer month first."""

    last: Period
    before: Period
    agencies: int
    runs: Sequence[tuple[str, Run, Run]] = field(default=())


def compared(user: User, now: datetime) -> Compared | None:
    """Return the newest frozen month and the one before it; None where no role shows recaps.

    Where nothing is frozen yet, the month of both is that of nobody: `last` has no rows.
    """
    if not may_somewhere(user, CAPABILITY, now):
        return None
    agencies = list(agencies_where(user, CAPABILITY, now).order_by("name"))
    frozen = Recap.objects.newest_frozen().filter(agency__in=agencies)
    newest = frozen.aggregate(newest=Max("month"))["newest"]
    if newest is None:
        none = Period(Month.of(now.date()))
        return Compared(none, none, len(agencies))
    last = Month(newest)
    told = _periods(agencies, (last, last.before))
    runs = _runs(user, (last, last.before), now) if may_somewhere(user, AUDIT, now) else []
    return Compared(told[0], told[1], len(agencies), runs)


def period(user: User, month: Month, now: datetime) -> Period:
    """Return one month over the agencies whose recaps a role shows this person."""
    agencies = list(agencies_where(user, CAPABILITY, now).order_by("name"))
    return _periods(agencies, (month,))[0]


def _periods(agencies: Sequence[Agency], months: Sequence[Month]) -> list[Period]:
    firsts = [month.first for month in months]
    rows = Recap.objects.newest_frozen().filter(agency__in=agencies, month__in=firsts)
    found: dict[Any, dict[int, tuple[int, Mapping[str, int]]]] = defaultdict(dict)
    values = rows.order_by().values_list("agency_id", "month", "pk", "figures__jumlah")
    for agency_id, month, pk, figures in values:
        found[month][agency_id] = (pk, figures)
    return [
        Period(
            month,
            [
                AgencyMonth(agency, *found[month.first][agency.pk])
                for agency in agencies
                if agency.pk in found[month.first]
            ],
            is_one=len(agencies) == 1,
        )
        for month in months
    ]


def _runs(user: User, months: Sequence[Month], now: datetime) -> list[tuple[str, Run, Run]]:
    """Return the SOPs about a month that ended a file in one of these months; one query."""
    titles = {
        one.key: one.head.title for one in repository.all() if one.subject is SubjectKind.MONTH
    }
    agencies = list(agencies_where(user, AUDIT, now))
    code = agencies[0].code if len(agencies) == 1 else ""
    rows = (
        InstanceAudit.objects.filter(
            agency__in=agencies,
            definition_key__in=titles,
            period__in=[month.first for month in months],
            finished_at__isnull=False,
        )
        .order_by()
        .values("definition_key", "period")
        .annotate(
            finished=Count("pk"),
            unreturned=Count("pk", filter=Q(returns=0)),
            leads=Quantiles("lead_wall", shares=(0.5,)),
        )
    )
    found: dict[tuple[str, str], Run] = {}
    for row in rows:
        key, month = row["definition_key"], f"{row['period']:%Y-%m}"
        (lead,) = row["leads"] or (None,)
        found[key, month] = Run(row["finished"], row["unreturned"], lead, key, month, code)
    keys = sorted({key for key, _ in found}, key=lambda key: titles[key])
    last, before = map(str, months)
    return [
        (titles[key], found.get((key, last), Run()), found.get((key, before), Run()))
        for key in keys
    ]
