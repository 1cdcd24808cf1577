"""The list of machines, one machine, its registration and its moves through life."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from devices import services
from devices.contents import backlogs, last_punches, shares
from devices.contexts import equipment_text
from devices.exceptions import NotAllowedNow
from devices.forms import ClockForm, DeviceForm, EditDeviceForm, NewDeviceForm, PunchesForm
from devices.health import clock_text, conditions
from devices.models import Device
from devices.overview import readiness
from devices.services.registration import MOVES
from devices.services.requests import work_of
from devices.services.sessions import IN_SERVICE
from devices.views.access import MANAGE, visible_agencies, visible_device
from devices.views.asking import actions_of
from devices.views.telling import did
from devices.views.uploads import operation_row
from devices.views.wizard import back_to
from organization.permissions import actor_allowed, agencies_where, may
from processes.views.common import paged

SHOWN = 10  # rows of each kind on a machine's page; the rest has pages of its own


@require_safe
def device_list(request: HttpRequest) -> HttpResponse:
    """All machines of the agencies that the person may see, with their state in words."""
    now, shows_all = timezone.now(), "semua" in request.GET
    devices = Device.objects.filter(agency__in=visible_agencies(request)).select_related("agency")
    if not shows_all:
        devices = devices.exclude(state=Device.State.RETIRED)
    page = paged(request, devices)
    behind = backlogs(list(page))
    rows = [
        {
            "device": device,
            "conditions": conditions(device, now),
            "clock": clock_text(device),
            "backlog": behind[device.pk],
            "shares": shares(device),
        }
        for device in page
    ]
    context = {
        "page": page,
        "rows": rows,
        "shows_all": shows_all,
        "may_register": agencies_where(request.user, MANAGE, now).exists(),
        "several_agencies": visible_agencies(request).count() > 1,
    }
    return render(request, "devices/list.html", context)


@require_safe
def device_page(request: HttpRequest, device_id: int) -> HttpResponse:
    return _page(request, visible_device(request, device_id), ClockForm())


def _page(
    request: HttpRequest, device: Device, clock_form: ClockForm, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    may_manage = may(request.user, MANAGE, device.agency, now)
    context = {
        "device": device,
        "zone": device.agency.time_zone,
        "conditions": conditions(device, now),
        "clock": clock_text(device),
        "equipment": equipment_text(device),
        "problem": readiness(device, now),
        "shares": shares(device),
        "backlog": backlogs([device])[device.pk],
        "alarms": device.alarms.open(),
        "work": work_of(device),
        "commands": device.commands.select_related("created_by")[:SHOWN],
        "punches": last_punches(device, SHOWN),
        "uploads": device.uploads.defer("content").select_related("device__agency")[:5],
        "operations": [operation_row(row) for row in device.operations.all()[:5]],
        "clock_form": clock_form,
        "punches_form": PunchesForm(today=now.astimezone(device.zone).date()),
        "may_manage": may_manage,
        "in_service": device.state in IN_SERVICE,
        "actions": actions_of(device) if may_manage and device.state in IN_SERVICE else [],
    }
    return render(request, "devices/device.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Register a machine; the address may say what is known of it (`sn`, `cara`, `pd`)."""
    now = timezone.now()
    agencies = agencies_where(request.user, MANAGE, now).order_by("name")
    if not agencies.exists():
        raise PermissionDenied("Penugasan Anda tidak memberi wewenang mendaftarkan mesin.")
    form = NewDeviceForm(
        request.POST or None,
        agencies=agencies,
        protocol=request.GET.get("cara", ""),
        initial=_known_from(request, agencies),
    )
    if form.is_valid():
        data = form.cleaned_data
        try:
            device = services.register_device(
                agency=data["agency"],
                serial=data["serial"],
                name=data["name"],
                protocol=data["protocol"],
                comm_key=data.get("comm_key") or 0,
                actor=actor_allowed(request.user, MANAGE, data["agency"], now),
                now=now,
                **form.details(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request, f"{device.name} terdaftar. Cocokkan nomor serinya, lalu setujui."
            )
            return redirect(back_to(request, device))
    return _form_page(request, form, "Daftarkan mesin", None)


def _known_from(request: HttpRequest, agencies: Any) -> dict[str, Any]:
    agency = agencies.filter(code=request.GET.get("pd", "")).first() or agencies.first()
    return {
        "agency": agency,
        "time_zone": agency.time_zone,
        "serial": request.GET.get("sn", "")[:64],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, device_id: int) -> HttpResponse:
    now = timezone.now()
    device = visible_device(request, device_id)
    actor = actor_allowed(request.user, MANAGE, device.agency, now)
    form = EditDeviceForm(request.POST or None, instance=device)
    if form.is_valid():
        try:
            services.update_device(
                device=device,
                changes=form.cleaned_data,
                comm_key=form.cleaned_data["comm_key"],
                actor=actor,
                now=now,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Perubahan disimpan.")
            return redirect("mesin:device", device.pk)
    return _form_page(request, form, f"Ubah {device.name}", device)


def _form_page(
    request: HttpRequest, form: DeviceForm, heading: str, device: Device | None
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "heading": heading, "device": device}
    return render(request, "devices/form.html", context, status=422 if form.errors else 200)


@require_POST
def move(request: HttpRequest, device_id: int, step: str) -> HttpResponse:
    """Approve, activate, suspend or retire."""
    device = visible_device(request, device_id)
    if step not in MOVES:
        raise Http404
    now = timezone.now()
    actor = actor_allowed(request.user, MANAGE, device.agency, now)
    try:
        device = services.move_device(device=device, move=step, actor=actor, now=now)
    except NotAllowedNow as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{device.name}: {device.get_state_display()}.")
    return redirect(back_to(request, device))


@require_POST
def confirm_clock(request: HttpRequest, device_id: int) -> HttpResponse:
    """Keep what a person read off a machine that cannot be asked."""
    device = visible_device(request, device_id)
    now = timezone.now()
    actor = actor_allowed(request.user, MANAGE, device.agency, now)
    form = ClockForm(request.POST)
    if not form.is_valid():
        return _page(request, device, form, status=422)
    offset = form.cleaned_data["offset"]
    act = partial(services.confirm_clock, device=device, offset=offset, actor=actor, now=now)
    did(request, act, "Jam mesin dicatat.")
    return redirect("mesin:device", device.pk)
