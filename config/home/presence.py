"""Who is there today, as numbers: of one agency, of one's own staff, or of many agencies.

One agency is judged with the page. Many are judged in turns and kept: twelve thousand people take
the better part of a second, which nobody should wait for before he sees his page. What is kept is
shown for some minutes, with its moment; whoever looks at it has it judged anew when his page looks
again.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from urllib.parse import urlencode

from django.core.cache import cache
from django.urls import reverse

from attendance import links
from attendance.days.seen import CAPABILITY, has_staff
from attendance.days.today import NAMES_OF_STATES, State, board_of
from attendance.models import people_of
from organization.models import Agency, User
from organization.permissions import agencies_where, local_date

FRESH = timedelta(seconds=60)  # until an agency is judged anew by who has time for it
SHOWN = timedelta(minutes=10)  # until what is kept says too little of now to be shown at once
# Seconds given to judging by the first page, which shows what is kept, and by the same page when it
# looks again, as often as it takes: no other page waits for longer than this.
PATIENCE, LOOKING = 0.0, 0.2
WORST = 5
EXPECTED = (State.PRESENT, State.LATE, State.NOT_YET)
CAME = (State.PRESENT, State.LATE)
LOOKS = {
    State.PRESENT: ("ok", "check-circle"),
    State.LATE: ("late", "clock"),
    State.NOT_YET: ("soon", "hourglass"),
    State.AWAY: ("info", "document"),
    State.OFF: ("reused", "calendar"),
    State.UNSCHEDULED: ("failed", "alert"),
}


@dataclass(frozen=True)
class Headcount:
    """How many people of an agency are in which state, as it was `at` that moment."""

    agency: Agency
    at: datetime
    counts: Mapping[State, int]

    @property
    def expected(self) -> int:
        return sum(self.counts.get(state, 0) for state in EXPECTED)

    @property
    def came(self) -> int:
        return sum(self.counts.get(state, 0) for state in CAME)

    @property
    def not_yet(self) -> int:
        return self.counts.get(State.NOT_YET, 0)

    @property
    def missing_share(self) -> float:
        return self.not_yet / self.expected if self.expected else 0.0

    @property
    def came_share(self) -> float | None:
        return self.came / self.expected if self.expected else None

    def link(self, state: State) -> str:
        return f"{links.TODAY}?{urlencode({'pd': self.agency.code, 'keadaan': state})}"

    @property
    def not_yet_link(self) -> str:
        return self.link(State.NOT_YET)

    @property
    def cells(self) -> list[tuple[str, int, str]]:
        """Return of each state what it is called, how many, and where they are named."""
        return [(NAMES_OF_STATES[s], self.counts.get(s, 0), self.link(s)) for s in State]


@dataclass(frozen=True)
class Tile:
    """One number of today, and where its people or agencies are."""

    state: State
    count: int
    link: str

    @property
    def badge(self) -> tuple[str, str, str]:
        return (*LOOKS[self.state], NAMES_OF_STATES[self.state])


@dataclass(frozen=True)
class Presence:
    """Today over all that somebody sees. `waiting` agencies are not judged yet.

    `is_fresh`: none of the others was judged more than a minute ago.
    """

    agencies: Sequence[Headcount]
    waiting: int
    is_staff: bool  # his own staff alone, not an agency
    is_fresh: bool = True

    @property
    def is_one(self) -> bool:
        return len(self.agencies) + self.waiting == 1

    @property
    def total(self) -> Mapping[State, int]:
        return sum((Counter(one.counts) for one in self.agencies), Counter())

    @property
    def expected(self) -> int:
        return sum(one.expected for one in self.agencies)

    @property
    def came(self) -> int:
        return sum(one.came for one in self.agencies)

    @property
    def came_share(self) -> float | None:
        return self.came / self.expected if self.expected else None

    @property
    def oldest(self) -> datetime | None:
        return min((one.at for one in self.agencies), default=None)

    @property
    def zone(self) -> str:
        return self.agencies[0].agency.time_zone if self.agencies else ""

    @property
    def tiles(self) -> list[Tile]:
        """Return the states in order; those hardly anybody is ever in only where somebody is."""
        total = self.total
        shown = [s for s in State if s is not State.UNSCHEDULED or total.get(s)]
        return [Tile(s, total.get(s, 0), self._link(s)) for s in shown]

    @property
    def worst(self) -> list[Headcount]:
        """Return the agencies in which the largest share of those expected is not there yet."""
        missing = [one for one in self.agencies if one.not_yet]
        return sorted(missing, key=lambda one: (-one.missing_share, one.agency.name))[:WORST]

    def by(self, state: State) -> list[Headcount]:
        """Return all agencies, those with most people in this state first."""
        return sorted(self.agencies, key=lambda one: (-one.counts.get(state, 0), one.agency.name))

    def _link(self, state: State) -> str:
        if self.is_one:
            return self.agencies[0].link(state)
        return f"{reverse('beranda:today')}?{urlencode({'keadaan': state})}"


def presence(user: User, now: datetime, *, patience: float | None = PATIENCE) -> Presence | None:
    """Return today as this person sees it; None where he sees nobody's day but his own.

    Of many agencies what is kept is shown, and those judged anew for which `patience` seconds last,
    those never judged first. None: all that are not fresh, however long it takes.
    """
    agencies = list(agencies_where(user, CAPABILITY, now).order_by("name"))
    if len(agencies) > 1:
        return _of_many(agencies, now, patience)
    if agencies:
        return Presence([_judged(agencies[0], now)], waiting=0, is_staff=False)
    if user.employee is None or not has_staff(user):
        return None
    staff = people_of(user, now)
    board = board_of(
        user.employee.agency, local_date(user.employee.agency, now), now=now, people=staff
    )
    return Presence([Headcount(user.employee.agency, now, board.total)], waiting=0, is_staff=True)


def _of_many(agencies: Sequence[Agency], now: datetime, patience: float | None) -> Presence:
    keys = {
        agency.pk: f"home-presence:{agency.pk}:{local_date(agency, now)}" for agency in agencies
    }
    kept = cache.get_many(keys.values())
    told = {one.pk: _kept(one, kept.get(keys[one.pk]), now) for one in agencies}
    stale = [one for one in agencies if not _is_fresh(told[one.pk], now)]
    began = monotonic()
    for agency in sorted(stale, key=lambda one: told[one.pk] is not None):
        if patience is not None and monotonic() - began >= patience:
            break
        one = told[agency.pk] = _judged(agency, now)
        plain = {str(state): count for state, count in one.counts.items()}
        cache.set(keys[agency.pk], (now, plain), SHOWN.total_seconds())
    found = [one for one in told.values() if one is not None]
    is_fresh = all(_is_fresh(one, now) for one in found)
    return Presence(found, len(agencies) - len(found), is_staff=False, is_fresh=is_fresh)


def _is_fresh(one: Headcount | None, now: datetime) -> bool:
    return one is not None and now - one.at < FRESH


def _kept(
    agency: Agency, told: tuple[datetime, Mapping[str, int]] | None, now: datetime
) -> Headcount | None:
    """Return what an agency was judged to be, if that still says something of now."""
    if told is None or not timedelta() <= now - told[0] < SHOWN:
        return None
    at, counts = told
    return Headcount(agency, at, {State(state): count for state, count in counts.items()})


def _judged(agency: Agency, now: datetime) -> Headcount:
    board = board_of(agency, local_date(agency, now), now=now)
    return Headcount(agency, now, board.total)
