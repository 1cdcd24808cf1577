"""Tasks that are done once per row of a list: as many tokens as there are rows."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from workflows.engine.errors import EngineError
from workflows.engine.tokens import Tokens

MAXIMUM_ROWS = 200
"""Of one task in one visit; each is a row of the inbox and of the stored state."""


def open_rows(
    workflow: BpmnWorkflow, before: Tokens, lists: Mapping[str, Any], rows: dict[str, str]
) -> Iterator[Task]:
    """Give each task per row that was just entered its tokens, told in `rows`; yield those
    that have nothing to work on, which go on by themselves.
    """
    for task in list(workflow.tasks.values()):
        is_new = task.state == TaskState.READY and task.id.hex not in before.ready
        if not is_new or not getattr(task.task_spec, "per_row", False) or task.id.hex in rows:
            continue
        keys = _keys(task.task_spec.name, lists)
        if not keys:
            yield task
            continue
        rows[task.id.hex] = keys[0]
        for key in keys[1:]:
            another = Task(workflow, task.task_spec, workflow.task_tree, TaskState.READY)
            rows[another.id.hex] = key


def _keys(step: str, lists: Mapping[str, Any]) -> Sequence[str]:
    try:
        keys = [str(key) for key in lists[step]]
    except KeyError:
        raise EngineError(f"Baris untuk '{step}' tidak diberikan.") from None
    if len(keys) > MAXIMUM_ROWS:
        raise EngineError(
            f"Tugas '{step}' mempunyai {len(keys)} baris; paling banyak {MAXIMUM_ROWS}. "
            "Bagi pekerjaannya, misalnya per unit."
        )
    if len(set(keys)) != len(keys) or "" in keys:
        raise EngineError(f"Baris untuk '{step}' mempunyai kunci yang kosong atau sama.")
    return keys
