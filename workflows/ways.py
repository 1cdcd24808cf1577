"""Where a decision leads: the tasks that come next, as far as the diagram alone tells."""

from collections.abc import Iterator, Mapping
from typing import Any

from workflows.definitions import Flow, ProcessDefinition, TaskDefinition
from workflows.expressions import EvaluationError, evaluate


def comes_after(
    definition: ProcessDefinition, task_id: str, answers: Mapping[str, Any]
) -> tuple[TaskDefinition, ...]:
    """Return the tasks that may follow when a task is completed with these answers.

    A condition that asks for more than the answers (a fact, an earlier form) may go either way:
    both are returned. Empty where the process may end.
    """
    found: dict[str, TaskDefinition] = {}
    seen, ahead = set(), [task_id]
    while ahead:
        for target in _ways(definition, ahead.pop(), answers):
            if target in definition.tasks:
                found[target] = definition.tasks[target]
            elif target not in seen:
                seen.add(target)
                ahead.append(target)
    return tuple(found.values())


def _ways(definition: ProcessDefinition, node: str, answers: Mapping[str, Any]) -> Iterator[str]:
    """Yield where the token may go from a node; a flow without condition is taken if no other."""
    flows = [flow for flow in definition.flows if flow.source == node]
    held = {flow.id: _holds(flow, answers) for flow in flows if flow.condition}
    for flow in flows:
        if held.get(flow.id, not any(value is True for value in held.values())) is not False:
            yield flow.target


def _holds(flow: Flow, answers: Mapping[str, Any]) -> bool | None:
    """Say whether the condition of a flow holds; None where the answers do not tell."""
    try:
        return bool(evaluate(flow.condition, {"form": answers}))
    except (EvaluationError, KeyError):
        return None
