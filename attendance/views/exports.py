"""Files of a month: ordered here, written by a worker, handed out; a person's own month."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from attendance import links
from attendance.days.months import Month
from attendance.days.person_months import sheet_of
from attendance.days.seen import CAPABILITY, employee_seen
from attendance.exceptions import AttendanceError
from attendance.models import MonthFile, Recap
from attendance.recaps.exporting import FORMATS, person_file_name, write_person
from attendance.services.month_files import KEPT, order_month_file
from attendance.views.common import NOW, is_misspelt, month_of, page, person_of
from documents.storage import stored_path
from organization.permissions import agencies_where


@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """Order the whole month of an agency; for roles, not for superiors of a few."""
    now, user = timezone.now(), person_of(request)
    agency = agencies_where(user, CAPABILITY, now).filter(code=request.POST.get("pd")).first()
    if agency is None:
        raise Http404
    asked = request.POST.get("bulan", "")
    try:
        row = order_month_file(
            agency=agency,
            month=Month.parse(asked),
            form=request.POST.get("bentuk", ""),
            user=user,
            now=now,
            as_now=request.POST.get("tampil") == NOW,
        )
    except (AttendanceError, ValueError) as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(f"{links.MONTH}?pd={agency.code}")
    return HttpResponseRedirect(links.month_file(row.pk))


@require_POST
def order_recap(request: HttpRequest, recap_id: int) -> HttpResponse:
    """Order one version of a recap as a file."""
    now, user = timezone.now(), person_of(request)
    visible = Recap.objects.visible_to(user, now).select_related("agency")
    recap = visible.filter(pk=recap_id).first()
    if recap is None:
        raise Http404
    try:
        row = order_month_file(
            agency=recap.agency,
            month=Month(recap.month),
            form=request.POST.get("bentuk", ""),
            user=user,
            now=now,
            recap=recap,
        )
    except AttendanceError as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(links.recap(recap.pk))
    return HttpResponseRedirect(links.month_file(row.pk))


@require_GET
def file_page(request: HttpRequest, file_id: int) -> HttpResponse:
    """Tell how far a file is, and offer it when it is written."""
    row = _file(request, file_id)
    month = Month(row.month)
    context = {
        "file": row,
        "agency": row.agency,
        "month": month,
        "zone": row.agency.time_zone,
        "kept_until": row.asked_at + KEPT,
        "back": links.recap(row.recap_id) if row.recap_id else links.month(row.agency.code, month),
    }
    return page(request, "attendance/month_file.html", context, tab="month")


@require_GET
def file_download(request: HttpRequest, file_id: int) -> FileResponse:
    """Hand a written file out, to whoever may see the month now."""
    row = _file(request, file_id)
    if not row.is_written:
        raise Http404
    try:
        stream = stored_path(row.path).open("rb")
    except FileNotFoundError:
        raise Http404("Berkas ini sudah dihapus; minta lagi dari halaman bulan.") from None
    response = FileResponse(
        stream, as_attachment=True, filename=row.name, content_type=FORMATS[row.form]
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
def person_file(request: HttpRequest, employee_id: int, form: str) -> HttpResponse:
    """One person's month: a line per day is written at once."""
    now = timezone.now()
    employee = employee_seen(person_of(request), employee_id, now)
    if employee is None or form not in FORMATS:
        raise Http404
    month = month_of(request, employee.agency, now)
    if is_misspelt(request):
        return HttpResponseRedirect(links.sheet(employee.pk, str(month)))
    sheet = sheet_of(employee, month, now=now, as_now=request.GET.get("tampil") == NOW)
    response = HttpResponse(write_person(sheet, form), content_type=FORMATS[form])
    response["Content-Disposition"] = f'attachment; filename="{person_file_name(sheet, form)}"'
    return response


def _file(request: HttpRequest, file_id: int) -> MonthFile:
    visible = MonthFile.objects.visible_to(person_of(request), timezone.now())
    row = visible.select_related("agency", "recap").filter(pk=file_id).first()
    if row is None:
        raise Http404
    return row
