"""The three lists of tasks, page by page: only the rows shown are read, and one more.

What a page costs does not depend on how long the list is. `sopan/pagination.html` shows these pages
as it shows Django's own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from processes import queries
from processes.context_processors import Waiting
from processes.counting import MOST, Count
from processes.models import Task
from processes.views.common import ROWS

Tab = Literal["mine", "queue", "archive"]
SEARCHED = MOST  # rows that a search looks at, from the top of the list
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
    """One of the lists of a person, whole or as `words` narrow it."""

    tab: Tab
    waiting: Waiting
    words: str

    def page(self, stretch: Stretch) -> LongPage:
        """Return a page of it; the first one where the list is shorter than that."""
        rows = self._rows(stretch)
        if not rows and stretch.number > 1:
            return self.page(Stretch(1))
        return LongPage(stretch, rows, self._total(stretch, len(rows)))

    @property
    def is_searched_in_part(self) -> bool:
        """Say whether there may be matches that a search did not look at."""
        return bool(self.words) and not self._length.is_whole

    @cached_property
    def _length(self) -> Count:
        if self.tab == "archive":
            return queries.count_of(queries.archive(self.waiting.user))
        return self.waiting.mine if self.tab == "mine" else self.waiting.queue

    def _total(self, stretch: Stretch, found: int) -> Count:
        if stretch.number == 1 and found <= ROWS:
            return Count(found)
        return queries.count_of(self._matches) if self.words else self._length

    def _rows(self, stretch: Stretch) -> list[Task]:
        user, now, (start, end) = self.waiting.user, self.waiting.now, (stretch.start, stretch.end)
        if self.words:
            return list(self._matches[start:end])
        if self.tab == "mine":
            return queries.inbox_page(user, start=start, count=end - start)
        if self.tab == "queue":
            return queries.queue_page(user, now, start=start, count=end - start)
        return list(queries.archive(user)[start:end])

    @cached_property
    def _matches(self) -> QuerySet[Task]:
        user, now = self.waiting.user, self.waiting.now
        if self.tab == "mine":
            rows = queries.inbox(user)
        elif self.tab == "queue":
            rows = queries.queue(user, now, first=SEARCHED)
        else:
            rows = queries.archive(user)
        return _search(rows.filter(pk__in=rows.values("pk")[:SEARCHED]), self.words)


def _search(tasks: QuerySet[Task], words: str) -> QuerySet[Task]:
    """Every word must stand in the name of task, row or agency, or in the instance's title."""
    for word in words.split():
        tasks = tasks.filter(
            Q(name__icontains=word)
            | Q(row_label__icontains=word)
            | Q(instance__title__icontains=word)
            | Q(agency__name__icontains=word)
        )
    return tasks
