"""Which taps belong to which day, where the windows of two days overlap; pure, no Django."""

from functools import lru_cache

from organization.calendars.work_hours import DAY, DAY_BEGINS, DAY_ENDS, Day, DayHours

Window = tuple[int, int]


@lru_cache(maxsize=4096)
def window_of(yesterday: Day, today: Day, tomorrow: Day) -> Window:
    """Return from which minute of `today` until which (not included) taps count for it.

    Windows of neighbours never overlap: a tap between two shifts belongs to the nearer limit, at
    the same distance to the earlier day, so that a night shift is judged whole on the day it began.
    A day without hours gets what no neighbour with hours takes.
    """
    begins, ends = _reach(today)
    _, before_ends = _reach(yesterday)
    after_begins, _ = _reach(tomorrow)
    before_ends, after_begins = before_ends - DAY, after_begins + DAY
    if begins < before_ends:
        begins = _cut(yesterday, today, before_ends, begins)
    if after_begins < ends:
        ends = DAY + _cut(today, tomorrow, ends - DAY, after_begins - DAY)
    return begins, max(begins, ends)


def _reach(day: Day) -> Window:
    return day.window if isinstance(day, DayHours) else (DAY_BEGINS, DAY_ENDS)


def _cut(earlier: Day, later: Day, earlier_ends: int, later_begins: int) -> int:
    """Return the first minute, of the later day, that belongs to the later one."""
    if not isinstance(later, DayHours):
        return earlier_ends
    if not isinstance(earlier, DayHours):
        return later_begins
    nearer = (earlier.out_limit - DAY + later.in_limit) // 2 + 1
    return min(max(nearer, later_begins), earlier_ends)
