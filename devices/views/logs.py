"""Bringing in attendance logs, what became of their lines, and the punches of a day."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from devices import services
from devices.exceptions import NotAllowedNow, NotAnAttendanceLog
from devices.forms import ImportForm, day_from
from devices.models import Punch, RawUpload
from devices.punches import PunchRow, day_bounds, punches_of
from devices.views.access import (
    IMPORT,
    MANAGE,
    chosen_agency,
    importable_devices,
    may_import,
    visible_agencies,
)
from organization.models import Employee
from organization.permissions import actor_allowed, agencies_where, local_date, may

STATES = {
    0: "masuk",
    1: "pulang",
    2: "keluar istirahat",
    3: "kembali",
    4: "lembur masuk",
    5: "lembur pulang",
}


@require_http_methods(["GET", "HEAD", "POST"])
def import_log(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    allowed = agencies_where(request.user, IMPORT, now) | agencies_where(request.user, MANAGE, now)
    if not allowed.exists():
        raise PermissionDenied("Penugasan Anda tidak memberi wewenang mengimpor log mesin.")
    devices = importable_devices(request)
    form = ImportForm(request.POST or None, request.FILES or None, devices=devices)
    if form.is_valid():
        device, upload = form.cleaned_data["device"], form.cleaned_data["file"]
        agency = device.agency
        right = IMPORT if may(request.user, IMPORT, agency, now) else MANAGE
        try:
            report = services.import_attlog(
                device=device,
                content=upload.content,
                filename=upload.label,
                layout=form.cleaned_data["layout"],
                actor=actor_allowed(request.user, right, agency, now),
                now=now,
            )
        except NotAnAttendanceLog as error:
            form.add_error("file", str(error))
        except NotAllowedNow as error:
            form.add_error("device", str(error))
        else:
            return redirect("mesin:upload", report.upload_id)
    uploads = RawUpload.objects.filter(device__in=devices, channel=RawUpload.Channel.FILE).defer(
        "content"
    )
    context = {
        "form": form,
        "has_devices": devices.exists(),
        "uploads": uploads.select_related("device__agency", "received_by")[:10],
    }
    return render(request, "devices/import.html", context, status=422 if form.errors else 200)


@require_safe
def punches(request: HttpRequest) -> HttpResponse:
    """Every employee's punches of one day of the agency's calendar."""
    agency, now = chosen_agency(request), timezone.now()
    zone = ZoneInfo(agency.time_zone)
    on = day_from(request.GET, local_date(agency, now))
    found = punches_of(agency.pk, on, on)
    employees = Employee.objects.filter(agency=agency).active(on).select_related("unit")
    rows = [{"employee": e, "punches": [_shown(p) for p in found.get(e.pk, [])]} for e in employees]
    start, end = day_bounds(on, on, zone)
    unknown = Punch.objects.counted().between(start, end)
    context: dict[str, Any] = {
        "agency": agency,
        "agencies": visible_agencies(request),
        "on": on,
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1),
        "rows": rows,
        "present": sum(bool(row["punches"]) for row in rows),
        "unknown": unknown.filter(device__agency=agency, employee=None).count(),
        "may_import": may_import(request.user, agency),
        "may_manage": may(request.user, MANAGE, agency, now),
    }
    return render(request, "devices/punches.html", context)


def _shown(punch: PunchRow) -> dict[str, Any]:
    return {
        "time": punch.local.strftime("%H.%M.%S"),
        "state": STATES.get(punch.state, "") if punch.state is not None else "",
        "device": punch.device_name,
        "source": punch.source,
    }
