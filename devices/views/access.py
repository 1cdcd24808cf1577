"""Who sees which machines. What a person may not see is not there (404)."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from devices.models import Device
from organization.models import Agency, Employee, User
from organization.permissions import REFUSAL, agencies_where, may

VIEW, MANAGE, ENROL, IMPORT = (
    "devices.view",
    "devices.manage",
    "enrolment.manage",
    "punches.import",
)


def visible_agencies(request: HttpRequest) -> QuerySet[Agency]:
    return agencies_where(request.user, VIEW, timezone.now()).order_by("name")


def chosen_agency(request: HttpRequest) -> Agency:
    """Return the agency that `?pd=` names, else the first that the person may see; 404 for none."""
    agencies = visible_agencies(request)
    code = request.GET.get("pd", "")
    agency = agencies.filter(code=code).first() if code else agencies.first()
    if agency is None:
        raise Http404
    return agency


def managed_agency(request: HttpRequest) -> Agency:
    """Return the agency for which a person decides about what belongs to none."""
    agency = agencies_where(request.user, MANAGE, timezone.now()).order_by("name").first()
    if agency is None:
        raise PermissionDenied(REFUSAL)
    return agency


def visible_device(request: HttpRequest, device_id: int) -> Device:
    devices = Device.objects.select_related("agency", "registered_by")
    return get_object_or_404(devices, pk=device_id, agency__in=visible_agencies(request))


def visible_employee(request: HttpRequest, employee_id: int) -> Employee:
    employees = Employee.objects.select_related("agency")
    return get_object_or_404(employees, pk=employee_id, agency__in=visible_agencies(request))


def may_import(user: User | AnonymousUser, agency: Agency) -> bool:
    """Logs are brought in by those who import punches and by those who look after machines."""
    now = timezone.now()
    return may(user, IMPORT, agency, now) or may(user, MANAGE, agency, now)


def importable_devices(request: HttpRequest) -> QuerySet[Device]:
    now = timezone.now()
    agencies = agencies_where(request.user, IMPORT, now) | agencies_where(request.user, MANAGE, now)
    states = (Device.State.APPROVED, Device.State.ACTIVE)
    return Device.objects.filter(agency__in=agencies, state__in=states).select_related("agency")
