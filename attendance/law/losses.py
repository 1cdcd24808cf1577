"""Stretches of work that were not done, and what letters excuse of them; pure.

A stretch is (begin, end) in minutes, the end not included; stretches of work never overlap.
"""

from collections.abc import Iterable, Sequence

Stretch = tuple[int, int]
Stretches = Sequence[Stretch]


def length(stretches: Stretches) -> int:
    if not stretches:
        return 0
    return sum(end - begin for begin, end in stretches)


def before(work: Stretches, minute: int) -> Stretches:
    """Return the work before a minute."""
    if minute <= work[0][0]:
        return ()
    return [(begin, min(end, minute)) for begin, end in work if begin < minute]


def after(work: Stretches, minute: int) -> Stretches:
    """Return the work from a minute on."""
    if minute >= work[-1][1]:
        return ()
    return [(max(begin, minute), end) for begin, end in work if end > minute]


def first_minutes(work: Stretches, minutes: int) -> Stretches:
    """Return the beginning of the work, so many minutes of it."""
    found = []
    for begin, end in work:
        if minutes <= 0:
            break
        found.append((begin, min(end, begin + minutes)))
        minutes -= end - begin
    return found


def last_minutes(work: Stretches, minutes: int) -> Stretches:
    """Return the end of the work, so many minutes of it."""
    found = []
    for begin, end in reversed(work):
        if minutes <= 0:
            break
        found.append((max(begin, end - minutes), end))
        minutes -= end - begin
    return found[::-1]


def excused(lost: Stretches, spans: Stretches) -> int:
    """Return how many of the lost minutes lie in any of the spans; overlaps count once."""
    return sum(
        max(0, min(end, span_end) - max(begin, span_begin))
        for begin, end in _joined(lost)
        for span_begin, span_end in _joined(spans)
    )


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Return stretches that do not overlap and cover the same minutes."""
    joined: list[Stretch] = []
    for begin, end in sorted(stretches):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined
