"""Two who measure at the same time; runs inside processes of an office."""

import time

from django.utils import timezone

from organization.models import User
from processes.audit.measured.refreshing import outdated, refresh
from processes.models import InstanceAudit, VisitTiming
from processes.services import complete_task
from tests.faults.staging import HEADS, start_decisions
from tests.inside import wait_for_signal


def stage(count: int) -> None:
    """Leave as many instances with one finished visit each."""
    head = User.objects.get(username=HEADS[0])
    answers = {"putusan": "disetujui"}
    for task in start_decisions(count=count, claimed_by=HEADS[0]):
        complete_task(task_id=task, actor_user=head, answers=answers, now=timezone.now())


def race() -> int:
    """Measure one by one as long as anything is left; return how many."""
    wait_for_signal()
    measured = 0
    while outdated().exists():
        measured += refresh(now=timezone.now(), limit=1)
        time.sleep(0.02)  # SQLite's lock goes to who asks at the right moment: leave some
    return measured


def state() -> dict[str, int]:
    return {
        "outdated": outdated().count(),
        "audits": InstanceAudit.objects.count(),
        "visits": VisitTiming.objects.count(),
    }
