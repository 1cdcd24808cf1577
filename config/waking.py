"""What wakes a worker after a commit: a message to the broker, which may be away."""

import time
from collections.abc import Callable

# Shorter than the period of the sweep, which finds meanwhile what nobody was told of.
SILENCE_SECONDS = 5.0


class Waker:
    """Sends the message; after a failure the next ones of this process are saved for a while.

    A broker that is away costs whoever commits the whole patience with a connection (two seconds).
    Were each commit to try again, an hour without a broker would be an hour of slow pages.
    """

    def __init__(
        self, send: Callable[[], object], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`send` raises if there is no broker; `clock` tells seconds that never go back."""
        self._send, self._clock = send, clock
        self._failed, self._silent_until = False, float("-inf")

    def __call__(self) -> None:
        """Send it, or do nothing soon after a failure; raises what sending raises."""
        if self._clock() < self._silent_until:
            return
        if self._failed:
            # One tries whether it is back; the others do not wait beside it.
            self._silent_until = self._clock() + SILENCE_SECONDS
        try:
            self._send()
        except Exception:
            self._failed, self._silent_until = True, self._clock() + SILENCE_SECONDS
            raise
        self._failed, self._silent_until = False, float("-inf")
