"""What happens to a day in processes that end in between; each is called by itself."""

from datetime import datetime

import time_machine
from django.conf import settings

from attendance.services.days import begin_days
from foundation import outbox
from organization.models import Agency
from processes.models import Instance, Task
from tests.attendance.checkins.phones import decide


def choose_day() -> None:
    """Let the office's agency begin its days by the clock."""
    for agency in Agency.objects.all()[:1]:
        decide(agency, "daily_procedure", "yes")


def work_at(moment: str) -> dict[str, object]:
    """Do what is due at a moment (ISO, with its zone); return what waits then."""
    now = datetime.fromisoformat(moment)
    settings.SOP_ROOTS = [settings.BASE_DIR / "workflows" / "bpmn"]  # not those of other tests
    with time_machine.travel(now, tick=False):
        begin_days(now=now)
        outbox.drain(limit=1000)
    instances = Instance.objects.filter(definition_key="presensi_harian_tapin")
    states = (Task.Status.READY, Task.Status.CLAIMED)
    tasks = Task.objects.filter(instance__in=instances, status__in=states)
    return {
        "zone": settings.TIME_ZONE,
        "subjects": sorted(instances.values_list("subject", flat=True)),
        "people": sorted(tasks.filter(kind="user").values_list("step", flat=True)),
        "timers": sorted(
            due.isoformat() for due in tasks.filter(kind="timer").values_list("due_at", flat=True)
            if due
        ),
    }  # fmt: skip
