"""What the person who looks at a task may do with it: which buttons a page shows.

The services decide for themselves under the lock; a button that is shown to the wrong person would
only lead to their refusal.
"""

from datetime import datetime

from organization.models import User
from organization.permissions import mandate_for, may
from processes.definitions import definition_of
from processes.models import Task
from processes.performers import named_people
from processes.preparers import preparers_of


def may_work(user: User, task: Task, now: datetime) -> bool:
    """Say whether this person may take the task: by name, or by a role held now.

    Whoever prepared what it decides may not.
    """
    if task.assignee_id not in (None, user.pk) or not may_hold(user, task, now):
        return False
    return user.pk not in preparers_of(task, definition_of(task.instance))


def is_mine(user: User, task: Task) -> bool:
    """Say whether this person is working on the task."""
    return bool(task.owner_id == user.pk and task.status == Task.Status.CLAIMED)


def may_hold(user: User, task: Task, now: datetime) -> bool:
    """Say whether this person could work on the task, whoever it is offered to now."""
    if task.by_name:
        people = named_people(task, definition_of(task.instance), now) or ()
        return user.is_active and user.pk in people
    return mandate_for(user, task.lane, task.agency_id, now) is not None


def may_retry(user: User, task: Task, now: datetime) -> bool:
    """Say whether this person may have the system try again: by right, or by the task's role."""
    by_right = may(user, "processes.retry", task.agency_id, now)
    return by_right or mandate_for(user, task.lane, task.agency_id, now) is not None
