"""Holidays and collective leave of a year, with where each comes from."""

from datetime import MAXYEAR, MINYEAR

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from foundation.indonesian import date_with_day
from organization import services
from organization.calendars.calendar_forms import HolidayForm
from organization.calendars.holiday_seeds import NoHolidaysKnown
from organization.exceptions import CalendarRefused
from organization.models import PublicHoliday
from organization.permissions import agencies_where, local_date, may
from organization.services.calendar_events import OWN, PROVINCE
from organization.views.patterns import tell
from organization.views.scope import Scope, scope, signed_in

VIEW = "calendar.view"


@require_GET
def holiday_list(request: HttpRequest) -> HttpResponse:
    return _page(request, scope(request, VIEW))


def _page(request: HttpRequest, here: Scope, form: HolidayForm | None = None) -> HttpResponse:
    year, user = _year(request, here), signed_in(request)
    rows = PublicHoliday.objects.filter(
        Q(agency=None) | Q(agency=here.agency), on__year=year
    ).select_related("agency", "changed_by__employee")
    own = {row.on for row in rows if row.agency_id is not None}
    return render(
        request,
        "organization/calendar/holidays.html",
        {
            "here": here,
            "tab": "holidays",
            "year": year,
            "days": [
                (row, row.agency_id is None and row.on in own, date_with_day(row.on))
                for row in rows
            ],
            "form": form or HolidayForm(),
            "may_own": may(user, OWN, here.agency, here.now),
            "may_all": agencies_where(user, PROVINCE, here.now).exists(),
        },
        status=422 if form is not None else 200,
    )


@require_POST
def holiday_write(request: HttpRequest) -> HttpResponse:
    """Write what a day is, for the agency at hand or (`untuk=semua`) for everybody."""
    for_all = request.POST.get("untuk") == "semua"
    here = scope(request, PROVINCE if for_all else OWN)
    form = HolidayForm(request.POST)
    if form.is_valid():
        try:
            row = services.correct_holiday(
                **form.cleaned_data,
                agency=None if for_all else here.agency,
                user=signed_in(request),
                now=here.now,
            )
        except CalendarRefused as refused:
            tell(form, refused)
        else:
            messages.success(request, f"{row.name} tersimpan; hari itu dihitung ulang.")
            return _back(here, row.on.year)
    return _page(request, here, form)


@require_POST
def holiday_seed(request: HttpRequest) -> HttpResponse:
    """Fill a year from the package `holidays`; what people wrote stays."""
    here = scope(request, PROVINCE)
    year = _year(request, here)
    try:
        report = services.seed_holidays(year=year, user=signed_in(request), now=here.now)
    except NoHolidaysKnown as error:
        messages.error(request, str(error))
        return _back(here, year)
    messages.success(
        request,
        f"{len(report.created)} hari ditambahkan, {len(report.updated)} diperbarui, "
        f"{report.unchanged} tidak berubah.",
    )
    for text in report.kept:
        messages.warning(request, f"Tetap seperti yang ditulis: {text}.")
    return _back(here, year)


def _back(here: Scope, year: int) -> HttpResponse:
    query = urlencode({"pd": here.agency.code, "tahun": str(year)})
    return redirect(f"{reverse('kalender:holidays')}?{query}")


def _year(request: HttpRequest, here: Scope) -> int:
    text = request.POST.get("tahun") or request.GET.get("tahun") or ""
    if not text:
        return local_date(here.agency, here.now).year
    if not (text.isdecimal() and len(text) == 4 and MINYEAR < int(text) < MAXYEAR):
        raise Http404
    return int(text)
