"""Which part of the record is looked at: SOP, agencies, months, clock; it lives in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import cast

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.http import urlencode

from foundation.indonesian import period_label
from organization.models import Agency, User
from organization.permissions import REFUSAL, agencies_where, local_date
from processes.models import Definition, Instance, InstanceAudit, VisitTiming

CAPABILITY = "audit.view"
MONTHS = 12  # shown until somebody chooses


class ClockKind(StrEnum):
    """By which clock durations are told; the verdict is always by working time."""

    WORK = "kerja"
    WALL = "dinding"

    @property
    def label(self) -> str:
        return {"kerja": "Jam kerja", "dinding": "Jam dinding"}[self]


@dataclass(frozen=True, kw_only=True)
class Scope:
    """One choice of SOP, agencies and months (`first` and `last` are first days of months).

    `agencies` are all that may be chosen; `agency` is the chosen one, None for all of them.
    """

    definition_key: str
    title: str
    agencies: tuple[Agency, ...]
    agency: Agency | None
    first: date
    last: date
    clock: ClockKind = ClockKind.WORK
    now: datetime

    @property
    def chosen(self) -> tuple[Agency, ...]:
        return (self.agency,) if self.agency else self.agencies

    @property
    def period_words(self) -> str:
        first, last = (period_label(f"{month:%Y-%m}") for month in (self.first, self.last))
        return first if first == last else f"{first} s.d. {last}"

    @property
    def agency_words(self) -> str:
        return self.agency.name if self.agency else f"{len(self.agencies)} perangkat daerah"

    @property
    def parameters(self) -> dict[str, str]:
        """Return what stands in the address; `scope_of` reads it back."""
        return {
            "sop": self.definition_key,
            "pd": self.agency.code if self.agency else "",
            "dari": f"{self.first:%Y-%m}",
            "sampai": f"{self.last:%Y-%m}",
            "jam": str(self.clock),
        }

    def query(self, **more: str) -> str:
        """Return the query string of this scope, with further parameters."""
        return urlencode({k: v for k, v in (self.parameters | more).items() if v})

    def visits(self) -> QuerySet[VisitTiming]:
        """Return every finished visit in it, people's, the system's and the reused."""
        return VisitTiming.objects.filter(
            definition_key=self.definition_key,
            agency__in=[agency.pk for agency in self.chosen],
            period__range=(self.first, self.last),
        )

    def instances(self) -> QuerySet[InstanceAudit]:
        return InstanceAudit.objects.filter(
            definition_key=self.definition_key,
            agency__in=[agency.pk for agency in self.chosen],
            period__range=(self.first, self.last),
        )

    def between(self, first: date, last: date) -> "Scope":
        return replace(self, first=first, last=last)


def scope_of(request: HttpRequest) -> Scope:
    """Return the scope that the address names, over the agencies that the person's roles open.

    403 where no role opens any; 404 for an agency or a SOP that is not there. Months that are no
    months are the default, the last twelve; in the wrong order they change places.
    """
    return read_scope(cast(User, request.user), request.GET, now=timezone.now())


def read_scope(user: User, parameters: Mapping[str, str], *, now: datetime) -> Scope:
    """Return the scope that `parameters` name, as `Scope.parameters` wrote them."""
    agencies = tuple(agencies_where(user, CAPABILITY, now).order_by("name"))
    if not agencies:
        raise PermissionDenied(REFUSAL)
    code = parameters.get("pd", "")
    agency = next((agency for agency in agencies if agency.code == code), None)
    if code and agency is None:
        raise Http404("Perangkat daerah ini tidak ada.")
    if agency is None and len(agencies) == 1:
        (agency,) = agencies
    titles = _titles()
    chosen = (agency,) if agency else agencies
    key = parameters.get("sop", "") or _first_run_in(chosen) or next(iter(titles), "")
    if key and key not in titles:
        raise Http404("SOP ini belum pernah dijalankan.")
    this_month = local_date(agency or agencies[0], now).replace(day=1)
    last = _month(parameters.get("sampai", "")) or this_month
    first = _month(parameters.get("dari", "")) or _months_before(last, MONTHS - 1)
    clock = parameters.get("jam", "")
    return Scope(
        definition_key=key,
        title=titles.get(key, ""),
        agencies=agencies,
        agency=agency,
        first=min(first, last),
        last=max(first, last),
        clock=ClockKind(clock) if clock in set(ClockKind) else ClockKind.WORK,
        now=now,
    )


def ignored(parameters: Mapping[str, str]) -> list[str]:
    """Return which parameters of a scope stand in the address but name nothing, e.g. "dari"."""
    clock = parameters.get("jam", "")
    months = [name for name in ("dari", "sampai") if not _month(parameters.get(name, ""))]
    wrong = [*months, *([] if clock in set(ClockKind) else ["jam"])]
    return [name for name in wrong if parameters.get(name)]


def is_turned_round(parameters: Mapping[str, str]) -> bool:
    """Return whether the first month that was asked for lies after the last one."""
    first, last = (_month(parameters.get(name, "")) for name in ("dari", "sampai"))
    return first is not None and last is not None and first > last


def sops() -> list[tuple[str, str]]:
    """Return the SOPs that ever ran as (key, title of the newest version), by title."""
    return sorted(_titles().items(), key=lambda row: row[1])


def _titles() -> dict[str, str]:
    """Return the newest title by key; first the SOP that ran first."""
    return dict(Definition.objects.order_by("kept_at", "pk").values_list("key", "title"))


def _first_run_in(agencies: Sequence[Agency]) -> str:
    """Return which SOP these agencies ran first: it is shown until another is chosen.

    It has the longest record: by title an office would begin with one that has hardly run.
    """
    ran = Instance.objects.filter(agency__in=agencies).order_by("pk")
    return ran.values_list("definition_key", flat=True).first() or ""


def _month(text: str) -> date | None:
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return month if 1900 < month.year < 2200 else None


def _months_before(month: date, count: int) -> date:
    months = month.year * 12 + month.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)
