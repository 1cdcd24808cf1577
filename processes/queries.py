"""Who sees which task and which instance: the questions of inbox, queue, archive and lists."""

from datetime import datetime

from django.db.models import Q, QuerySet

from organization.models import Appointment, User
from organization.permissions import ROLES, mandates_of
from processes.exceptions import TaskNotFound
from processes.models import Instance, Task, TaskCandidate
from workflows.definitions import TaskKind


def inbox(user: User) -> QuerySet[Task]:
    """Return what this person is working on or was handed, oldest first."""
    mine = Q(status=Task.Status.CLAIMED, owner=user)
    handed = Q(status=Task.Status.READY, assignee=user)
    named = Q(status=Task.Status.READY, assignee=None, pk__in=_naming(user))
    return _people(mine | handed | named).order_by("due_at", "offered_at", "id")


def _naming(user: User) -> QuerySet[TaskCandidate, int]:
    """Return the ids of the tasks for which data name this person."""
    return TaskCandidate.objects.filter(user=user).order_by().values_list("task", flat=True)


def queue(user: User, now: datetime) -> QuerySet[Task]:
    """Return what the person's roles may take: ready, of his agency and lane, nobody's yet."""
    roles = Q(pk__in=[])
    for mandate in mandates_of(user, now):
        roles |= Q(agency_id=mandate.agency_id, lane=mandate.role)
    free = Q(status=Task.Status.READY, assignee=None, by_name=False)
    return _people(free & roles).order_by("offered_at", "id")


def unplaced(user_id: int, now: datetime) -> QuerySet[Task]:
    """Return what nobody can take since data name nobody, for who may hand tasks over there.

    The days of an appointment are the agency's own: whoever shows a row asks `may` for it.
    """
    roles = [role for role, allowed in ROLES.items() if "processes.reassign" in allowed]
    held = Appointment.objects.filter(user=user_id, user__is_active=True, role__in=roles)
    nobodys = Q(status=Task.Status.READY, by_name=True, assignee=None, candidates=None)
    there = Q(agency__in=held.valid_at(now).values("agency"))
    return _people(nobodys & there).order_by("offered_at", "id")


def archive(user: User) -> QuerySet[Task]:
    """Return what this person has completed, newest first."""
    return _people(Q(status=Task.Status.COMPLETED, owner=user)).order_by("-submitted_at", "-id")


def _people(condition: Q) -> QuerySet[Task]:
    tasks = Task.objects.filter(condition, kind=TaskKind.USER)
    return tasks.select_related("instance", "agency").defer("instance__state", "instance__form")


def visible_instances(user: User, now: datetime) -> QuerySet[Instance]:
    """Return the instances that a role shows the person, or in which his lane has a part."""
    visible = Q(tasks__owner=user) | Q(tasks__assignee=user) | Q(tasks__in=_naming(user))
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
