"""Whom data name for a task, asked at the moment it matters: when it is offered, taken and decided.

A name that was right when the task was offered may be wrong by now: the superior left, the letter
of his substitute ended. So what is stored (`TaskCandidate`) says in whose inbox a task lies; who
may act on it is asked anew.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from foundation.actors import SYSTEM
from foundation.indonesian import list_text
from organization.models import User
from processes.context import step_context, with_parameters
from processes.models import Task, TaskCandidate
from workflows import registry
from workflows.definitions import ProcessDefinition


def named_people(
    task: Task, definition: ProcessDefinition, now: datetime
) -> tuple[int, ...] | None:
    """Return the ids of the accounts that data name for a task now, the nearest first.

    None where the task's lane is a role; nothing where nobody is named.
    """
    call = definition.lane(task.lane).performer
    if call is None:
        return None
    context = step_context(task, definition, actor=SYSTEM, now=now)
    people: Sequence[int] = registry.performer.get(call.name)(with_parameters(context, call))
    return tuple(dict.fromkeys(people))


def title_of(task: Task, definition: ProcessDefinition, user_id: int, now: datetime) -> str:
    """Return as what a person whom data name acts: "Plh. Kepala Bidang", else the task's lane.

    What acting.toml keeps from an acting official is kept from him by this title.
    """
    call = definition.lane(task.lane).performer
    if call is None or call.name not in registry.performer_title:
        return task.lane
    context = step_context(task, definition, actor=SYSTEM, now=now)
    title = registry.performer_title.get(call.name)(with_parameters(context, call), user_id)
    return title or task.lane


def vacancy(task: Task) -> str:
    """Say why nobody can take a task that is offered by name."""
    return f"{task.lane} belum ditetapkan."


def offered_words(task: Task, candidates: Sequence[User] | None) -> str:
    """Say to whom a task is offered by name, or why to nobody; empty where it is a role's."""
    if candidates is None:
        return ""
    names = list_text([user.get_full_name() for user in candidates])
    return f"{task.lane}: {names}" if names else vacancy(task)


def candidates_of(tasks: Iterable[Task]) -> dict[int, list[User]]:
    """Return in whose inbox the tasks lie that are offered by name; one query, or none."""
    found: dict[int, list[User]] = {task.pk: [] for task in tasks if task.by_name}
    if found:
        rows = TaskCandidate.objects.filter(task__in=found).select_related("user__employee")
        for row in rows:
            found[row.task_id].append(row.user)
    return found
