"""Asking something of a machine: through the worker, or by a command that the machine fetches."""

from dataclasses import dataclass
from datetime import datetime, time

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from devices import services
from devices.exceptions import NotAllowedNow
from devices.forms import PunchesForm
from devices.models import Device, DeviceCommand
from devices.services import commands
from devices.views.access import MANAGE, visible_device
from devices.views.wizard import back_to
from foundation.actors import Actor
from organization.permissions import actor_allowed

Kind = DeviceCommand.Kind


@dataclass(frozen=True)
class Action:
    """A button: what the address calls it, and what it starts: a job or a command."""

    slug: str
    label: str
    icon: str
    job: str = ""
    command: Kind | None = None


ACTIONS = (
    Action("periksa", "Periksa mesin", "online", "devices.check"),
    Action("cocokkan-jam", "Cocokkan jam mesin", "clock", "devices.set_clock"),
    Action("kirim-pegawai", "Kirim data pegawai", "people", "devices.push_users"),
    Action("tarik-log", "Ambil log absensi", "download", "devices.pull_punches"),
)
# What only a machine can be told that fetches commands.
TOLD = (
    Action("kirim-baru", "Minta data baru", "upload", command=Kind.SEND_NEW),
    Action("baca-pegawai", "Baca isi mesin", "list", command=Kind.QUERY_USERS),
    Action("baca-ulang", "Baca ulang pengaturan", "retry", command=Kind.CHECK),
    Action("nyalakan-ulang", "Nyalakan ulang", "settings", command=Kind.REBOOT),
)


def actions_of(device: Device) -> tuple[Action, ...]:
    return ACTIONS if device.is_pulled else ACTIONS + TOLD


@require_POST
def ask(request: HttpRequest, device_id: int, action: str) -> HttpResponse:
    """Ask for something; the page shows what came of it."""
    device = visible_device(request, device_id)
    asked = next((item for item in actions_of(device) if item.slug == action), None)
    if asked is None:
        raise Http404
    now = timezone.now()
    actor = actor_allowed(request.user, MANAGE, device.agency, now)
    try:
        _start(device, asked, actor, now)
    except NotAllowedNow as error:
        messages.error(request, str(error))
    else:
        messages.info(request, "Permintaan dicatat; hasilnya tampil di halaman ini.")
    return redirect(back_to(request, device))


def _start(device: Device, asked: Action, actor: Actor, now: datetime) -> None:
    if asked.command is None:
        services.request_work(kind=asked.job, owner=device, actor=actor, now=now)
    else:
        commands.order(device=device, kind=asked.command, actor=actor, now=now)


@require_POST
def ask_punches(request: HttpRequest, device_id: int) -> HttpResponse:
    """Ask a machine that calls to send the punches of some days again."""
    device, now = visible_device(request, device_id), timezone.now()
    actor = actor_allowed(request.user, MANAGE, device.agency, now)
    form = PunchesForm(request.POST, today=now.astimezone(device.zone).date())
    if not form.is_valid():
        for texts in form.errors.values():
            messages.error(request, " ".join(map(str, texts)))
        return redirect("mesin:device", device.pk)
    start = datetime.combine(form.cleaned_data["first_on"], time.min)
    end = datetime.combine(form.cleaned_data["last_on"], time(23, 59, 59))
    arguments = {"start": start.isoformat(), "end": end.isoformat()}
    try:
        commands.order(
            device=device, kind=Kind.QUERY_PUNCHES, target=f"{start:%Y-%m-%d}/{end:%Y-%m-%d}",
            arguments=arguments, actor=actor, now=now,
        )  # fmt: skip
    except NotAllowedNow as error:
        messages.error(request, str(error))
    else:
        messages.info(request, "Perintah dicatat; mesin mengambilnya saat memanggil lagi.")
    return redirect("mesin:device", device.pk)
