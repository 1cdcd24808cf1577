"""Who may begin a SOP from its page, and where.

A role with the capability begins any; who holds the role of a SOP's first task begins that one: so
an office can run a SOP of its own whose roles only that SOP knows.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import QuerySet

from organization.models import Agency, User
from organization.permissions import Mandate, mandates_of, may_somewhere
from workflows import repository
from workflows.definitions import ROOM_SUBJECTS, ProcessDefinition, TaskKind

CAPABILITY = "processes.start"


def begins_on_its_page(definition: ProcessDefinition) -> bool:
    """Say whether people begin it here: not by a message, nor on the page of the room it serves."""
    return definition.subject not in ROOM_SUBJECTS and not definition.start_message


def first_roles(definition: ProcessDefinition) -> frozenset[str]:
    """Return the roles of the tasks that may be a person's first; none behind a timer or a message.

    What the system does on the way counts as passed. Where data name the people, no role does.
    """
    following: defaultdict[str, list[str]] = defaultdict(list)
    for flow in definition.flows:
        following[flow.source].append(flow.target)
    targets = {flow.target for flow in definition.flows}
    failures = {task.error_way for task in definition.tasks.values()}
    ahead = [node for node in following if node not in targets | failures | set(definition.tasks)]
    seen, roles = set(ahead), set[str]()
    while ahead:
        node = ahead.pop()
        task = definition.tasks.get(node)
        if task is not None and task.kind is TaskKind.USER:
            if definition.lane(task.lane).performer is None:
                roles.add(task.lane)
        elif task is None or task.kind is TaskKind.AUTOMATIC:
            fresh = [target for target in following[node] if target not in seen]
            seen.update(fresh)
            ahead += fresh
    return frozenset(roles)


def may_start(user: User, definition: ProcessDefinition, agency: Agency, now: datetime) -> bool:
    """Say whether this person may begin this SOP in this agency now."""
    return agency.pk in _places(mandates_of(user, now), definition)


def agencies_to_start(user: User, definition: ProcessDefinition, now: datetime) -> QuerySet[Agency]:
    """Return the agencies in which this person may begin this SOP now."""
    return Agency.objects.filter(pk__in=_places(mandates_of(user, now), definition))


def startable(user: User, now: datetime) -> Iterator[ProcessDefinition]:
    """Yield what this person may begin from its page in some agency."""
    mandates = mandates_of(user, now)
    for definition in repository.all() if mandates else ():
        if begins_on_its_page(definition) and _places(mandates, definition):
            yield definition


def may_start_something(user: User, now: datetime) -> bool:
    """Say whether the pages offer this person to begin anything."""
    return may_somewhere(user, CAPABILITY, now) or any(startable(user, now))


def _places(mandates: Sequence[Mandate], definition: ProcessDefinition) -> set[int]:
    """Return the ids of the agencies in which one of these lets its holder begin the SOP."""
    roles = first_roles(definition)
    return {
        mandate.agency_id
        for mandate in mandates
        if mandate.allows(CAPABILITY) or mandate.role in roles
    }
