"""Which acts are worth telling somebody of a task; who is told is looked up by a worker.

An act pays for it with one row of the outbox, and most acts with nothing: a task that is merely
offered to a role stands in its queue.
"""

from collections.abc import Sequence

from foundation import ledger, outbox
from foundation.models import Event, LedgerStream, OutboxJob
from processes.cards.reading import is_decision
from processes.definitions import definition_of
from processes.models import Instance
from workflows.definitions import ProcessDefinition, TaskKind

JOB = "processes.tell_of_tasks"


@ledger.hears
def hear(stream: LedgerStream, events: Sequence[Event]) -> None:
    """Have people told of the tasks that these events offer them, in the transaction of the act."""
    if not isinstance(stream, Instance):
        return
    worth = [event for event in events if _is_worth(event, stream)]
    if not worth:
        return
    first = worth[0]
    payload = {
        "tasks": [int(event.subject.rpartition(":")[2]) for event in worth],
        # Whoever acted reads it on his screen.
        "by": next((event.actor_id for event in events if event.actor_id), None),
    }
    key = f"{JOB}/{first.stream}/{first.sequence}"
    outbox.enqueue_new([
        OutboxJob(kind=JOB, key=key, payload=payload, run_after=first.at, created_at=first.at)
    ])  # fmt: skip


def _is_worth(event: Event, instance: Instance) -> bool:
    if event.verb == "task_reassigned":
        return True
    return event.verb == "task_opened" and _asks(event, definition_of(instance))


def _asks(event: Event, definition: ProcessDefinition) -> bool:
    """Say whether a task that opened names people, comes again, or is a decision."""
    step = definition.tasks.get(event.after["step"])
    if step is None or step.kind is not TaskKind.USER:
        return False
    return "offered_to" in event.after or event.after["visit"] > 1 or is_decision(step)
