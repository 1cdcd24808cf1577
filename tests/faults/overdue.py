"""Decisions whose timers are due already: begun in the past, and looked at; runs in an office."""

from datetime import timedelta

from django.utils import timezone

from foundation import ledger
from foundation.models import Event, OutboxJob
from processes.models import Task
from tests.faults.room.operations import VERB
from tests.faults.staging import start_decisions
from tests.faults.timers import SOP, TIMERS


def start_overdue(*, count: int, days: int) -> list[int]:
    """Start processes so many days ago that timers of theirs are due: 2 the reminder, 4 both."""
    began = timezone.now() - timedelta(days=days)
    return start_decisions(count=count, label=f"terlambat {days}", sop=SOP, now=began)


def work_due() -> int:
    """Return how many jobs are due and not done."""
    rows = OutboxJob.objects.filter(state=OutboxJob.State.WAITING)
    return rows.filter(run_after__lte=timezone.now()).count()


def overdue_faults(*, tasks: list[int], days: int) -> list[str]:
    """Return, in words, where due timers did not fire exactly once, or did what was not due."""
    found = [f"{fault.stream}#{fault.sequence}: {fault.reason}" for fault in ledger.verify()]
    for decision in Task.objects.filter(pk__in=tasks).select_related("instance"):
        rows = list(decision.instance.tasks.all())
        states = {row.step: row.status for row in rows}
        fired = {step for step in TIMERS if states[step] == "completed"}
        # Both are due at once after four days: the end may come first and take the reminder along.
        right = {"sehari"} if days == 2 else fired | {"lewat"}
        status = {2: ("ready", "running"), 4: ("cancelled", "finished")}[days]
        if fired != right or (decision.status, decision.instance.status) != status:
            found.append(f"{decision.instance}: {states}")
        for row in rows:
            wanted = 1 if row.step in {TIMERS[step] for step in fired} else 0
            subject = f"processes.task:{row.pk}"
            marks = Event.objects.filter(verb=VERB, subject=subject).count()
            done = Event.objects.filter(verb="task_completed", subject=subject).count()
            if marks != wanted or done != (1 if row.step in fired else wanted):
                found.append(f"{row.step}: {marks} marks, {done} times completed")
        if len(rows) != len(states) or len(rows) != 3 + len(fired):
            found.append(f"{decision.instance}: {sorted(row.step for row in rows)}")
    return found
