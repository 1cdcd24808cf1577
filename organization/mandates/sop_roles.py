"""Roles that only SOPs know: lanes with people's tasks to which roles.toml gives nothing beyond.

Who is appointed to one may do its tasks and nothing else; so an office can fill the lanes of a SOP
that it has drawn itself.
"""

from organization.permissions import ROLES
from workflows import repository
from workflows.definitions import TaskKind


def roles_of_sops() -> dict[str, list[str]]:
    """Return the titles of the SOPs that need each role, by role, in alphabetical order."""
    found: dict[str, list[str]] = {}
    for definition in repository.all():
        worked = {t.lane for t in definition.tasks.values() if t.kind is TaskKind.USER}
        for lane in definition.lanes:
            # A performer tells by data who may do the tasks of a lane; nobody is appointed to it.
            if lane.name in worked and lane.performer is None and lane.name not in ROLES:
                found.setdefault(lane.name, []).append(definition.head.title)
    return dict(sorted(found.items()))
