"""What a supervisor does: confirms recordings, refuses one, gives leave to record anew."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from devices import services
from devices.exceptions import NotAllowedNow, OldFingerRemains
from devices.forms import ReasonForm, RecordedForm
from devices.models import DeviceCommand, Enrolment
from devices.services.commands import order
from devices.services.supervision import SUPERVISE
from devices.views.access import ENROL, chosen_agency, visible_agencies, visible_employee
from devices.views.enrolment import calling_devices, person_page
from devices.views.telling import did
from foundation.actors import Actor
from organization.models import Agency
from organization.permissions import actor_allowed

LARGEST_ID = 2**63 - 1


@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Confirm the recordings that were ticked on the board."""
    agency, now = chosen_agency(request), timezone.now()
    actor = actor_allowed(request.user, SUPERVISE, agency, now)
    told = request.POST.getlist("enrolment")
    keys = [int(key) for key in told if key.isascii() and key.isdigit() and int(key) <= LARGEST_ID]
    rows = Enrolment.objects.filter(pk__in=keys, employee__agency=agency)
    try:
        confirmed = services.confirm_enrolments(enrolments=rows, actor=actor, now=now)
    except OldFingerRemains as error:
        _sync(agency, actor)
        messages.warning(request, f"{error} Penghapusan sudah dimulai.")
    except NotAllowedNow as error:
        messages.error(request, str(error))
    else:
        _tell(request, len(confirmed))
        if confirmed:
            _sync(agency, actor)
    return redirect(f"/mesin/perekaman/?pd={agency.code}&tampil=pengawas")


@require_POST
def refuse(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Withdraw a recording that waits, with the reason."""
    now = timezone.now()
    rows = Enrolment.objects.filter(employee__agency__in=visible_agencies(request))
    rows = rows.select_related("employee__agency", "device")
    enrolment = get_object_or_404(rows, pk=enrolment_id)
    employee = enrolment.employee
    actor = actor_allowed(request.user, SUPERVISE, employee.agency, now)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Tuliskan alasan penolakan.")
        return redirect("mesin:person", employee.pk)
    reason = form.cleaned_data["reason"]
    act = partial(
        services.refuse_enrolment, enrolment=enrolment, reason=reason, actor=actor, now=now
    )
    if did(request, act, f"Rekaman {employee.name} ditolak dan dihapus dari mesin."):
        _sync(employee.agency, actor)
    return redirect("mesin:person", employee.pk)


@require_POST
def give_permit(request: HttpRequest, employee_id: int) -> HttpResponse:
    """Allow that this person's fingers are recorded anew."""
    employee, now = visible_employee(request, employee_id), timezone.now()
    actor = actor_allowed(request.user, SUPERVISE, employee.agency, now)
    form = ReasonForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        act = partial(services.give_permit, employee=employee, reason=reason, actor=actor, now=now)
        if did(request, act, f"Sidik jari {employee.name} boleh direkam ulang.", form=form):
            return redirect("mesin:person", employee.pk)
    return person_page(request, employee, status=422, permit_form=form)


@require_POST
def withdraw_permit(request: HttpRequest, employee_id: int) -> HttpResponse:
    employee, now = visible_employee(request, employee_id), timezone.now()
    actor = actor_allowed(request.user, SUPERVISE, employee.agency, now)
    act = partial(services.withdraw_permit, employee=employee, actor=actor, now=now)
    did(request, act, "Izin perekaman ulang dicabut.")
    return redirect("mesin:person", employee.pk)


@require_POST
def order_finger(request: HttpRequest, employee_id: int) -> HttpResponse:
    """Let a machine that calls us ask the person for a finger now."""
    employee, now = visible_employee(request, employee_id), timezone.now()
    actor = actor_allowed(request.user, ENROL, employee.agency, now)
    form = RecordedForm(request.POST, devices=calling_devices(employee))
    pin = employee.device_pins.filter(valid_until=None).first()
    if pin is None:
        form.add_error(None, "Pegawai ini belum mempunyai PIN. Kirim data pegawai ke mesin dahulu.")
    if form.is_valid() and pin is not None:
        device, finger = form.cleaned_data["device"], form.cleaned_data["finger"]
        act = partial(
            order,
            device=device,
            kind=DeviceCommand.Kind.ENROL_FINGER,
            target=f"{pin.number}/{finger}",
            actor=actor,
            now=now,
        )
        success = f"{device.name} akan meminta jari {employee.name} pada panggilan berikut."
        if did(request, act, success, form=form):
            return redirect("mesin:person", employee.pk)
    return person_page(request, employee, status=422, recorded_form=form)


def _tell(request: HttpRequest, confirmed: int) -> None:
    if confirmed:
        messages.success(request, f"{confirmed} rekaman disahkan dan disalin ke mesin lain.")
    else:
        messages.info(request, "Tidak ada rekaman yang dipilih dan masih menunggu.")


def _sync(agency: Agency, actor: Actor) -> None:
    """Let the worker bring what counts now to the other machines, and delete what does not."""
    services.request_work(
        kind="devices.sync_fingerprints", owner=agency, actor=actor, now=timezone.now()
    )
