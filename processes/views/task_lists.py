"""The three lists of tasks, page by page: only the rows shown are read, and one more.

What a page costs does not depend on how long the list is, while it is in its own order.
`sopan/pagination.html` shows these pages as it shows Django's own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest

from processes import queries
from processes.context_processors import Waiting
from processes.counting import Count
from processes.inbox.asking import Asked
from processes.inbox.finding import found, found_by_clock
from processes.models import Task
from processes.views.common import ROWS

LAST_PAGE = 400  # ten thousand rows: no person turns so many pages, a machine might


@dataclass(frozen=True)
class Stretch:
    """Which page of a list is asked for: its rows from `start`, one more than it shows."""

    number: int

    @property
    def start(self) -> int:
        return (self.number - 1) * ROWS

    @property
    def end(self) -> int:
        return self.start + ROWS + 1


def stretch_of(request: HttpRequest) -> Stretch:
    """Return the page that the address names; what is no number is the first one."""
    asked = request.GET.get("page", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 8 else 1
    return Stretch(min(max(number, 1), LAST_PAGE))


@dataclass(frozen=True)
class LongPage:
    """One page of tasks; `rows` has one more than is shown where another page follows."""

    stretch: Stretch
    rows: Sequence[Task]
    total: Count

    def __iter__(self) -> Iterator[Task]:
        return iter(self.rows[:ROWS])

    @property
    def has_previous(self) -> bool:
        return self.stretch.number > 1

    @property
    def has_next(self) -> bool:
        return len(self.rows) > ROWS

    @property
    def has_other_pages(self) -> bool:
        return self.has_previous or self.has_next

    @property
    def previous_page_number(self) -> int:
        return self.stretch.number - 1

    @property
    def next_page_number(self) -> int:
        return self.stretch.number + 1

    @property
    def start_index(self) -> int:
        return self.stretch.start + 1

    @property
    def end_index(self) -> int:
        return self.stretch.start + min(len(self.rows), ROWS)


@dataclass(frozen=True)
class TaskList:
    """One of the lists of a person, whole or as it is asked for."""

    waiting: Waiting
    asked: Asked

    def page(self, stretch: Stretch) -> LongPage:
        """Return a page of it; the first one where the list is shorter than that."""
        rows = self._rows(stretch)
        if not rows and stretch.number > 1:
            return self.page(Stretch(1))
        return LongPage(stretch, rows, self._total(stretch, len(rows)))

    def first(self, count: int) -> Sequence[Task]:
        """Return so many rows of it at once, for a file."""
        if self.asked.by_clock:
            return self._by_clock[:count]
        return list(found(self.asked, self.waiting.user, self.waiting.now)[:count])

    @cached_property
    def _by_clock(self) -> list[Task]:
        return found_by_clock(self.asked, self.waiting.user, self.waiting.now)

    def _total(self, stretch: Stretch, shown: int) -> Count:
        if self.asked.by_clock:
            return Count(len(self._by_clock))
        if stretch.number == 1 and shown <= ROWS:
            return Count(shown)
        if self.asked.is_narrowed or self.asked.tab == "archive":
            return queries.count_of(found(self.asked, self.waiting.user, self.waiting.now))
        return self.waiting.mine if self.asked.tab == "mine" else self.waiting.queue

    def _rows(self, stretch: Stretch) -> Sequence[Task]:
        user, now, (start, end) = self.waiting.user, self.waiting.now, (stretch.start, stretch.end)
        if self.asked.by_clock:
            return self._by_clock[start:end]
        if not self.asked.is_plain or self.asked.tab == "archive":
            return list(found(self.asked, user, now)[start:end])
        if self.asked.tab == "mine":
            return queries.inbox_page(user, start=start, count=end - start)
        return queries.queue_page(user, now, start=start, count=end - start)
