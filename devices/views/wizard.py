"""Hubungkan mesin: what to enter on a terminal, then watching until its first call arrives."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from devices.diagnosis import Finding, Seen, diagnose_pull, diagnose_push
from devices.forms import ConnectForm
from devices.models import Alarm, Caller, Device
from devices.reachability import is_local_name, listens_only_here, own_addresses
from devices.services.requests import AskedWork, work_of
from devices.services.sessions import IN_SERVICE
from devices.views.access import MANAGE
from organization.models import Agency
from organization.permissions import agencies_where

LONGEST_WAIT = timedelta(hours=6)  # a page that stood open longer begins anew


@require_safe
def connect(request: HttpRequest) -> HttpResponse:
    """Ask what is to be connected, then say exactly what to enter on it."""
    agencies = _managed(request)
    form = ConnectForm(request.GET if "serial" in request.GET else None, agencies=agencies)
    if not form.is_valid():
        context = {"form": form, "several_agencies": agencies.count() > 1}
        status = 422 if form.errors else 200
        return render(request, "devices/connect.html", context, status=status)
    data = form.cleaned_data
    host, port = _host_and_port(request)
    context = {
        "agency": data["agency"],
        "serial": data["serial"],
        "pushes": data["protocol"] == Device.Protocol.PUSH,
        "hosts": own_addresses() if is_local_name(host) else [host],
        "is_name": not host.replace(".", "").isdigit() and not is_local_name(host),
        "port": port,
        "is_https": request.is_secure(),
        "only_here": _only_here(request, host),
        "next": watch_address(data["agency"], data["protocol"], data["serial"]),
        "register": _register_address(data["agency"], data["protocol"], data["serial"]),
        "registered": Device.objects.filter(serial=data["serial"]).exists(),
    }
    return render(request, "devices/connect_settings.html", context)


@require_safe
def watch(request: HttpRequest) -> HttpResponse:
    """Look whether the machine has called by now, and say what is wrong if it has not."""
    agencies = _managed(request)
    form = ConnectForm(request.GET, agencies=agencies)
    if not form.is_valid():
        return redirect("mesin:connect")
    data, now = form.cleaned_data, timezone.now()
    agency, protocol, serial = data["agency"], data["protocol"], data["serial"]
    since = _since(request, now)
    # Of a machine of another agency nothing is told but that the serial is taken.
    device = Device.objects.filter(serial=serial).select_related("agency").first()
    is_foreign = device is not None and device.agency not in agencies
    own = None if is_foreign else device
    work = work_of(own, limit=3) if own else []
    findings = [FOREIGN] if is_foreign else _diagnose(request, serial, protocol, own, since, now)
    context = {
        "agency": agency,
        "serial": serial,
        "pushes": protocol == Device.Protocol.PUSH,
        "device": own,
        "in_service": own is not None and own.state in IN_SERVICE,
        "findings": findings,
        "is_done": all(finding.kind == "ok" for finding in findings),
        "work": work,
        "since": since,
        "register": _register_address(agency, protocol, serial),
        "settings": f"{reverse('mesin:connect')}?{_query(agency, protocol, serial)}",
        "caller": Caller.objects.waiting().filter(serial=serial).first(),
    }
    return render(request, "devices/connect_watch.html", context)


def _managed(request: HttpRequest) -> QuerySet[Agency]:
    agencies = agencies_where(request.user, MANAGE, timezone.now()).order_by("name")
    if not agencies.exists():
        raise PermissionDenied("Penugasan Anda tidak memberi wewenang mendaftarkan mesin.")
    return agencies


FOREIGN = Finding(
    "error",
    "Nomor seri ini sudah terdaftar pada perangkat daerah lain.",
    ("Minta pengelola mesin memindahkannya, atau periksa lagi nomor serinya.",),
)


def _diagnose(
    request: HttpRequest, serial: str, protocol: str, device: Device | None,
    since: datetime, now: datetime,
) -> list[Finding]:  # fmt: skip
    if protocol == Device.Protocol.PULL:
        return diagnose_pull(_seen_pulled(serial, device, since, now))
    caller = Caller.objects.filter(serial=serial).first()
    called = [row.last_seen_at for row in [caller] if row]
    if device and device.last_contact_at:
        called.append(device.last_contact_at)
    speaks = device or caller
    host, port = _host_and_port(request)
    others = Caller.objects.waiting().filter(last_seen_at__gte=since).exclude(serial=serial)
    paths = Alarm.objects.filter(kind=Alarm.Kind.UNKNOWN_PATH, last_seen_at__gte=since)
    seen = Seen(
        serial=serial,
        waited=now - since,
        port=port,
        state=device.state if device else "",
        silent=now - max(called) if called else None,
        dialect=speaks.dialect if speaks else Device.Dialect.ATTENDANCE,
        clock_offset=device.clock_offset if device else None,
        only_here=_only_here(request, host),
        other_serials=tuple(others.values_list("serial", flat=True)[:3]),
        unknown_paths=tuple(paths.values_list("target", flat=True)[:3]),
    )
    return diagnose_push(seen)


def _seen_pulled(serial: str, device: Device | None, since: datetime, now: datetime) -> Seen:
    if device is None:
        return Seen(serial=serial, waited=now - since)
    latest: AskedWork | None = next(iter(work_of(device, limit=1)), None)
    is_waiting = latest is not None and latest.state == "waiting" and not latest.error
    return Seen(
        serial=serial,
        waited=now - since,
        state=device.state,
        check="waiting" if is_waiting else "done" if device.checked_at else "",
        check_error=device.check_error,
    )


def watch_address(agency: Agency, protocol: str, serial: str) -> str:
    query = _query(agency, protocol, serial, sejak=timezone.now().isoformat(timespec="seconds"))
    return f"{reverse('mesin:connect_watch')}?{query}"


def back_to(request: HttpRequest, device: Device) -> str:
    """Return where a person goes on: the wizard, when he came from there, else the machine."""
    if "hubungkan" in request.GET:
        return watch_address(device.agency, device.protocol, device.serial)
    return reverse("mesin:device", args=[device.pk])


def _register_address(agency: Agency, protocol: str, serial: str) -> str:
    query = urlencode({"sn": serial, "cara": protocol, "pd": agency.code, "hubungkan": ""})
    return f"{reverse('mesin:register')}?{query}"


def _query(agency: Agency, protocol: str, serial: str, **more: str) -> str:
    return urlencode({"agency": agency.code, "protocol": protocol, "serial": serial, **more})


def _since(request: HttpRequest, now: datetime) -> datetime:
    """Return since when somebody waits, as the address says; now where it says nothing good."""
    try:
        since = parse_datetime(request.GET.get("sejak", ""))
    except ValueError:
        since = None
    if since is None or since.tzinfo is None or not now - LONGEST_WAIT <= since <= now:
        return now
    return since


def _host_and_port(request: HttpRequest) -> tuple[str, int]:
    """Return under which name and port the browser reached this server."""
    host, _, port = request.get_host().rpartition(":")
    if not host or not port.isdigit():
        return request.get_host(), 443 if request.is_secure() else 80
    return host, int(port)


def _only_here(request: HttpRequest, host: str) -> bool:
    """Say whether no machine can reach this server: a browser elsewhere proves that some can."""
    port = request.META.get("SERVER_PORT", "")
    return is_local_name(host) and port.isdigit() and listens_only_here(int(port))
