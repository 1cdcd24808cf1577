"""The one door to SpiffWorkflow: start a process, complete or enter a task, what is ready now.

Pure: no Django, no tables. The stored state holds the tokens and nothing else; the diagram is
parsed once per version of a definition and shared by all its instances.
"""

from workflows.engine.errors import (
    ConditionFailed,
    EngineError,
    NotReady,
    StateRefused,
    StepBudgetExceeded,
    TooDeep,
)
from workflows.engine.rows import MAXIMUM_ROWS
from workflows.engine.run import (
    STEP_BUDGET,
    Names,
    Snapshot,
    complete,
    enter,
    fail,
    parse,
    ready,
    start,
)
from workflows.engine.tokens import ReadyTask

__all__ = [
    "MAXIMUM_ROWS",
    "STEP_BUDGET",
    "ConditionFailed",
    "EngineError",
    "Names",
    "NotReady",
    "ReadyTask",
    "Snapshot",
    "StateRefused",
    "StepBudgetExceeded",
    "TooDeep",
    "complete",
    "enter",
    "fail",
    "parse",
    "ready",
    "start",
]
