"""What waits for people beside their tasks: fingers that were recorded, machines to look at."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from devices.guards import BOARD, LIST
from devices.models import Alarm, Caller
from devices.services.supervision import SUPERVISE, waits_for
from organization.permissions import account, agencies_where, may_somewhere
from workflows.registry import Waiting, waiting


@waiting("devices.supervision")
def recordings_to_confirm(user_id: int, now: datetime) -> Sequence[Waiting]:
    """Say per agency how many recordings wait for this person as supervisor."""
    user = account(user_id)
    if not may_somewhere(user, SUPERVISE, now):
        return []
    found = []
    agencies = list(agencies_where(user, SUPERVISE, now).order_by("name"))
    counts = waits_for(user, agencies)
    for agency in agencies:
        if count := counts.get(agency.pk):
            text = f"{count} perekaman sidik jari di {agency} menunggu pengesahan pengawas"
            found.append(Waiting(text, f"{BOARD}?pd={agency.code}&tampil=pengawas"))
    return found


@waiting("devices.machines")
def machines_to_look_at(user_id: int, now: datetime) -> Sequence[Waiting]:
    """Say how many alarms are open and how many terminals wait, to who looks after machines."""
    user = account(user_id)
    if not may_somewhere(user, "devices.manage", now):
        return []
    agencies = agencies_where(user, "devices.manage", now)
    found = []
    if count := Alarm.objects.open().filter(Q(agency__in=agencies) | Q(agency=None)).count():
        found.append(Waiting(f"{count} peringatan mesin belum ditutup", f"{LIST}alarm/"))
    if count := Caller.objects.waiting().count():
        text = f"{count} mesin memanggil dan belum terdaftar"
        found.append(Waiting(text, f"{LIST}baru/"))
    return found
