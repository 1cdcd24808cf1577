"""Memory that a worker has freed goes back to the system, not only to the worker's next task.

A look at a month of a large agency takes some tens of megabytes for a moment. The C library keeps
them for later in pieces; asked, it hands them back in milliseconds.
"""

import ctypes
from time import monotonic

SECONDS = 30.0  # between two times, since tasks end many times a second


class GivingBack:
    """Asks the C library, where it knows the question, at most once in so many seconds."""

    def __init__(self) -> None:
        self._trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        self._asked = monotonic()

    def __call__(self, **_: object) -> bool:
        """Return whether it was asked; signals call with words that are of no interest here."""
        if self._trim is None or monotonic() - self._asked < SECONDS:
            return False
        self._asked = monotonic()
        self._trim(0)
        return True


give_back = GivingBack()
