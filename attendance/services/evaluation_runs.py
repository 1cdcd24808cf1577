"""Which SOP evaluates, in which office; which SOP an agency follows up by; and their runs.

The files say it: a SOP evaluates whose automatic step asks this room to compile indicators, and an
agency follows up by the one that asks it to keep an answer.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import QuerySet

from attendance.exceptions import DataRefused
from attendance.models import Evaluation, FollowUp
from organization.models import Agency, Employee
from organization.permissions import ROLES, agencies_where, users_with_role
from processes.definitions import definition_of
from processes.models import Instance, Task
from workflows import repository
from workflows.definitions import ProcessDefinition, SubjectKind, TaskKind

MAKE = "evaluation.make"
COMPILE = "attendance.compile_evaluation"
KEEP = "attendance.keep_follow_up"
REVIEWED = "attendance.evaluation_reviewed"
OPEN = (Task.Status.READY, Task.Status.CLAIMED, Task.Status.FAILED)


def procedure() -> ProcessDefinition | None:
    """Return the SOP of the evaluation; None where none is offered."""
    return _that_uses(COMPILE)


def required_procedure() -> ProcessDefinition:
    """Return the SOP of the evaluation; raise DataRefused where none is offered."""
    found = procedure()
    if found is None:
        text = "SOP evaluasi berkala belum terpasang; hubungi pengelola aplikasi."
        raise DataRefused({"": text})
    return found


def seats(now: datetime) -> list[Agency]:
    """Return the offices in which an evaluation can be done now.

    That is where somebody of the first lane works himself, and where every lane is held by
    somebody: the letter of BKD that both sides sign stands under its head.
    """
    definition = procedure()
    if definition is None:
        return []
    first = definition.lanes[0].name
    homes = Employee.objects.filter(user__appointments__role=first).values("agency")
    return [
        agency
        for agency in Agency.objects.filter(pk__in=homes).order_by("pk")
        if users_with_role(first, agency, now).filter(employee__agency=agency).exists()
        and all(users_with_role(lane.name, agency, now).exists() for lane in definition.lanes)
    ]


def agencies_evaluated(seat: Agency, now: datetime) -> list[Agency]:
    """Return what those who evaluate in this office look after, by name; empty offices left out."""
    roles = [role for role, capabilities in ROLES.items() if MAKE in capabilities]
    ids: set[int] = set()
    for role in roles:
        for user in users_with_role(role, seat, now):
            ids |= set(agencies_where(user, MAKE, now).values_list("pk", flat=True))
    found = Agency.objects.filter(pk__in=ids, employees__isnull=False)
    return list(found.distinct().order_by("name"))


def reviewing(evaluation: Evaluation) -> list[Task]:
    """Return the open tasks in whose course findings are written."""
    if evaluation.instance is None:
        return []
    tasks = Task.objects.filter(instance=evaluation.instance, status__in=OPEN, kind=TaskKind.USER)
    return [task for task in tasks.select_related("instance") if side_of(task)]


def side_of(task: Task) -> str:
    """Return for which side a task writes findings; "" for one in which none are written."""
    step = definition_of(task.instance).tasks[task.step]
    calls = (call for call in step.guards if call.name == REVIEWED)
    return next((str(call.parameters["side"]) for call in calls), "")


def follow_up_runs(rows: QuerySet[FollowUp]) -> Mapping[int, Instance]:
    """Return the runs of follow-ups by the id of the row; one that has not begun has none."""
    definition = _that_uses(KEEP)
    if definition is None:
        return {}
    subjects = {str(pk): pk for pk in rows.values_list("pk", flat=True)}
    runs = Instance.objects.filter(definition_key=definition.key, subject__in=subjects)
    agencies = dict(rows.values_list("pk", "agency_id"))
    return {
        subjects[run.subject]: run
        for run in runs.select_related("agency").order_by("pk")
        if agencies[subjects[run.subject]] == run.agency_id
    }


def is_answered(run: Instance) -> bool:
    """Say whether the head has sent his answer in, kept already or not."""
    done = Task.objects.filter(instance=run, kind=TaskKind.USER, status=Task.Status.COMPLETED)
    return done.exists()


def _that_uses(operation: str) -> ProcessDefinition | None:
    for definition in repository.all():
        calls = (task.operation for task in definition.tasks.values())
        uses = any(call is not None and call.name == operation for call in calls)
        if uses and definition.subject is SubjectKind.ROW:
            return definition
    return None
