"""Every write to a running process: one typed function, one transaction, its events.

`locking` reads and writes a task under its instance's lock; the other modules are the services,
one noun each. Callers import them from here.
"""

from processes.services.completion import Completion, complete_task
from processes.services.drafts import attach_file, note_opened, save_draft
from processes.services.instances import cancel_process, start_process, stop_process
from processes.services.machinery import (
    fail_task,
    perform_task,
    progress_of,
    retry_task,
    run_timer,
)
from processes.services.pauses import note_beat, pause_task, resume_task
from processes.services.tasks import (
    claim_task,
    reassign_task,
    reoffer_open_tasks,
    reoffer_task,
    unclaim_task,
)

__all__ = [
    "Completion",
    "attach_file",
    "cancel_process",
    "claim_task",
    "complete_task",
    "fail_task",
    "note_beat",
    "note_opened",
    "pause_task",
    "perform_task",
    "progress_of",
    "reassign_task",
    "reoffer_open_tasks",
    "reoffer_task",
    "resume_task",
    "retry_task",
    "run_timer",
    "save_draft",
    "start_process",
    "stop_process",
    "unclaim_task",
]
