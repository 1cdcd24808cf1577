"""The list of machines, one machine, its registration and what can be asked of it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from devices import services
from devices.contexts import equipment_text
from devices.exceptions import NotAllowedNow
from devices.forms import ClockForm, DeviceForm, EditDeviceForm, NewDeviceForm
from devices.health import clock_text
from devices.models import Device
from devices.overview import readiness
from devices.services.registration import MOVES
from devices.services.requests import work_of
from devices.views.access import MANAGE, visible_agencies, visible_device
from organization.permissions import actor_allowed, agencies_where, may

# What the address calls it -> the job; all need the right to look after machines.
ACTIONS = {
    "periksa": "devices.check",
    "cocokkan-jam": "devices.set_clock",
    "kirim-pegawai": "devices.push_users",
    "tarik-log": "devices.pull_punches",
}


@require_safe
def device_list(request: HttpRequest) -> HttpResponse:
    """All machines of the agencies that the person may see, with their state in words."""
    now = timezone.now()
    devices = Device.objects.filter(agency__in=visible_agencies(request)).select_related("agency")
    if request.GET.get("semua") is None:
        devices = devices.exclude(state=Device.State.RETIRED)
    rows = [
        {"device": device, "clock": clock_text(device), "problem": readiness(device, now)}
        for device in devices
    ]
    may_register = agencies_where(request.user, MANAGE, now).exists()
    return render(request, "devices/list.html", {"rows": rows, "may_register": may_register})


@require_safe
def device_page(request: HttpRequest, device_id: int) -> HttpResponse:
    return _page(request, visible_device(request, device_id), ClockForm())


def _page(
    request: HttpRequest, device: Device, clock_form: ClockForm, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    context = {
        "device": device,
        "clock": clock_text(device),
        "equipment": equipment_text(device),
        "problem": readiness(device, now),
        "work": work_of(device),
        "uploads": device.uploads.defer("content")[:5],
        "clock_form": clock_form,
        "may_manage": may(request.user, MANAGE, device.agency, now),
        "in_service": device.state in ("approved", "active"),
    }
    return render(request, "devices/device.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    agencies = agencies_where(request.user, MANAGE, now).order_by("name")
    if not agencies.exists():
        raise PermissionDenied("Penugasan Anda tidak memberi wewenang mendaftarkan mesin.")
    form = NewDeviceForm(request.POST or None, agencies=agencies)
    if form.is_valid():
        data = form.cleaned_data
        try:
            device = services.register_device(
                agency=data["agency"],
                serial=data["serial"],
                name=data["name"],
                protocol=data["protocol"],
                comm_key=data["comm_key"] or 0,
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
            return redirect("mesin:device", device.pk)
    return _form_page(request, form, "Daftarkan mesin", None)


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
    return redirect("mesin:device", device.pk)


@require_POST
def ask(request: HttpRequest, device_id: int, action: str) -> HttpResponse:
    """Ask the worker for something; the page shows what came of it."""
    device = visible_device(request, device_id)
    if action not in ACTIONS or not device.is_pulled:
        raise Http404
    now = timezone.now()
    actor = actor_allowed(request.user, MANAGE, device.agency, now)
    services.request_work(kind=ACTIONS[action], owner=device, actor=actor, now=now)
    messages.info(
        request, "Pekerjaan dicatat; hasilnya tampil di halaman ini. Muat ulang sebentar lagi."
    )
    return redirect("mesin:device", device.pk)


@require_POST
def confirm_clock(request: HttpRequest, device_id: int) -> HttpResponse:
    """Keep what a person read off a machine that cannot be asked."""
    device = visible_device(request, device_id)
    now = timezone.now()
    actor = actor_allowed(request.user, MANAGE, device.agency, now)
    form = ClockForm(request.POST)
    if not form.is_valid():
        return _page(request, device, form, status=422)
    try:
        services.confirm_clock(
            device=device, offset=form.cleaned_data["offset"], actor=actor, now=now
        )
    except NotAllowedNow as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Jam mesin dicatat.")
    return redirect("mesin:device", device.pk)
