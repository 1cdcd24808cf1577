"""What happens to an outage in processes that end in between; each is called by itself."""

from datetime import datetime

import time_machine
from django.conf import settings

from foundation import outbox
from organization.models import User
from processes.models import Task
from processes.notices.kinds import REMINDER
from tests.attendance.outage_runs import Run
from tests.cast import make_cast


def report_and_diagnose() -> None:
    """Let the cast report a machine and find out what it lacks; its list begins that day."""
    run = Run(make_cast())
    with time_machine.travel(run.now, tick=False):
        run.report().diagnosed()


def work_at(moment: str) -> dict[str, object]:
    """Do what is due at a moment (ISO, with its zone); return what waits, and reminders."""
    with time_machine.travel(datetime.fromisoformat(moment), tick=False):
        outbox.drain(limit=1000)
    waiting = Task.objects.filter(kind="user", status="ready")
    operator = User.objects.get(username="sari")
    return {
        "zone": settings.TIME_ZONE,
        "people": sorted(waiting.values_list("step", flat=True)),
        "told": list(operator.notices.filter(kind=REMINDER).values_list("text", flat=True)),
    }
