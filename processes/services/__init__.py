"""Every write to a running process: one typed function, one transaction, its events.

`locking` reads and writes a task under its instance's lock; the other modules are the services,
one noun each. Callers import them from here.
"""

from processes.services.asides import add_comment, escalate_task, take_back_task
from processes.services.calls import begin_called, finish_call, stop_called
from processes.services.completion import Completion, complete_task
from processes.services.drafts import attach_file, note_opened, save_draft
from processes.services.handing_over import (
    HandedOver,
    hand_over_tasks,
    release_ended_mandates,
)
from processes.services.inbox import (
    choose_filter,
    claim_tasks,
    remove_filter,
    save_filter,
)
from processes.services.instances import cancel_process, start_process, stop_process
from processes.services.machinery import (
    fail_task,
    perform_task,
    progress_of,
    retry_task,
    run_timer,
)
from processes.services.messages import (
    deliver_message,
    look_for_message,
    receive_message,
    send_message,
)
from processes.services.migration import carry_over, carry_over_many
from processes.services.pauses import note_beat, pause_task, resume_task
from processes.services.rewinding import rewind
from processes.services.tasks import (
    claim_task,
    reassign_task,
    reoffer_open_tasks,
    reoffer_task,
    unclaim_task,
)
from processes.services.urgency import set_urgency

__all__ = [
    "Completion",
    "HandedOver",
    "add_comment",
    "attach_file",
    "begin_called",
    "cancel_process",
    "carry_over",
    "carry_over_many",
    "choose_filter",
    "claim_task",
    "claim_tasks",
    "complete_task",
    "deliver_message",
    "escalate_task",
    "fail_task",
    "finish_call",
    "hand_over_tasks",
    "look_for_message",
    "note_beat",
    "note_opened",
    "pause_task",
    "perform_task",
    "progress_of",
    "reassign_task",
    "receive_message",
    "release_ended_mandates",
    "remove_filter",
    "reoffer_open_tasks",
    "reoffer_task",
    "resume_task",
    "retry_task",
    "rewind",
    "run_timer",
    "save_draft",
    "save_filter",
    "send_message",
    "set_urgency",
    "start_process",
    "stop_called",
    "stop_process",
    "take_back_task",
    "unclaim_task",
]
