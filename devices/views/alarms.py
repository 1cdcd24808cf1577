"""Alarms: what needs eyes, by agency and kind, and what became of it."""

from functools import partial

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from devices.models import Alarm
from devices.models.alarms import AlarmQuerySet
from devices.services.alarms import settle_alarm
from devices.views.access import MANAGE, managed_agency, visible_agencies
from devices.views.telling import did
from devices.views.violations import NOTE
from organization.permissions import actor_allowed, agencies_where
from processes.views.common import paged

# What a person may have done; a full log is nobody's breach.
SUSPICIOUS = (
    Alarm.Kind.CLONED,
    Alarm.Kind.TAMPER,
    Alarm.Kind.FINGER_DOUBLED,
    Alarm.Kind.FINGER_CHANGED,
)


@require_safe
def alarm_list(request: HttpRequest) -> HttpResponse:
    """Open alarms, or all of them, narrowed down by agency and kind."""
    kind, code = request.GET.get("jenis", ""), request.GET.get("pd", "")
    shows_all = "semua" in request.GET
    alarms = visible_alarms(request)
    waiting = alarms.open().count()
    if not shows_all:
        alarms = alarms.open()
    if kind in Alarm.Kind.values:
        alarms = alarms.filter(kind=kind)
    if code:
        alarms = alarms.filter(agency__code=code)
    now = timezone.now()
    managed = set(agencies_where(request.user, MANAGE, now).values_list("pk", flat=True))
    noting = set(agencies_where(request.user, NOTE, now).values_list("pk", flat=True))
    page = paged(request, alarms.select_related("agency", "device", "cleared_by"))
    context = {
        "page": page,
        "rows": [
            {
                "alarm": alarm,
                "may_settle": _may_settle(alarm, managed),
                "may_note": alarm.kind in SUSPICIOUS and alarm.agency_id in noting,
            }
            for alarm in page
        ],
        "waiting": waiting,
        "kind": kind,
        "code": code,
        "shows_all": shows_all,
        "kinds": Alarm.Kind.choices,
        "agencies": visible_agencies(request),
    }
    return render(request, "devices/alarms.html", context)


def visible_alarms(request: HttpRequest) -> AlarmQuerySet:
    """Return alarms of one's agencies; those of none are for who looks after machines somewhere."""
    own = Q(agency__in=visible_agencies(request))
    if agencies_where(request.user, MANAGE, timezone.now()).exists():
        own |= Q(agency=None)
    return Alarm.objects.filter(own)


def _may_settle(alarm: Alarm, managed: set[int]) -> bool:
    if alarm.cleared_at is not None:
        return False
    return alarm.agency_id in managed if alarm.agency_id else bool(managed)


@require_POST
def settle(request: HttpRequest, alarm_id: int) -> HttpResponse:
    """Close an alarm with what was found out."""
    now = timezone.now()
    alarm = get_object_or_404(visible_alarms(request).select_related("agency"), pk=alarm_id)
    agency = alarm.agency or managed_agency(request)
    actor = actor_allowed(request.user, MANAGE, agency, now)
    note = request.POST.get("note", "")
    act = partial(settle_alarm, alarm=alarm, actor=actor, note=note, now=now, agency=agency)
    did(request, act, "Peringatan ditutup.")
    return redirect("mesin:alarms")
