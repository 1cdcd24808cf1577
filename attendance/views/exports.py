"""Files of a month and of a person's month, for a spreadsheet or another system."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from attendance.days.person_months import sheet_of
from attendance.days.seen import CAPABILITY, employee_seen
from attendance.recaps.exporting import FORMATS, of_month, person_file_name, write, write_person
from attendance.views.common import agency_of, month_of, person_of
from attendance.views.matrix import NOW


@require_GET
def month_file(request: HttpRequest, form: str) -> HttpResponse:
    """Return the whole month of an agency; for roles, not for superiors of a few."""
    now = timezone.now()
    agency = agency_of(request, CAPABILITY, now)
    if agency is None or form not in FORMATS:
        raise Http404
    month = month_of(request, agency, now)
    exported = of_month(agency, month, now=now, as_now=request.GET.get("tampil") == NOW)
    return _file(write(exported, form), f"{exported.name}.{form}", form)


@require_GET
def person_file(request: HttpRequest, employee_id: int, form: str) -> HttpResponse:
    now = timezone.now()
    employee = employee_seen(person_of(request), employee_id, now)
    if employee is None or form not in FORMATS:
        raise Http404
    month = month_of(request, employee.agency, now)
    sheet = sheet_of(employee, month, now=now, as_now=request.GET.get("tampil") == NOW)
    return _file(write_person(sheet, form), person_file_name(sheet, form), form)


def _file(content: bytes, name: str, form: str) -> HttpResponse:
    response = HttpResponse(content, content_type=FORMATS[form])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
