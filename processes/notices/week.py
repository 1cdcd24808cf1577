"""What a week of an agency came to, in a few lines for who leads it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.http import urlencode

from foundation.indonesian import date_text, percent_text, work_text
from organization.models import Agency
from processes.models import Instance, VisitTiming
from processes.models.timings import Verdict
from workflows.definitions import OutcomeKind, TaskKind

TOLD_AT = time(7, 0)  # on Mondays, before the office opens
LONGEST = 3


@dataclass(frozen=True)
class Week:
    """Seven days of an agency, from a Monday on: its moments are `begins` <= moment < `ends`."""

    monday: date
    begins: datetime
    ends: datetime

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)


@dataclass(frozen=True)
class LongestWait:
    """A visit that waited; in working time."""

    step: str
    title: str
    waited: timedelta


@dataclass(frozen=True)
class Figures:
    """Of a week: instances finished, visits submitted that have a standard, those over it, returns,
    and what waited longest before it was taken, the longest first.
    """

    finished: int
    judged: int
    over: int
    returns: int
    longest: tuple[LongestWait, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.finished or self.judged or self.returns or self.longest)


def last_week(agency: Agency, now: datetime) -> Week | None:
    """Return the week before this one; None on a Monday before the morning, agency time."""
    zone = ZoneInfo(agency.time_zone)
    here = now.astimezone(zone)
    monday = here.date() - timedelta(days=here.weekday())
    if here < datetime.combine(monday, TOLD_AT, zone):
        return None
    first = monday - timedelta(days=7)
    begins, ends = (datetime.combine(day, time(), zone) for day in (first, monday))
    return Week(first, begins, ends)


def week_figures(agency: Agency, week: Week) -> Figures:
    """Count what people did in a week; the timings must be up to date."""
    finished = Instance.objects.filter(
        agency=agency,
        status=Instance.Status.FINISHED,
        finished_at__gte=week.begins,
        finished_at__lt=week.ends,
    )
    visits = VisitTiming.objects.filter(
        agency=agency,
        kind=TaskKind.USER,
        submitted_at__gte=week.begins,
        submitted_at__lt=week.ends,
    )
    judged = Q(verdict__in=(Verdict.WITHIN, Verdict.OVER))
    counts = visits.aggregate(
        judged=Count("pk", filter=judged),
        over=Count("pk", filter=Q(verdict=Verdict.OVER)),
        returns=Count("pk", filter=Q(outcome_kind=OutcomeKind.RETURN)),
    )
    longest = visits.filter(waiting_work__gt=0).order_by("-waiting_work", "pk")
    rows = longest.values_list("task__name", "instance__title", "waiting_work")[:LONGEST]
    waits = (LongestWait(name, title, timedelta(seconds=worked)) for name, title, worked in rows)
    return Figures(finished=finished.count(), longest=tuple(waits), **counts)


def week_text(agency: Agency, week: Week, figures: Figures) -> str:
    """Return the figures as the notice and the mail say them, a line each."""
    share = percent_text(figures.over, figures.judged)
    over = f"{figures.over} dari {figures.judged} tahap melebihi waktu baku ({share})"
    lines = [
        f"Ringkasan {date_text(week.monday)} s.d. {date_text(week.sunday)}, {agency.name}:",
        f"- {figures.finished} berkas selesai",
        f"- {over if figures.judged else 'tidak ada tahap yang dinilai terhadap waktu baku'}",
        f"- {figures.returns} pengembalian",
    ]
    if figures.longest:
        lines.append("Yang terlama menunggu sebelum diambil (jam kerja):")
        lines += [
            f"- {wait.step}, {wait.title}: {work_text(wait.waited)}" for wait in figures.longest
        ]
    return "\n".join(lines)


def week_link(agency: Agency, week: Week) -> str:
    """Return the page of the audit of this agency for the months of the week."""
    months = {"dari": f"{week.monday:%Y-%m}", "sampai": f"{week.sunday:%Y-%m}"}
    return f"{reverse('audit:index')}?{urlencode({'pd': agency.code} | months)}"
