"""What the engine makes of a diagram: SpiffWorkflow's parser with kinds of nodes of our own."""

from collections import Counter
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import (
    ExclusiveGateway,
    InclusiveGateway,
    ParallelGateway,
)
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState


class Pass(BpmnSpecMixin):
    """A node that a token merely passes: a start, an end, the failure of a task.

    `ends` says that it is an end of the process.
    """

    def __init__(self, wf_spec: Any, bpmn_id: str, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.ends = False


class Wait(BpmnSpecMixin):
    """A task that somebody else moves on: a person, a worker, the clock, another process.

    `events` are the names of what waits on its edge, `error_way` that of the failure there, which
    does not wait. An event on an edge knows its `host`; it is an output of nothing, so that the
    tree knows it only while it runs. `rivals` are the events that wait beside this one behind an
    event-based gateway. A task `per_row` is as many tokens as its list has rows.
    """

    def __init__(self, wf_spec: Any, bpmn_id: str, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.manual = True
        self.events: tuple[str, ...] = ()
        self.error_way = ""
        self.host = ""
        self.interrupts = False
        self.rivals: tuple[str, ...] = ()
        self.per_row = False
        self.ends = False

    def _predict_hook(self, my_task: Task) -> None:
        # Nothing behind a task matters before it is done: trees stay a few nodes small.
        if my_task.has_state(TaskState.READY):
            super()._predict_hook(my_task)


class Exclusive(ExclusiveGateway):
    """A decision. It makes its one child when it runs, so it need not guess before."""

    def _predict_hook(self, my_task: Task) -> None:
        pass


class Parallel(ParallelGateway):
    """Takes one token from each incoming flow, as BPMN says.

    Spiff's own join also counts branches of an earlier round of a loop, and so could go on with one
    branch still at work.
    """

    def _update_hook(self, my_task: Task) -> bool:
        my_task._set_state(TaskState.WAITING)
        arrived = [
            t
            for t in my_task.workflow.tasks.values()
            if t.task_spec is self and t.state == TaskState.WAITING
        ]
        missing: Counter[str] = Counter(self._inputs)
        taken = []
        for task in arrived:
            source = task.parent.task_spec.name
            if missing[source]:
                missing[source] -= 1
                taken.append(task)
        if missing.total():
            return False
        for task in taken:
            if task is not my_task:
                task.cancel()
        return True

    def _run_hook(self, my_task: Task) -> bool:
        return True


class Inclusive(InclusiveGateway):
    """A decision for one way or several, and the join of as many as were taken.

    One token alone cannot know whether others are still to come: it waits until everything else
    stands still, and the engine decides (`joins`).
    """

    def _predict_hook(self, my_task: Task) -> None:
        pass

    def _update_hook(self, my_task: Task) -> bool:
        if len(self._inputs) == 1:
            return True
        my_task._set_state(TaskState.WAITING)
        return False

    def _run_hook(self, my_task: Task) -> bool:
        chosen, default = self._get_matching_outputs(my_task)
        if not chosen and not default:
            raise WorkflowException("no way out holds", task_spec=self)
        my_task._sync_children(chosen or default, TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True


class EventBased(BpmnSpecMixin):
    """Opens all the events behind it; the first that happens withdraws its rivals."""
