"""The month of an agency as a matrix: everybody's days, from the sheets or as frozen."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_POST

from attendance import links
from attendance.days.matrix import SUMS, Filters, choices, draw, legend
from attendance.days.month_rows import month_rows, staff_of
from attendance.days.months import Month
from attendance.days.seen import CAPABILITY, staff_seen
from attendance.exceptions import AttendanceError
from attendance.law.counting import DEFINITIONS
from attendance.models import MonthFile
from attendance.recaps.standing import Standing, standing_of
from attendance.services.sheet_requests import ask_for_sheets, jobs_waiting
from attendance.views.common import NOW, agency_of, month_of, page, person_of
from foundation.indonesian import DAYS, minutes_text
from organization.models import Agency, EmploymentStatus
from organization.permissions import agencies_where, local_date


@require_GET
@gzip_page
def month_page(request: HttpRequest) -> HttpResponse:
    """Show everybody whose days the person may see; who sees only himself has a page for that."""
    now, user = timezone.now(), person_of(request)
    agency = seen_agency(request, now)
    seen = staff_seen(user, agency, now)
    if seen is not None and len(seen) < 2:
        return HttpResponseRedirect(links.MINE)
    month = month_of(request, agency, now)
    standing = standing_of(agency, month)
    as_now = request.GET.get("tampil") == NOW
    rows = month_rows(agency, month, people=seen, frozen=None if as_now else standing.frozen)
    filters = _filters(request)
    shown = [row for row in rows if filters.keeps(row)]
    matrix = draw(shown, str(month), len(month.days))
    context = {
        "agency": agency,
        "agencies": agencies_where(user, CAPABILITY, now).order_by("name"),
        "month": month,
        "standing": standing,
        "as_now": as_now,
        "filters": filters,
        "filtered": filters != Filters(),
        "units": sorted({row.unit for row in rows}),
        "employments": EmploymentStatus.choices,
        "marks": choices(),
        "everyone": len(rows),
        "matrix": matrix,
        # Made by attendance.days.matrix, which escapes what people wrote.
        "body": mark_safe(matrix.body),  # noqa: S308
        "foot": mark_safe(matrix.foot),  # noqa: S308
        "deficit": minutes_text(matrix.total["KJK"]),
        "days": [
            (day.day, DAYS[day.weekday()], SHORT[day.weekday()], day.weekday() > 4)
            for day in month.days
        ],
        "sums": SUMS,
        "legend": legend(),
        "definitions": DEFINITIONS,
        "formats": MonthFile.Form.choices,
        "whole": seen is None,
        **_missing(agency, month, standing, {row.employee_id for row in rows}, seen, now),
    }
    return page(request, "attendance/month.html", context, tab="month")


SHORT = ("Sn", "Sl", "Rb", "Km", "Jm", "Sb", "Mg")  # two letters that tell the days apart


def seen_agency(request: HttpRequest, now: datetime) -> Agency:
    """Return the agency asked for; of a superior without a role his own. 404 for nobody's."""
    agency = agency_of(request, CAPABILITY, now)
    if agency is None:
        employee = person_of(request).employee
        if employee is None:
            raise Http404
        agency = employee.agency
    return agency


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Order that the month be judged; a worker does it."""
    now, user = timezone.now(), person_of(request)
    agency = agencies_where(user, CAPABILITY, now).filter(code=request.POST.get("pd")).first()
    if agency is None:
        raise Http404
    try:
        month = Month.parse(request.POST.get("bulan", ""))
        count = ask_for_sheets(agency=agency, month=month, user=user, now=now)
    except (AttendanceError, ValueError) as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(f"{links.MONTH}?pd={agency.code}")
    messages.success(request, f"Penilaian {count} pegawai dimulai; hasilnya muncul di halaman ini.")
    return HttpResponseRedirect(f"{links.MONTH}?pd={agency.code}&bulan={month}")


def _filters(request: HttpRequest) -> Filters:
    asked = request.GET
    return Filters(
        unit=asked.get("bidang", ""),
        employment=asked.get("status", ""),
        mark=asked.get("kode", ""),
        name=asked.get("q", "").strip(),
    )


def _missing(
    agency: Agency,
    month: Month,
    standing: Standing,
    known: set[int],
    seen: set[int] | None,
    now: datetime,
) -> dict[str, object]:
    """Say how many people have no sheet yet, and whether they are being judged."""
    if month.first > local_date(agency, now) or standing.frozen is not None:
        return {"ahead": standing.frozen is None, "missing": 0, "waiting": 0}
    staff = staff_of(agency, month)
    if seen is not None:
        staff &= seen
    missing = len(staff - known)
    return {
        "ahead": False,
        "missing": missing,
        "staff": len(staff),
        "judged": len(staff) - missing,
        "waiting": jobs_waiting(agency, month),
    }
