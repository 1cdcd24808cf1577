"""What still waits in an instance, withdrawn all at once: it is cancelled, or goes back."""

from datetime import datetime

from foundation.actors import Actor
from foundation.ledger import Entry
from processes.lifecycle import TaskLifecycle
from processes.models import Instance, Task
from processes.services.call_jobs import stop_called
from processes.services.locking import open_tasks, subject_of


def withdraw_open(instance: Instance, *, actor: Actor, now: datetime) -> list[Entry]:
    """Cancel every task that waits and return the events; the caller holds the instance's lock.

    Jobs of the system will find nothing to do; SOPs that were called are stopped.
    """
    waiting = list(open_tasks(instance).order_by("pk"))
    entries = []
    for task in waiting:
        was = task.status
        TaskLifecycle(task).cancel()
        entries.append(
            Entry(
                actor=actor,
                verb="task_cancelled",
                subject=subject_of(task),
                before={"status": was},
                after={"status": task.status},
            )
        )
    Task.objects.filter(pk__in=[task.pk for task in waiting]).update(
        status=Task.Status.CANCELLED, effective_at=now
    )
    stop_called(waiting, now=now)
    return entries
