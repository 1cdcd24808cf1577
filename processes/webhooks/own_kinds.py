"""What this room tells: tasks and instances, by their ids and the words of their SOP."""

from typing import Any

from foundation.models import Event
from processes.models import Instance, Task
from processes.webhooks.kinds import offer
from workflows.definitions import OutcomeKind


def id_of(subject: str) -> int:
    """Return the id in the subject of an event (`app.model:pk`)."""
    return int(subject.rpartition(":")[2])


def told_task(task_id: int) -> dict[str, Any]:
    """Return what a program is told of a task; nothing of who works on it or what was answered."""
    row = Task.objects.filter(pk=task_id).values(
        "pk", "instance", "step", "name", "lane", "kind", "visit", "status", "outcome",
        "outcome_kind", "instance__definition_key",
    ).get()  # fmt: skip
    return {
        "task": row["pk"],
        "instance": row["instance"],
        "definition": row["instance__definition_key"],
        "step": row["step"],
        "name": row["name"],
        "lane": row["lane"],
        "kind": row["kind"],
        "visit": row["visit"],
        "status": row["status"],
        "outcome": row["outcome"],
        "outcome_kind": row["outcome_kind"],
    }


def _task(event: Event) -> dict[str, Any]:
    return told_task(id_of(event.subject))


def _returned(event: Event) -> dict[str, Any] | None:
    told = _task(event)
    return told if told["outcome_kind"] == OutcomeKind.RETURN else None


def _instance(event: Event) -> dict[str, Any]:
    pk = id_of(event.stream)
    key = Instance.objects.values_list("definition_key", flat=True).get(pk=pk)
    return {"instance": pk, "definition": key}


OVERDUE = "task.overdue"

offer("task.created", "Tugas dibuka", verb="task_opened", tell=_task)
offer("task.claimed", "Tugas diambil", verb="task_claimed", tell=_task)
offer("task.completed", "Tugas selesai", verb="task_completed", tell=_task)
offer("task.returned", "Berkas dikembalikan", verb="task_completed", tell=_returned)
offer("task.reassigned", "Tugas dialihkan", verb="task_reassigned", tell=_task)
offer("task.failed", "Tugas sistem gagal", verb="task_failed", tell=_task)
offer(OVERDUE, "Tugas melewati waktu baku")
offer("instance.started", "Berkas dimulai", verb="instance_started", tell=_instance)
offer("instance.finished", "Berkas selesai", verb="instance_finished", tell=_instance)
offer("instance.cancelled", "Berkas dibatalkan", verb="instance_cancelled", tell=_instance)
