"""Recaps: the list, the matrix of a month, the days of a person, one's own month, files."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from attendance import links
from attendance.codes import NAMES, Code
from attendance.counting import DEFINITIONS, count
from attendance.exceptions import AttendanceError
from attendance.exporting import FORMATS, export, file_name
from attendance.models import Recap, RecapRow
from attendance.months import Month, judge_month
from attendance.panels import exceptions
from attendance.questions import decided_since
from attendance.services import is_approved, rebuild_draft
from attendance.stored import as_data, is_intact
from attendance.views.common import agency_of, month_of, page, person_of
from foundation.indonesian import DAYS, minutes_text
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
        "recaps": recaps.select_related("agency"),
        "may_build": may(user, "letters.enter", agency, now),
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
    undecided = not recap.is_frozen and not is_approved(recap.instance)
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
        "may_rebuild": undecided and may(user, "letters.enter", recap.agency_id, now),
        "formats": sorted(FORMATS),
    }
    return page(request, "attendance/recap.html", context, tab="recaps")


@require_GET
def person_page(request: HttpRequest, recap_id: int, employee_id: int) -> HttpResponse:
    """Every day of one person with the reason why; also for the person and the superiors."""
    rows = RecapRow.objects.visible_to(person_of(request), timezone.now())
    # By the primary keys: Django itself knows that an id out of their range is nobody's.
    row = (
        rows.select_related("recap__agency")
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
        "back": links.recap(recap_id) if sees_recap.filter(pk=recap_id).exists() else "",
    }
    return page(request, "attendance/person.html", context, tab="recaps")


@require_GET
def my_month(request: HttpRequest) -> HttpResponse:
    """One's own month: as frozen, or as it stands now."""
    now, employee = timezone.now(), person_of(request).employee
    if employee is None:
        raise Http404
    month = month_of(request, employee.agency, now)
    row = (
        RecapRow.objects.filter(
            employee=employee, recap__month=month.first, recap__status=Recap.Status.FROZEN
        )
        .select_related("recap")
        .order_by("-recap__version")
        .first()
    )
    if row is not None:
        days, total = row.days, row.counters
    else:
        (judged,) = judge_month(employee.agency, month, now=now, people=[employee])
        days = [as_data(verdict) for verdict in judged.verdicts]
        total = count(judged.verdicts).as_data()
    context = {
        "employee": employee,
        "month": month,
        "zone": employee.agency.time_zone,
        "frozen": row is not None,
        "days": [_day(data) for data in days],
        "total": total,
        "deficit": minutes_text(total["KJK"]),
    }
    return page(request, "attendance/mine.html", context, tab="mine")


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


@require_GET
def download(request: HttpRequest, recap_id: int, form: str) -> HttpResponse:
    """The recap as a file for a spreadsheet or another system."""
    recap = _recap(request, recap_id)
    if form not in FORMATS:
        raise Http404
    response = HttpResponse(export(recap, form), content_type=FORMATS[form])
    response["Content-Disposition"] = f'attachment; filename="{file_name(recap, form)}"'
    return response


def _recap(request: HttpRequest, recap_id: int) -> Recap:
    visible = Recap.objects.visible_to(person_of(request), timezone.now())
    recap = visible.select_related("agency", "instance").filter(pk=recap_id).first()
    if recap is None:
        raise Http404
    return recap


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
