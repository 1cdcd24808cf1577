"""The enrolment board, one person on it, and numbers that belong to nobody yet."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from devices import services
from devices.exceptions import NotAllowedNow
from devices.forms import ExcuseForm, PinForm, RecordedForm
from devices.models import Device, Enrolment
from devices.overview import enrolment_rows, unknown_pins
from devices.services.requests import work_of
from devices.services.sessions import IN_SERVICE
from devices.services.synchronizing import machines_to_serve
from devices.views.access import ENROL, MANAGE, chosen_agency, visible_agencies, visible_employee
from organization.models import Employee
from organization.permissions import actor_allowed, local_date, may


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Who is recorded where, with which fingers, and who is not."""
    agency, now = chosen_agency(request), timezone.now()
    rows = enrolment_rows(agency, now)
    only_open = request.GET.get("tampil") == "belum"
    context = {
        "agency": agency,
        "agencies": visible_agencies(request),
        "rows": [row for row in rows if not (only_open and row.settled)],
        "total": len(rows),
        "recorded": sum(row.status == "recorded" for row in rows),
        "open_count": sum(not row.settled for row in rows),
        "only_open": only_open,
        "machines": machines_to_serve(agency),
        "work": work_of(agency),
        "may_enrol": may(request.user, ENROL, agency, now),
        "may_manage": may(request.user, MANAGE, agency, now),
    }
    return render(request, "devices/board.html", context)


@require_POST
def fetch_now(request: HttpRequest) -> HttpResponse:
    """Ask the worker to fetch and spread fingers on all machines of the agency."""
    agency, now = chosen_agency(request), timezone.now()
    actor = actor_allowed(request.user, ENROL, agency, now)
    services.request_work(kind="devices.sync_fingerprints", owner=agency, actor=actor, now=now)
    messages.info(request, "Penarikan sidik jari dimulai; muat ulang halaman ini sebentar lagi.")
    return redirect(f"/mesin/perekaman/?pd={agency.code}")


@require_safe
def person(request: HttpRequest, employee_id: int) -> HttpResponse:
    employee = visible_employee(request, employee_id)
    return _person_page(request, employee, ExcuseForm(), _recorded_form(employee))


@require_POST
def excuse(request: HttpRequest, employee_id: int) -> HttpResponse:
    """Note an exception or a later day."""
    employee, now = visible_employee(request, employee_id), timezone.now()
    actor = actor_allowed(request.user, ENROL, employee.agency, now)
    form = ExcuseForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            if data["status"] == Enrolment.Status.LATER:
                services.record_later(
                    employee=employee,
                    due_on=data["due_on"],
                    reason=data["reason"],
                    actor=actor,
                    now=now,
                )
            else:
                services.record_exception(
                    employee=employee, reason=data["reason"], actor=actor, now=now
                )
        except NotAllowedNow as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Keadaan {employee.name} dicatat.")
            return redirect("mesin:person", employee.pk)
    return _person_page(request, employee, form, _recorded_form(employee), status=422)


@require_POST
def recorded(request: HttpRequest, employee_id: int) -> HttpResponse:
    """Note a finger recorded at a machine that cannot be read from here."""
    employee, now = visible_employee(request, employee_id), timezone.now()
    actor = actor_allowed(request.user, ENROL, employee.agency, now)
    form = RecordedForm(request.POST, devices=_unread_devices(employee))
    if form.is_valid():
        try:
            services.record_enrolment(
                employee=employee,
                finger=form.cleaned_data["finger"],
                device=form.cleaned_data["device"],
                actor=actor,
                now=now,
            )
        except NotAllowedNow as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Perekaman {employee.name} dicatat.")
            return redirect("mesin:person", employee.pk)
    return _person_page(request, employee, ExcuseForm(), form, status=422)


@require_POST
def new_pin(request: HttpRequest, employee_id: int) -> HttpResponse:
    """Close a person's number, which a machine has under another name, and give the next one."""
    employee, now = visible_employee(request, employee_id), timezone.now()
    actor = actor_allowed(request.user, MANAGE, employee.agency, now)
    pin = services.replace_pin(employee=employee, actor=actor, now=now)
    messages.success(request, f"PIN {employee.name} sekarang {pin.number}.")
    return redirect("mesin:person", employee.pk)


def _unread_devices(employee: Employee) -> QuerySet[Device]:
    return Device.objects.filter(
        agency=employee.agency_id, state__in=IN_SERVICE, protocol=Device.Protocol.PUSH
    )


def _recorded_form(employee: Employee) -> RecordedForm | None:
    devices = _unread_devices(employee)
    return RecordedForm(devices=devices) if devices.exists() else None


def _person_page(
    request: HttpRequest,
    employee: Employee,
    excuse_form: ExcuseForm,
    recorded_form: RecordedForm | None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    rows = enrolment_rows(employee.agency, now)
    context = {
        "employee": employee,
        "row": next((row for row in rows if row.employee == employee), None),
        "history": employee.enrolments.select_related("device", "recorded_by").order_by("-at"),
        "pins": employee.device_pins.order_by("-valid_from", "-number"),
        "excuse_form": excuse_form,
        "recorded_form": recorded_form,
        "may_enrol": may(request.user, ENROL, employee.agency, now),
        "may_manage": may(request.user, MANAGE, employee.agency, now),
    }
    return render(request, "devices/person.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def pins(request: HttpRequest) -> HttpResponse:
    """Numbers in the logs that belong to nobody, and giving one to the person whose it is."""
    agency, now = chosen_agency(request), timezone.now()
    if not may(request.user, MANAGE, agency, now):
        raise PermissionDenied("Penugasan Anda tidak memberi wewenang mengatur PIN.")
    today = local_date(agency, now)
    employees = Employee.objects.filter(agency=agency).active(today)
    form = PinForm(
        request.POST or None,
        employees=employees,
        initial={"number": request.GET.get("pin", ""), "valid_from": today.replace(day=1)},
    )
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.assign_pin(
                employee=data["employee"],
                number=data["number"],
                valid_from=data["valid_from"],
                actor=actor_allowed(request.user, MANAGE, agency, now),
                now=now,
            )
        except NotAllowedNow as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"PIN {data['number']} milik {data['employee'].name}.")
            return redirect(f"/mesin/pin/?pd={agency.code}")
    context = {"agency": agency, "unknown": unknown_pins(agency), "form": form}
    return render(request, "devices/pins.html", context, status=422 if form.errors else 200)
