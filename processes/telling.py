"""What people and processes are told because a SOP, or a room below this one, asks for it."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from organization.models import Agency
from organization.permissions import users_with_role
from processes.context import with_parameters
from processes.definitions import definition_of
from processes.models import Instance, Task, TaskCandidate
from processes.services.messages import send_message
from processes.services.notices import REMINDER, notify
from workflows.registry import Request, Result, StepContext, fact, operation, requested


@requested("processes.send_message")
def send_requested(request: Request) -> Result:
    """Send a message for a room that cannot; parameters `message` (its name), `key`, `about`."""
    send_message(
        name=request.parameters["message"],
        agency_id=request.agency_id,
        subject=request.subject,
        payload=request.parameters.get("form", {}),
        about=request.parameters.get("about", ""),
        key=request.parameters["key"],
        actor=request.actor,
        now=request.now,
    )
    return Result()


@operation("processes.tell_people")
def tell_people(context: StepContext) -> Result:
    """Leave a notice with people, once per visit to this step.

    Parameters: `text`; whom: `roles` (who holds them in the agency now), `waiting_for` (a step:
    those to whom its open tasks are offered); optional `fact`, whose evidence follows the text.
    """
    instance = Instance.objects.select_related("agency").get(pk=context.instance_id)
    parameters = context.parameters
    people = _holders(instance.agency, parameters.get("roles", ()), context.now)
    people |= _waited_for(instance, parameters.get("waiting_for", ""))
    notify(
        user_ids=people,
        agency=instance.agency,
        kind=REMINDER,
        key=f"processes.told:{instance.pk}:{context.step}:{context.visit}",
        text=f"{parameters['text']} {_evidence(context, instance)}".strip(),
        link=reverse("processes:detail", args=[instance.pk]),
        now=context.now,
    )
    return Result(f"{len(people)} orang diberi tahu." if people else "Tidak ada yang diberi tahu.")


def _holders(agency: Agency, roles: Iterable[str], now: datetime) -> set[int]:
    return {user.pk for role in roles for user in users_with_role(role, agency, now)}


def _waited_for(instance: Instance, step: str) -> set[int]:
    """Return who holds an open task of that step, or finds it among those offered by name."""
    if not step:
        return set()
    open_tasks = Task.objects.filter(
        instance=instance, step=step, status__in=(Task.Status.READY, Task.Status.CLAIMED)
    )
    held = open_tasks.exclude(owner=None).values_list("owner", flat=True)
    offered = TaskCandidate.objects.filter(task__in=open_tasks.filter(owner=None))
    return {*held, *offered.values_list("user", flat=True)}


def _evidence(context: StepContext, instance: Instance) -> str:
    name = context.parameters.get("fact")
    if not name:
        return ""
    call = definition_of(instance).facts[name]
    return fact.get(call.name)(with_parameters(context, call)).evidence
