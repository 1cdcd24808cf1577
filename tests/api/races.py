"""Two programs at one task at the same moment: runs in a process of the office."""

from collections.abc import Callable
from typing import Any

from foundation.models import Event
from organization.models import User
from processes.models import Task
from processes.task_versions import version_of
from tests.api.programs import Program, issue
from tests.faults.staging import HEADS, start_decisions
from tests.processes.races import at_once, offer


def two_programs(*, root: str, times: int) -> list[dict[str, Any]]:
    """Let two tokens of one person complete his task at once; return what came of it each time."""
    offer(root)
    owner = User.objects.get(username=HEADS[0])
    programs = [Program(issue(owner).text) for _ in range(2)]
    found = []
    for number in range(times):
        (task_id,) = start_decisions(
            count=1, claimed_by=owner.username, label=f"putaran {number}", sop="tunggal"
        )
        version = version_of(Task.objects.get(pk=task_id))
        told: list[int] = []
        acts = [
            _completing(program, {"id": task_id, "version": version}, f"kunci-{which}", told)
            for which, program in enumerate(programs)
        ]
        errors = at_once(acts)
        events = Event.objects.filter(subject=f"processes.task:{task_id}", verb="task_completed")
        found.append({"errors": errors, "told": sorted(told), "completed": events.count()})
    return found


def _completing(
    program: Program, task: dict[str, Any], key: str, told: list[int]
) -> Callable[[], None]:
    def complete() -> None:
        told.append(program.complete(task, {}, key).status)

    return complete
