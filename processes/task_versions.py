"""How a task stood when somebody read it, as a short text that a later request may hold against it.

Not the instance's counter: what happens on another branch does not change this task.
"""

from hashlib import sha256

from processes.models import Task

LENGTH = 16


def version_of(task: Task) -> str:
    """Return a text that changes whenever the task changes hands, state or draft."""
    seen = (task.pk, task.status, task.owner_id, task.assignee_id, task.claimed_at, task.saved_at)
    return sha256("|".join(map(str, seen)).encode()).hexdigest()[:LENGTH]
