"""Recaps: the list, the matrix of a month, the days of a person, files."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from attendance import links
from attendance.days.absence_counts import count_of
from attendance.days.months import Month
from attendance.exceptions import AttendanceError
from attendance.law.codes import NAMES, Code
from attendance.law.counting import DEFINITIONS
from attendance.models import LateFinding, MonthFile, Recap, RecapRow
from attendance.offered.recap_panels import exceptions
from attendance.recaps.questions import decided_since, is_approved, newest_version, was_returned
from attendance.recaps.seals import is_intact
from attendance.recaps.texts import Badge, badge_of, change_lines, finding_lines
from attendance.recaps.unfinished import obstacles
from attendance.services import rebuild_draft
from attendance.services.amendments import AMEND
from attendance.services.deliveries import offices_held
from attendance.views.common import agency_of, month_of, page, person_of
from foundation.indonesian import DAYS, minutes_text
from organization.models import EmploymentStatus
from organization.permissions import actor_for, agencies_where, may

ROWS_PER_PAGE = 60
EXCEPTIONS = 5
# A group of codes looks alike in the matrix; the letters tell them apart.
LOOKS = {
    Code.PRESENT: "present",
    Code.UNEXPLAINED: "unexplained",
    Code.DAY_OFF: "off",
    Code.COLLECTIVE_LEAVE: "off",
    Code.NOT_EMPLOYED: "off",
    Code.NOT_OVER: "off",
}


@dataclass(frozen=True)
class Cell:
    """One day in the matrix: code, what it means, how it looks, and a mark for lateness."""

    label: str
    title: str
    look: str
    marked: bool


@require_GET
def recap_list(request: HttpRequest) -> HttpResponse:
    now, user = timezone.now(), person_of(request)
    agency = agency_of(request, "recap.view", now)
    if agency is None:
        raise Http404
    recaps = Recap.objects.filter(agency=agency)
    context = {
        "agency": agency,
        "agencies": agencies_where(user, "recap.view", now).order_by("name"),
        "recaps": _with_badges(recaps.select_related("agency", "instance").defer("changes")),
        "may_build": may(user, "letters.enter", agency, now),
        "sees_discipline": may(user, "discipline.view", agency, now),
        "month": month_of(request, agency, now).before,
    }
    return page(request, "attendance/recaps.html", context, tab="recaps")


@require_GET
def recap_page(request: HttpRequest, recap_id: int) -> HttpResponse:
    """The month as a matrix: a row per person, a column per day."""
    now, user = timezone.now(), person_of(request)
    recap = _recap(request, recap_id)
    everyone = list(recap.rows.all())
    unit, search = request.GET.get("bidang", ""), request.GET.get("q", "").strip()
    rows = [
        row
        for row in everyone
        if (not unit or row.unit == unit) and search.lower() in row.name.lower()
    ]
    page_obj = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    total = recap.figures["jumlah"]
    submitted = recap.status == Recap.Status.SUBMITTED and not was_returned(recap)
    undecided = not recap.is_frozen and not submitted and not is_approved(recap.instance)
    newest = newest_version(recap)
    findings = _open_findings(newest)
    context = {
        "recap": recap,
        "agency": recap.agency,
        "zone": recap.agency.time_zone,
        "figures": recap.figures,
        "total": total,
        "deficit": minutes_text(total["KJK"]),
        "days": Month(recap.month).days,
        "matrix": [(row, _cells(row), links.person(recap.pk, row.employee_id)) for row in page_obj],
        "page_obj": page_obj,
        "units": [item["bidang"] for item in recap.figures["per_bidang"]],
        "unit": unit,
        "search": search,
        "legend": [(str(code), NAMES[code]) for code in Code],
        "definitions": DEFINITIONS,
        "exceptions": exceptions(recap, everyone)[:EXCEPTIONS],
        "late_letters": decided_since(recap),
        "intact": is_intact(recap, everyone),
        "badge": badge_of(recap, newest),
        "newest": newest,
        "versions": _with_badges(_versions(recap)),
        "changes": change_lines(recap),
        "findings": finding_lines(findings),
        "may_amend": bool(findings) and may(user, AMEND, recap.agency_id, now),
        "decided": _decided(recap),
        "deliveries": recap.deliveries.select_related("user", "acknowledged_by").order_by("pk"),
        "offices": [o for agency_id, o in offices_held(user, now) if agency_id == recap.agency_id],
        "obstacles": [] if recap.is_frozen else obstacles(everyone),
        "may_rebuild": undecided and may(user, "letters.enter", recap.agency_id, now),
        "formats": MonthFile.Form.choices,
    }
    return page(request, "attendance/recap.html", context, tab="recaps")


@require_GET
def person_page(request: HttpRequest, recap_id: int, employee_id: int) -> HttpResponse:
    """Every day of one person with the reason why; also for the person and the superiors."""
    rows = RecapRow.objects.visible_to(person_of(request), timezone.now())
    # By the primary keys: Django itself knows that an id out of their range is nobody's.
    row = (
        rows.select_related("recap__agency", "recap__instance", "employee__agency")
        .filter(recap__pk=recap_id, employee__pk=employee_id)
        .first()
    )
    if row is None:
        raise Http404
    sees_recap = Recap.objects.visible_to(person_of(request), timezone.now())
    context = {
        "row": row,
        "recap": row.recap,
        "zone": row.recap.agency.time_zone,
        "days": [_day(data) for data in row.days],
        "total": row.counters,
        "deficit": minutes_text(row.counters["KJK"]),
        "badge": badge_of(row.recap, newest_version(row.recap)),
        "year": row.recap.month.year,
        "counted": count_of(row.employee, row.recap.month.year),
        "flagged": row.employment == EmploymentStatus.PNS,
        "back": links.recap(recap_id) if sees_recap.filter(pk=recap_id).exists() else "",
    }
    return page(request, "attendance/person.html", context, tab="recaps")


@require_POST
def rebuild(request: HttpRequest) -> HttpResponse:
    """Build a month's draft anew; the officer who enters letters may."""
    now, user = timezone.now(), person_of(request)
    agency = agencies_where(user, "letters.enter", now).filter(code=request.POST.get("pd")).first()
    if agency is None:
        raise Http404
    try:
        recap = rebuild_draft(
            agency=agency,
            month=Month.parse(request.POST.get("bulan", "")),
            actor=actor_for(user, None, agency, now),
            now=now,
        )
    except (AttendanceError, ValueError) as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(f"{links.RECAPS}?pd={agency.code}")
    messages.success(request, "Draf rekap disusun ulang.")
    return HttpResponseRedirect(links.recap(recap.pk))


