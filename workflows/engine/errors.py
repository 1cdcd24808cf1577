"""What the engine may refuse; the state that was given to it stays valid."""


class EngineError(Exception):
    """The engine refuses; the state that was given stays valid."""


class NotReady(EngineError):
    """The task does not wait in this state: done already, not reached, or of another process."""


class StepBudgetExceeded(EngineError):
    """Gateways lead on to gateways without ever meeting a task."""


class TooDeep(EngineError):
    """The diagram is too long, or runs around in itself, for the engine to follow."""


class ConditionFailed(EngineError):
    """A condition cannot be evaluated, or no way out of a gateway holds."""


class StateRefused(EngineError):
    """The stored state is damaged, or belongs to another version of the definition."""
