"""People whose fingers no machine reads, and the punches that no finger proved."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from attendance import links
from attendance.evidence.fingerless import fingerless
from attendance.evidence.outage_forms import FingerExceptionForm
from attendance.exceptions import DataRefused
from attendance.letters.texts import days_text
from attendance.models import FingerException
from attendance.services.finger_exceptions import REGISTER, end_exception, register_exception
from attendance.views.common import agency_of, month_of, page, person_of
from foundation.indonesian import parse_date
from organization.permissions import REFUSAL, agencies_where, local_date

ROWS = 50


@require_GET
def exception_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    agency = agency_of(request, REGISTER, now)
    if agency is None:
        raise PermissionDenied(REFUSAL)
    rows = FingerException.objects.filter(employee__agency=agency).select_related("employee__unit")
    page_obj = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    today = local_date(agency, now)
    context = {
        "agency": agency,
        "agencies": agencies_where(person_of(request), REGISTER, now).order_by("name"),
        "lines": [(row, row.valid_until is None or row.valid_until >= today) for row in page_obj],
        "page_obj": page_obj,
        "today": today,
    }
    return page(request, "attendance/fingers.html", context, tab="evidence")


@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    agency = agency_of(request, REGISTER, now)
    if agency is None:
        raise PermissionDenied(REFUSAL)
    form = FingerExceptionForm(
        request.POST or None, agency=agency, initial={"employee": request.GET.get("pegawai")}
    )
    if request.method == "POST" and form.is_valid():
        try:
            register_exception(user=person_of(request), now=now, **form.cleaned_data)
        except DataRefused as refusal:
            for field, text in refusal.errors.items():
                form.add_error(field or None, text)
        else:
            messages.success(request, "Pengecualian didaftarkan.")
            return HttpResponseRedirect(links.FINGERS)
    status = 422 if form.errors else 200
    context = {"form": form, "agency": agency}
    return page(request, "attendance/finger_form.html", context, tab="evidence", status=status)


@require_POST
def end(request: HttpRequest, exception_id: int) -> HttpResponse:
    now, user = timezone.now(), person_of(request)
    agencies = agencies_where(user, REGISTER, now)
    rows = FingerException.objects.filter(employee__agency__in=agencies)
    row = rows.filter(pk=exception_id).first()
    if row is None:
        raise Http404
    day = parse_date(request.POST.get("valid_until", ""))
    try:
        if day is None:
            raise DataRefused({"valid_until": "Isi tanggal terakhir berlakunya pengecualian."})
        end_exception(exception_id=row.pk, valid_until=day, user=user, now=now)
    except DataRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "Pengecualian diakhiri.")
    return HttpResponseRedirect(links.FINGERS)


@require_GET
def without_finger(request: HttpRequest) -> HttpResponse:
    """The punches of a month that no finger proved, person by person."""
    now = timezone.now()
    agency = agency_of(request, REGISTER, now)
    if agency is None:
        raise PermissionDenied(REFUSAL)
    month = month_of(request, agency, now)
    found = fingerless(agency, month)
    page_obj = Paginator(found, ROWS).get_page(request.GET.get("page"))
    context = {
        "agency": agency,
        "month": month,
        "lines": [(line, days_text(sorted(line.days))) for line in page_obj],
        "page_obj": page_obj,
        "unregistered": sum(bool(line.unregistered) for line in found),
    }
    return page(request, "attendance/fingerless.html", context, tab="evidence")
