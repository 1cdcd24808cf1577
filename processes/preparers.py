"""Who prepared what another person must decide (`not_same_person_as` of sop.toml)."""

from organization.models import User
from processes.exceptions import NotAllowed
from processes.models import Task
from workflows.definitions import ProcessDefinition


def preparers_of(task: Task, definition: ProcessDefinition) -> frozenset[int]:
    """Return the ids of the accounts that may not decide this task; nobody where any may.

    Where both steps are done once per row, whoever prepared the same row.
    """
    other = definition.tasks[task.step].not_same_person_as
    if other is None:
        return frozenset()
    done = Task.objects.filter(instance=task.instance_id, step=other, status=Task.Status.COMPLETED)
    latest = done.order_by("-visit").values("visit")[:1]
    last = list(done.filter(visit=latest).values_list("row_key", "owner_id"))
    own = [owner for row, owner in last if row and row == task.row_key]
    return frozenset(own or [owner for _, owner in last])


def prepared_words(user: User, task: Task, definition: ProcessDefinition) -> str:
    """Say why this person may not decide what he prepared himself; empty where he may."""
    other = definition.tasks[task.step].not_same_person_as
    if other is None or user.pk not in preparers_of(task, definition):
        return ""
    name = definition.tasks[other].name
    return f"Anda sendiri yang mengerjakan “{name}”; orang lain harus memutuskannya."


def refuse_preparer(user: User, task: Task, definition: ProcessDefinition) -> None:
    """Raise `NotAllowed` for whoever prepared what this task decides."""
    if words := prepared_words(user, task, definition):
        raise NotAllowed(words)
