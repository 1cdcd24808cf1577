"""What waits beside a person's own tasks: those that nobody can take."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse

from organization.permissions import account, may, may_somewhere
from processes import queries
from processes.performers import vacancy
from workflows.registry import Waiting, waiting

SHOWN = 20


@waiting("processes.unplaced")
def unplaced(user_id: int, now: datetime) -> Sequence[Waiting]:
    """List the tasks for which data name nobody, for who may hand tasks over in their agency."""
    user = account(user_id)
    if not may_somewhere(user, "processes.reassign", now):
        return []
    tasks = queries.unplaced(user_id, now)[:SHOWN]
    return [
        Waiting(
            f"{vacancy(task)} “{task.full_name}” - {task.instance.title} menunggu.",
            reverse("tasks:detail", args=[task.pk]),
        )
        for task in tasks
        if may(user, "processes.reassign", task.agency_id, now)
    ]
