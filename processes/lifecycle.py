"""The life of a task: which move leads from which state to which.

viewflow's state machine says what is legal; whether this person may do it is asked by the service,
and that nobody was faster is made sure by the write (`services.locking`).
"""

from typing import Any

from viewflow.fsm import State, TransitionNotAllowed

from processes.models import Task

__all__ = ["TaskLifecycle", "TransitionNotAllowed"]

_OPEN = (Task.Status.READY, Task.Status.CLAIMED, Task.Status.FAILED)


class TaskLifecycle:
    """Moves one task in memory."""

    status = State(Task.Status, default=Task.Status.READY)

    def __init__(self, task: Task) -> None:
        self.task = task

    @status.setter()
    def _set_status(self, value: Any) -> None:
        self.task.status = value

    @status.getter()
    def _get_status(self) -> Any:
        return Task.Status(self.task.status)

    @status.transition(source=Task.Status.READY, target=Task.Status.CLAIMED)
    def claim(self) -> None:
        """A person, or the system, begins."""

    @status.transition(source=Task.Status.CLAIMED, target=Task.Status.READY)
    def release(self) -> None:
        """The task goes back to its queue."""

    @status.transition(source={Task.Status.READY, Task.Status.CLAIMED}, target=Task.Status.READY)
    def hand_over(self) -> None:
        """The task is offered to one named person."""

    @status.transition(source=Task.Status.CLAIMED, target=Task.Status.COMPLETED)
    def complete(self) -> None:
        """The work is done."""

    @status.transition(source=Task.Status.READY, target=Task.Status.COMPLETED)
    def elapse(self) -> None:
        """A timer is over: nobody claims it."""

    @status.transition(source=Task.Status.CLAIMED, target=Task.Status.FAILED)
    def fail(self) -> None:
        """The system gave up; people must look."""

    @status.transition(source=Task.Status.FAILED, target=Task.Status.READY)
    def retry(self) -> None:
        """Another set of attempts."""

    @status.transition(source=set(_OPEN), target=Task.Status.CANCELLED)
    def cancel(self) -> None:
        """The instance was cancelled, or the task ended with another: a timer with its task."""
