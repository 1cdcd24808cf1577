"""Who sees which task and which instance: the questions of inbox, queue, archive and lists."""

from datetime import datetime

from django.db.models import Q, QuerySet

from organization.models import User
from organization.permissions import mandates_of
from processes.exceptions import TaskNotFound
from processes.models import Instance, Task
from workflows.definitions import TaskKind


def inbox(user: User) -> QuerySet[Task]:
    """Return what this person is working on or was handed, oldest first."""
    mine = Q(status=Task.Status.CLAIMED, owner=user)
    handed = Q(status=Task.Status.READY, assignee=user)
    return _people(mine | handed).order_by("due_at", "offered_at", "id")


def queue(user: User, now: datetime) -> QuerySet[Task]:
    """Return what the person's roles may take: ready, of his agency and lane, nobody's yet."""
    roles = Q(pk__in=[])
    for mandate in mandates_of(user, now):
        roles |= Q(agency_id=mandate.agency_id, lane=mandate.role)
    free = Q(status=Task.Status.READY, assignee=None)
    return _people(free & roles).order_by("offered_at", "id")


def archive(user: User) -> QuerySet[Task]:
    """Return what this person has completed, newest first."""
    return _people(Q(status=Task.Status.COMPLETED, owner=user)).order_by("-submitted_at", "-id")


def _people(condition: Q) -> QuerySet[Task]:
    tasks = Task.objects.filter(condition, kind=TaskKind.USER)
    return tasks.select_related("instance", "agency").defer("instance__state", "instance__form")


def visible_instances(user: User, now: datetime) -> QuerySet[Instance]:
    """Return the instances that a role shows the person, or in which his lane has a part."""
    visible = Q(tasks__owner=user) | Q(tasks__assignee=user)
    for mandate in mandates_of(user, now):
        if mandate.allows("processes.view"):
            visible |= Q(agency_id=mandate.agency_id)
        else:
            visible |= Q(agency_id=mandate.agency_id, tasks__lane=mandate.role)
    return Instance.objects.filter(pk__in=Instance.objects.filter(visible).values("pk"))


def get_visible_task(user: User, task_id: int, now: datetime) -> Task:
    """Return a task of an instance that the person may see; `TaskNotFound` for any other."""
    tasks = Task.objects.select_related("instance", "agency", "owner__employee")
    task = tasks.filter(pk=task_id, instance__in=visible_instances(user, now)).first()
    if task is None:
        raise TaskNotFound("Tugas ini tidak ada atau bukan untuk Anda.")
    return task
