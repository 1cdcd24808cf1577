"""Which standard a finished visit is judged by, and the verdict. Pure."""

from processes.models import Task
from processes.models.timings import Verdict
from workflows.definitions import TaskKind


def standard_of(task: Task) -> int | None:
    """Return the standard of a person's finished task in seconds, times its count; None without.

    It is the one kept at the completion. Tasks from before it was kept have the one that their
    claim was given.
    """
    if task.kind != TaskKind.USER or task.reused:
        return None
    if task.standard_seconds is not None or task.due_at is None or task.claimed_at is None:
        return task.standard_seconds
    return round((task.due_at - task.claimed_at).total_seconds())


def verdict_of(task: Task, handling: int) -> Verdict:
    """Judge a finished visit by its handling in working seconds; the system is never judged."""
    if task.reused:
        return Verdict.REUSED
    standard = standard_of(task)
    if standard is None:
        return Verdict.NONE
    return Verdict.WITHIN if handling <= standard else Verdict.OVER
