"""A person's month day by day: for himself, those above him, and roles of his agency."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from attendance import links
from attendance.days.absence_counts import count_of
from attendance.days.months import Month
from attendance.days.person_months import PersonSheet, sheet_of
from attendance.days.seen import CAPABILITY, employee_seen, has_staff, sees_through
from attendance.models import AbsenceLetter, Correction, MonthFile
from attendance.views.common import NOW, month_of, page, person_of
from attendance.views.weeks import weeks_of
from foundation.indonesian import minutes_text
from organization.models import Employee, EmploymentStatus, User
from organization.permissions import local_date, may


@require_GET
def person_page(request: HttpRequest, employee_id: int) -> HttpResponse:
    """Show the month as frozen, or with `?tampil=kini` as it would be judged now."""
    now, user = timezone.now(), person_of(request)
    employee = employee_seen(user, employee_id, now)
    if employee is None:
        raise Http404
    month = month_of(request, employee.agency, now)
    as_now = request.GET.get("tampil") == NOW
    sheet = sheet_of(employee, month, now=now, as_now=as_now)
    back = ""
    if may(user, CAPABILITY, employee.agency_id, now):
        back = links.month(employee.agency.code, month)
    elif has_staff(user):
        back = f"{links.MONTH}?bulan={month}"
    context = {
        **sheet_context(sheet, now),
        "sees_letters": sees_through(user, employee, "letters.view", now),
        "sees_corrections": sees_corrections(user, employee, now),
        "as_now": as_now,
        "back": back,
        "formats": MonthFile.Form.choices,
        "agency": employee.agency,
    }
    return page(request, "attendance/sheet.html", context, tab="month")


def sheet_context(sheet: PersonSheet, now: datetime) -> dict[str, object]:
    """Return what the templates of a person's month read."""
    employee, month = sheet.employee, sheet.month
    return {
        "sheet": sheet,
        "employee": employee,
        "month": month,
        "weeks": weeks_of(sheet.days, local_date(employee.agency, now)),
        "zone": employee.agency.time_zone,
        "total": sheet.total,
        "report_subject": f"{month}/{employee.pk}",
        "deficit": minutes_text(sheet.total["KJK"]),
        "sees_letters": True,
        "sees_corrections": True,
        "letters": letters_in(employee, month),
        "corrections": corrections_in(employee, month),
        "counted": count_of(employee, month.first.year),
        "flagged": employee.status == EmploymentStatus.PNS,
    }


def sees_corrections(user: User, employee: Employee, now: datetime) -> bool:
    own = employee.pk == user.employee_id
    return own or may(user, "corrections.view", employee.agency_id, now)


def letters_in(employee: Employee, month: Month) -> list[AbsenceLetter]:
    """Return the letters that touch the month, withdrawn ones left out."""
    letters = AbsenceLetter.objects.filter(employee=employee).overlapping(month.first, month.last)
    letters = letters.exclude(status=AbsenceLetter.Status.WITHDRAWN)
    return list(letters.select_related("employee").order_by("first_on", "pk"))


def corrections_in(employee: Employee, month: Month) -> list[Correction]:
    rows = Correction.objects.filter(employee=employee, day__range=(month.first, month.last))
    return list(rows.order_by("day", "pk"))
