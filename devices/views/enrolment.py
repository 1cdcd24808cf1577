"""The enrolment board, one person on it, and numbers that belong to nobody yet."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from devices import services
from devices.forms import (
    ExcuseForm,
    LeftOutForm,
    PinForm,
    ReasonForm,
    RecordedForm,
    RecordingAnewForm,
)
from devices.models import Device, Enrolment, RecordingAnew
from devices.overview import EnrolmentRow, enrolment_rows, unknown_pins
from devices.placing import machine_rows
from devices.services.pins import is_number
from devices.services.recording_anew import recordings_since
from devices.services.recording_removal import holding_up, left_out_of
from devices.services.requests import work_of
from devices.services.sessions import IN_SERVICE
from devices.services.supervision import SUPERVISE, may_supervise
from devices.views.access import ENROL, MANAGE, chosen_agency, visible_agencies, visible_employee
from devices.views.telling import did
from organization.models import Employee
from organization.permissions import actor_allowed, local_date, may
from processes.views.common import ROWS
from processes.views.common import person as signed_in

# What `?tampil=` may ask for: the label of its tab, and who is shown there.
SHOWN: dict[str, tuple[str, Callable[[EnrolmentRow], bool]]] = {
    "": ("Semua", lambda row: True),
    "belum": ("Masih kurang", lambda row: not row.settled),
    "pengawas": ("Menunggu pengawas", lambda row: bool(row.waiting)),
}


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Who is recorded where, by whom and under whose supervision, and who is not."""
    agency, now = chosen_agency(request), timezone.now()
    user = signed_in(request)
    rows = enrolment_rows(agency, now)
    shown, words = request.GET.get("tampil", ""), request.GET.get("q", "").strip()
    if shown not in SHOWN:
        shown = ""
    supervises = may(user, SUPERVISE, agency, now)
    waiting = [(row, recording) for row in rows for recording in row.waiting]
    matching = [row for row in rows if SHOWN[shown][1](row) and _matches(row, words)]
    context = {
        "agency": agency,
        "agencies": visible_agencies(request),
        "page": Paginator(matching, ROWS).get_page(request.GET.get("page")),
        "tabs": [
            {"key": key, "label": label, "count": sum(map(belongs, rows))}
            for key, (label, belongs) in SHOWN.items()
        ],
        "tab": shown,
        "q": words,
        "total": len(rows),
        "recorded": sum(row.status == "recorded" for row in rows),
        "open_count": sum(not row.settled for row in rows),
        "waiting": [
            {"row": row, "recording": found, "mine": not may_supervise(found.enrolment, user)}
            for row, found in waiting
        ],
        "may_supervise": supervises,
        "machines": machine_rows(agency, now),
        "work": work_of(agency),
        "may_enrol": may(user, ENROL, agency, now),
        "may_manage": may(user, MANAGE, agency, now),
    }
    return render(request, "devices/board.html", context)


def _matches(row: EnrolmentRow, words: str) -> bool:
    """Every word stands in the name, the NIP or the number on the machines."""
    text = f"{row.employee.name} {row.employee.number} {row.pin or ''}".casefold()
    return all(word in text for word in words.casefold().split())


@require_POST
def fetch_now(request: HttpRequest) -> HttpResponse:
    """Ask the worker to fetch and spread fingers on all machines of the agency."""
    agency, now = chosen_agency(request), timezone.now()
    actor = actor_allowed(request.user, ENROL, agency, now)
    services.request_work(kind="devices.sync_fingerprints", owner=agency, actor=actor, now=now)
    messages.info(request, "Penarikan sidik jari dimulai; hasilnya tampil di halaman ini.")
    return redirect(f"/mesin/perekaman/?pd={agency.code}")


@require_safe
def person(request: HttpRequest, employee_id: int) -> HttpResponse:
    return person_page(request, visible_employee(request, employee_id))


@require_POST
def excuse(request: HttpRequest, employee_id: int) -> HttpResponse:
    """Note an exception or a later day."""
    employee, now = visible_employee(request, employee_id), timezone.now()
    actor = actor_allowed(request.user, ENROL, employee.agency, now)
    form = ExcuseForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        said = {"employee": employee, "reason": data["reason"], "actor": actor, "now": now}
        if data["status"] == Enrolment.Status.LATER:
            act = partial(services.record_later, due_on=data["due_on"], **said)
        else:
            act = partial(services.record_exception, **said)
        if did(request, act, f"Keadaan {employee.name} dicatat.", form=form):
            return redirect("mesin:person", employee.pk)
    return person_page(request, employee, status=422, excuse_form=form)


