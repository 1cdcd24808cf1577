"""What a few numbers may be made to say: shares with their interval, spans, and when to keep quiet.

Pure. Durations are seconds where they come from the database and `timedelta` where they are shown.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

FEW = 5  # below this a figure is shown greyed: "data sedikit"
Z_95 = 1.96


@dataclass(frozen=True)
class Share:
    """A part of a whole, with the Wilson 95 % interval; nothing of nothing says nothing."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """Return the share, 0 to 1; None where there is nothing."""
        return self.part / self.whole if self.whole else None

    @property
    def low(self) -> float | None:
        bounds = wilson(self.part, self.whole)
        return bounds[0] if bounds else None

    @property
    def high(self) -> float | None:
        bounds = wilson(self.part, self.whole)
        return bounds[1] if bounds else None

    @property
    def is_thin(self) -> bool:
        return is_few(self.whole)


def wilson(successes: int, n: int, z: float = Z_95) -> tuple[float, float] | None:
    """Return the Wilson score interval of a share, 0 to 1; None for n = 0.

    Wilson (1927); unlike the textbook's normal interval it stays within 0 and 1 and has a width
    where all or none succeeded. ValueError where `successes` is no part of `n`.
    """
    if not 0 <= successes <= n:
        raise ValueError("successes lie between 0 and n")
    if n == 0:
        return None
    share, square = successes / n, z * z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = z / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    # Rounding would else leave 0 of n a hair above 0, and n of n a hair below 1.
    low = 0.0 if successes == 0 else middle - half
    high = 1.0 if successes == n else middle + half
    return low, high


def is_few(n: int) -> bool:
    """Say whether a figure over n values is to be shown greyed."""
    return n < FEW


def span(seconds: float | None) -> timedelta | None:
    """Return seconds of the database as a duration of whole seconds; None stays None."""
    return None if seconds is None else timedelta(seconds=round(seconds))


def spans(seconds: Sequence[float] | None, count: int) -> tuple[timedelta | None, ...]:
    """Return what `Quantiles` answered as durations; `count` times None where it had no rows."""
    return (None,) * count if seconds is None else tuple(span(value) for value in seconds)


def ratio(part: float | None, whole: float | None) -> float | None:
    """Return part / whole; None where one of them is missing or the whole is nothing."""
    return part / whole if part is not None and whole else None
