"""What machines that call are told: what waits, what was answered, taking back what waits."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from devices.models import DeviceCommand
from devices.services.commands import cancel, cancel_all
from devices.views.access import MANAGE, visible_agencies, visible_device
from devices.views.telling import did
from organization.permissions import actor_allowed, may
from processes.views.common import paged


@require_safe
def command_list(request: HttpRequest, device_id: int) -> HttpResponse:
    device, now = visible_device(request, device_id), timezone.now()
    commands = device.commands.select_related("created_by")
    context = {
        "device": device,
        "page": paged(request, commands),
        "waiting": commands.filter(state=DeviceCommand.State.WAITING).count(),
        "may_manage": may(request.user, MANAGE, device.agency, now),
    }
    return render(request, "devices/commands.html", context)


@require_POST
def cancel_one(request: HttpRequest, command_id: int) -> HttpResponse:
    commands = DeviceCommand.objects.select_related("device__agency")
    command = get_object_or_404(
        commands, pk=command_id, device__agency__in=visible_agencies(request)
    )
    now = timezone.now()
    actor = actor_allowed(request.user, MANAGE, command.device.agency, now)
    act = partial(cancel, command=command, actor=actor, now=now)
    did(request, act, f"Perintah “{command.get_kind_display()}” dibatalkan.")
    return redirect("mesin:commands", command.device_id)


@require_POST
def cancel_waiting(request: HttpRequest, device_id: int) -> HttpResponse:
    """Take back everything that was not handed out yet."""
    device, now = visible_device(request, device_id), timezone.now()
    actor = actor_allowed(request.user, MANAGE, device.agency, now)
    count = cancel_all(device=device, actor=actor, now=now)
    messages.success(request, f"{count} perintah yang belum terkirim dibatalkan.")
    return redirect("mesin:commands", device.pk)
