"""One's own presence on a phone: the press, its confirmation, a call for help."""

from datetime import datetime
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from attendance import links
from attendance.checkins.forms import PressForm, TicketForm
from attendance.checkins.plans import shown
from attendance.checkins.standing import standing_of
from attendance.exceptions import AttendanceError, DataRefused
from attendance.models import CheckIn
from attendance.models.checkins import WATCH
from attendance.services.checkins import open_ticket, press, why_closed
from attendance.views.common import page, person_of
from organization.models import Employee
from organization.permissions import may

WORKER = "attendance/presensi-worker.js"


@require_GET
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """Show today's presences and what may be pressed now."""
    return _show(request, _employee(request), timezone.now())


@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take one press; a script is answered in JSON, a plain form with the page."""
    employee, now = _employee(request), timezone.now()
    form = PressForm(request.POST)
    if not form.is_valid():
        return _refused(request, "Presensi ini tidak terbaca; muat ulang halaman lalu tekan lagi.")
    said = form.cleaned_data
    try:
        row = press(
            employee=employee, kind=said["kind"], key=said["key"], told=form.told(),
            device_hint=request.headers.get("User-Agent", ""), user=person_of(request), now=now,
        )  # fmt: skip
    except DataRefused as refusal:
        return _refused(request, str(refusal), refusal.status)
    if _wants_json(request):
        answer = {"accepted": row.is_accepted, "reason": row.reason, "page": links.check_in(row.pk)}
        return JsonResponse(answer)
    return HttpResponseRedirect(links.CHECK_IN)


@require_POST
def ask_help(request: HttpRequest) -> HttpResponse:
    """Open a ticket about today with one press."""
    employee = _employee(request)
    form = TicketForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Pilih pokok masalahnya.")
        return HttpResponseRedirect(links.CHECK_IN)
    try:
        open_ticket(
            employee=employee, topic=form.cleaned_data["topic"],
            problem=form.cleaned_data["problem"], user=person_of(request), now=timezone.now(),
        )  # fmt: skip
    except AttendanceError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "Permintaan dicatat; jawabannya tampil di halaman ini.")
    return HttpResponseRedirect(links.CHECK_IN)


@require_GET
def press_page(request: HttpRequest, check_in_id: int) -> HttpResponse:
    """Confirm one press: when by the server's clock, where, what became of it."""
    now, user = timezone.now(), person_of(request)
    rows = CheckIn.objects.visible_to(user, now)
    row = get_object_or_404(
        rows.select_related("employee__agency", "workplace", "agency"), pk=check_in_id
    )
    context = {
        "press": shown(row),
        "agency": row.agency,
        "zone": row.agency.time_zone,
        "is_own": row.employee_id == user.employee_id,
        "watches": may(user, WATCH, row.agency, now),
    }
    return page(request, "attendance/checkins/press.html", context, tab="check_in")


@login_not_required
@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """The page that a phone keeps for when there is no network; it tells nothing of anybody."""
    return render(request, "attendance/checkins/offline.html")


@login_not_required
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps that page; it may look after the pages beside it and no others."""
    found = finders.find(WORKER)
    if found is None:
        raise Http404
    with open(str(found), encoding="utf-8") as file:
        answer = HttpResponse(file.read(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


def _employee(request: HttpRequest) -> Employee:
    employee = person_of(request).employee
    if employee is None:
        raise Http404
    return employee


def _show(
    request: HttpRequest, employee: Employee, now: datetime, *, error: str = "", status: int = 200
) -> HttpResponse:
    here = standing_of(employee, now)
    context = {
        "here": here,
        "closed": "" if here.offered or here.came or here.left else why_closed(here),
        "came": shown(here.came) if here.came else None,
        "left": shown(here.left) if here.left else None,
        "last": shown(here.last) if here.last and not here.last.is_accepted else None,
        "key": uuid4(),
        "zone": employee.agency.time_zone,
        "now": now,
        "error": error,
    }
    return page(request, "attendance/checkins/index.html", context, tab="check_in", status=status)


def _refused(request: HttpRequest, text: str, status: int = 422) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"accepted": False, "error": text}, status=status)
    return _show(request, _employee(request), timezone.now(), error=text, status=status)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")
