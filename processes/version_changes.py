"""What another version of a SOP changes for an instance, in sentences. Pure."""

from collections.abc import Iterator, Sequence

from foundation.indonesian import duration_text, list_text
from processes.models import Task
from workflows.definitions import ProcessDefinition, TaskDefinition, TaskKind

_OPEN = (Task.Status.READY, Task.Status.CLAIMED, Task.Status.FAILED)


def words_of_open(tasks: Sequence[Task], old: ProcessDefinition) -> Iterator[str]:
    """Yield what stays as it is: the tasks that are done, and those that wait."""
    done = sum(task.status == Task.Status.COMPLETED for task in tasks)
    if done:
        yield f"{done} tugas yang sudah selesai tetap seperti tercatat."
    for task in tasks:
        if task.status not in _OPEN or task.was_left or old.tasks[task.step].attached_to:
            continue
        if task.owner is not None:
            yield (
                f"“{task.full_name}” tetap dikerjakan {task.owner.get_full_name()}; "
                "draf dan waktunya tidak berubah."
            )
        else:
            yield f"“{task.full_name}” tetap menunggu {_whom(task)}."


def _whom(task: Task) -> str:
    words = {
        TaskKind.AUTOMATIC: "sistem",
        TaskKind.TIMER: "waktunya",
        TaskKind.MESSAGE: "kabarnya",
        TaskKind.CALL: "SOP yang dimulainya",
    }
    return words.get(TaskKind(task.kind), task.lane)


def changes(old: ProcessDefinition, new: ProcessDefinition, tasks: Sequence[Task]) -> Iterator[str]:
    """Yield what becomes different from now on: steps that come and go, and what they ask."""
    waiting = {task.step for task in tasks if task.status in _OPEN and not task.was_left}
    for step in new.tasks.values():
        if step.id not in old.tasks:
            yield _added(step, new, is_running=step.attached_to in waiting)
    for step in old.tasks.values():
        after = new.tasks.get(step.id)
        if after is None:
            yield f"“{step.name}” tidak ada lagi."
        else:
            yield from _different(step, after)
    if old.head != new.head:
        yield "Kepala lembar SOP diperbarui."
    if old.flows != new.flows:
        yield "Alur pada diagram diperbarui."


def _added(step: TaskDefinition, new: ProcessDefinition, *, is_running: bool) -> str:
    if step.attached_to:
        since = "mulai berjalan sekarang" if is_running else "baru"
        return f"“{step.name}” pada “{new.tasks[step.attached_to].name}” {since}."
    return f"Tahap baru: “{step.name}” ({step.lane})."


def _different(before: TaskDefinition, after: TaskDefinition) -> Iterator[str]:
    if after.name != before.name:
        yield f"“{before.name}” kini bernama “{after.name}”."
    if after.lane != before.lane:
        yield f"“{after.name}” kini bagian {after.lane}, bukan {before.lane}."
    if after.standard.duration != before.standard.duration:
        yield f"Waktu baku “{after.name}” kini {_duration(after)}, semula {_duration(before)}."
    if after.form != before.form:
        fields = {field.name: field.label for field in before.form.fields}
        new = [f"“{f.label}”" for f in after.form.fields if f.name not in fields]
        yield f"Isian “{after.name}” berubah{': baru ' + list_text(new) if new else ''}."
    if (after.deadline, after.duration) != (before.deadline, before.duration):
        yield f"Waktu tunggu “{after.name}” berubah; yang sudah berjalan tetap pada waktunya."


def _duration(step: TaskDefinition) -> str:
    return duration_text(step.standard.duration) if step.standard.duration else "tidak ditetapkan"