def _recap(request: HttpRequest, recap_id: int) -> Recap:
    visible = Recap.objects.visible_to(person_of(request), timezone.now())
    recap = visible.select_related("agency", "instance").filter(pk=recap_id).first()
    if recap is None:
        raise Http404
    return recap


def _versions(recap: Recap) -> QuerySet[Recap]:
    """Return all versions of the recap's month, the newest first."""
    versions = Recap.objects.filter(agency=recap.agency_id, month=recap.month)
    return versions.select_related("agency", "instance").order_by("-version")


def _with_badges(recaps: Iterable[Recap]) -> list[tuple[Recap, Badge]]:
    """Pair recaps, newest version first within a month, with how their state looks."""
    newest: dict[date, Recap] = {}
    pairs = []
    for recap in recaps:
        if recap.is_frozen:
            newest.setdefault(recap.month, recap)
        pairs.append((recap, badge_of(recap, newest.get(recap.month))))
    return pairs


def _open_findings(recap: Recap) -> list[LateFinding]:
    found = recap.late_findings.filter(status=LateFinding.Status.OPEN).select_related("employee")
    return list(found.order_by("employee__name", "employee_id", "day"))


def _decided(recap: Recap) -> QuerySet[LateFinding]:
    """Return late data that BKD left out, with who said so and why."""
    found = LateFinding.objects.filter(recap__agency=recap.agency_id, recap__month=recap.month)
    dismissed = found.filter(status=LateFinding.Status.DISMISSED)
    return dismissed.select_related("employee", "decided_by").order_by("-decided_at", "-pk")


def _cells(row: RecapRow) -> list[Cell]:
    return [_cell(data) for data in row.days]


def _cell(data: dict[str, Any]) -> Cell:
    code = Code(data["kode"].removesuffix("*"))
    return Cell(
        label=data["kode"],
        title=" ".join(data["alasan"]),
        look="waiting" if data["kode"].endswith("*") else LOOKS.get(code, "away"),
        marked=bool(data["tanda"]),
    )


def _day(data: dict[str, Any]) -> dict[str, Any]:
    """Return a stored day with what a page shows beside it."""
    cell = _cell(data)
    on = Month.parse(data["tanggal"][:7]).first.replace(day=int(data["tanggal"][8:]))
    return data | {
        "on": on,
        "weekday": DAYS[on.weekday()],
        "cell": cell,
        "name": NAMES[Code(data["kode"].removesuffix("*"))],
        "came": data["masuk"][11:16].replace(":", "."),
        "left": data["pulang"][11:16].replace(":", "."),
        "letter_link": links.letter(data["surat"]) if data["surat"] else "",
    }
