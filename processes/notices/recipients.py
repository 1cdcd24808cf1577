"""Who is told."""

from datetime import datetime

from organization.models import Agency, User
from organization.permissions import ROLES, users_with_role
from processes.models import Task

HEAD = "audit.weekly"  # the capability of who leads the work of an agency


def heads_of(agency: Agency, now: datetime) -> list[User]:
    """Return who leads the work of an agency now."""
    roles = [role for role, allowed in ROLES.items() if HEAD in allowed]
    people = {user.pk: user for role in roles for user in users_with_role(role, agency, now)}
    return [people[pk] for pk in sorted(people)]


class Lanes:
    """To whom tasks are offered; the people of a role are asked for once."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._holders: dict[tuple[int, str], frozenset[int]] = {}

    def of(self, task: Task) -> frozenset[int]:
        """Return the ids of the people who may take a task, as it stands in their lists."""
        if task.assignee_id is not None:
            return frozenset({task.assignee_id})
        if task.by_name:
            return frozenset(task.candidates.order_by().values_list("user", flat=True))
        place = (task.agency_id, task.lane)
        if place not in self._holders:
            people = users_with_role(task.lane, task.agency, self._now)
            self._holders[place] = frozenset(people.values_list("pk", flat=True))
        return self._holders[place]
