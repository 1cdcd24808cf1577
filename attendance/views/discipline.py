"""Penanda disiplin: who has unexplained days this year, for BKD; a flag, never a sanction."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from attendance.days.absence_counts import people_with_absence
from attendance.law.discipline import BANDS, RUN_BAND, SOURCE
from attendance.views.common import agency_of, page, person_of
from organization.models import EmploymentStatus
from organization.permissions import agencies_where, local_date

CAPABILITY = "discipline.view"
YEARS = range(2019, 2100)  # the Pergub is of 2019


@require_GET
def discipline_list(request: HttpRequest) -> HttpResponse:
    """PNS with what PP 94/2021 provides; PPPK and honorary staff in lists of their own."""
    now, user = timezone.now(), person_of(request)
    agency = agency_of(request, CAPABILITY, now)
    if agency is None:
        raise Http404
    asked = request.GET.get("tahun", "")
    year = int(asked) if asked.isascii() and asked.isdigit() else local_date(agency, now).year
    if year not in YEARS:
        raise Http404
    found = people_with_absence(agency, year)
    others = [
        (label, found[status])
        for status, label in EmploymentStatus.choices
        if status != EmploymentStatus.PNS and found.get(status)
    ]
    context = {
        "agency": agency,
        "agencies": agencies_where(user, CAPABILITY, now).order_by("name"),
        "year": year,
        "pns": found.get(EmploymentStatus.PNS, []),
        "others": others,
        "bands": [band.text for band in (*BANDS, RUN_BAND)],
        "source": SOURCE,
    }
    return page(request, "attendance/discipline.html", context, tab="recaps")