@require_POST
def recorded(request: HttpRequest, employee_id: int) -> HttpResponse:
    """Note a finger recorded at a machine that cannot be read from here."""
    employee, now = visible_employee(request, employee_id), timezone.now()
    actor = actor_allowed(request.user, ENROL, employee.agency, now)
    form = RecordedForm(request.POST, devices=calling_devices(employee))
    if form.is_valid():
        act = partial(
            services.record_enrolment,
            employee=employee,
            finger=form.cleaned_data["finger"],
            device=form.cleaned_data["device"],
            actor=actor,
            now=now,
        )
        if did(request, act, f"Perekaman {employee.name} dicatat.", form=form):
            return redirect("mesin:person", employee.pk)
    return person_page(request, employee, status=422, recorded_form=form)


@require_POST
def new_pin(request: HttpRequest, employee_id: int) -> HttpResponse:
    """Close a person's number, which a machine has under another name, and give the next one."""
    employee, now = visible_employee(request, employee_id), timezone.now()
    actor = actor_allowed(request.user, MANAGE, employee.agency, now)
    pin = services.replace_pin(employee=employee, actor=actor, now=now)
    messages.success(request, f"PIN {employee.name} sekarang {pin.number}.")
    return redirect("mesin:person", employee.pk)


def calling_devices(employee: Employee) -> QuerySet[Device]:
    """Return the machines in service that call us, where this person may be recorded."""
    return Device.objects.filter(agency=employee.agency_id, state__in=IN_SERVICE).pushing()


def person_page(
    request: HttpRequest,
    employee: Employee,
    *,
    status: int = 200,
    excuse_form: ExcuseForm | None = None,
    recorded_form: RecordedForm | None = None,
    permit_form: ReasonForm | None = None,
    anew_form: RecordingAnewForm | None = None,
    left_out_form: LeftOutForm | None = None,
) -> HttpResponse:
    """Return the page of one person; a form that was refused stands on it with its errors."""
    user, now = signed_in(request), timezone.now()
    devices = calling_devices(employee)
    supervises = may(user, SUPERVISE, employee.agency, now)
    row = next(iter(enrolment_rows(employee.agency, now, of=employee)), None)
    history = employee.enrolments.select_related(
        "device", "recorded_by__employee", "supervised_by__employee"
    )
    anew = RecordingAnew.objects.open_of(employee)
    holders = holding_up(anew, now) if anew else Device.objects.none()
    context = {
        "employee": employee,
        "row": row,
        "history": history.order_by("-at", "-pk"),
        "pins": employee.device_pins.order_by("-valid_from", "-number"),
        "permit": employee.rerecording_permits.open_at(now).first(),
        "excuse_form": excuse_form or ExcuseForm(),
        "recorded_form": recorded_form or RecordedForm(devices=devices),
        "permit_form": permit_form or ReasonForm(),
        "anew_form": anew_form or RecordingAnewForm(auto_id="anew_%s"),
        "anew": anew,
        "anew_recorded": recordings_since(anew) if anew else [],
        "left_out": left_out_of(anew) if anew else [],
        "holders": holders,
        "left_out_form": left_out_form or LeftOutForm(devices=holders, auto_id="left_out_%s"),
        "may_withdraw_anew": anew is not None and anew.requested_by_id == user.pk,
        "has_calling_devices": devices.exists(),
        "may_enrol": may(user, ENROL, employee.agency, now),
        "may_manage": may(user, MANAGE, employee.agency, now),
        "may_supervise": supervises and user.employee_id != employee.pk,
        "mine": {r.enrolment.pk for r in row.waiting if not may_supervise(r.enrolment, user)}
        if row
        else set(),
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
        act = partial(
            services.assign_pin,
            employee=data["employee"],
            number=data["number"],
            valid_from=data["valid_from"],
            actor=actor_allowed(request.user, MANAGE, agency, now),
            now=now,
        )
        success = f"{data['employee'].name}: PIN {data['number']} dicatat."
        if did(request, act, success, form=form):
            return redirect(f"/mesin/pin/?pd={agency.code}")
    unknown = unknown_pins(agency)
    context = {
        "agency": agency,
        "unknown": unknown,
        "assignable": {pin for pin, _ in unknown if is_number(pin)},
        "form": form,
    }
    return render(request, "devices/pins.html", context, status=422 if form.errors else 200)
