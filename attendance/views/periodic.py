"""Daily and weekly recaps as they were sent, and the word that an office has them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from attendance import links
from attendance.law.codes import NAMES, Code
from attendance.models import Delivery, PeriodicRecap
from attendance.offered.recaps_waiting import unacknowledged
from attendance.services.deliveries import (
    RECEIVE,
    REPORTS,
    acknowledge,
    offices_held,
    period_subject,
)
from attendance.services.periodic import is_intact
from attendance.views.common import agency_of, page, person_of
from organization.models import Agency
from organization.permissions import agencies_where

PER_PAGE = 30
ROWS_PER_PAGE = 60


@require_GET
def periodic_list(request: HttpRequest) -> HttpResponse:
    """Those of an agency, newest first, and what waits for this person's word."""
    now, user = timezone.now(), person_of(request)
    agency = agency_of(request, "recap.view", now)
    if agency is None:
        raise Http404
    rows = PeriodicRecap.objects.filter(agency=agency).defer("rows")
    kind = request.GET.get("jenis", "")
    if kind in PeriodicRecap.Kind.values:
        rows = rows.filter(kind=kind)
    context = {
        "agency": agency,
        "agencies": agencies_where(user, "recap.view", now).order_by("name"),
        "kinds": PeriodicRecap.Kind.choices,
        "kind": kind,
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "waiting": _of_agency(unacknowledged(user, now), agency).order_by("sent_at", "pk"),
    }
    return page(request, "attendance/periodic_list.html", context, tab="recaps")


@require_GET
def periodic_page(request: HttpRequest, periodic_id: int) -> HttpResponse:
    """One of them, as it was sent."""
    now, user = timezone.now(), person_of(request)
    agencies = agencies_where(user, "recap.view", now).values("pk")
    visible = PeriodicRecap.objects.filter(agency__in=agencies).select_related("agency")
    recap = visible.filter(pk=periodic_id).first()
    if recap is None:
        raise Http404
    context = {
        "recap": recap,
        "agency": recap.agency,
        "zone": recap.agency.time_zone,
        "figures": recap.figures,
        "total": recap.figures["jumlah"],
        "page_obj": Paginator(recap.rows, ROWS_PER_PAGE).get_page(request.GET.get("page")),
        "report": REPORTS[PeriodicRecap.Kind(recap.kind)],
        "subject": period_subject(recap),
        "is_daily": recap.kind == PeriodicRecap.Kind.DAILY,
        "intact": is_intact(recap),
        "deliveries": recap.deliveries.select_related("user", "acknowledged_by").order_by("pk"),
        "offices": [
            office for agency, office in offices_held(user, now) if agency == recap.agency_id
        ],
        "legend": [(str(code), NAMES[code]) for code in Code],
    }
    return page(request, "attendance/periodic.html", context, tab="recaps")


@require_POST
def confirm(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Say that one's office has this recap."""
    now, user = timezone.now(), person_of(request)
    agencies = agencies_where(user, "recap.view", now).values("pk")
    of_agency = Q(recap__agency__in=agencies) | Q(periodic__agency__in=agencies)
    delivery = Delivery.objects.filter(of_agency, pk=delivery_id).first()
    if delivery is None:
        raise Http404
    acknowledge(deliveries=[delivery.pk], user=user, now=now)
    messages.success(request, "Tanda terima dicatat.")
    if delivery.recap_id:
        return HttpResponseRedirect(links.recap(delivery.recap_id))
    return HttpResponseRedirect(links.periodic(delivery.periodic_id or 0))


@require_POST
def confirm_all(request: HttpRequest) -> HttpResponse:
    """Say that one's offices have everything of an agency that was sent to them."""
    now, user = timezone.now(), person_of(request)
    agency = agencies_where(user, RECEIVE, now).filter(code=request.POST.get("pd")).first()
    if agency is None:
        raise Http404
    waiting = _of_agency(unacknowledged(user, now), agency)
    count = acknowledge(deliveries=[row.pk for row in waiting], user=user, now=now)
    messages.success(request, f"Tanda terima {count} rekap dicatat.")
    return HttpResponseRedirect(f"{links.PERIODIC}?pd={agency.code}")


def _of_agency(rows: QuerySet[Delivery], agency: Agency) -> QuerySet[Delivery]:
    return rows.filter(Q(recap__agency=agency) | Q(periodic__agency=agency))
