"""What the machines of the demo office recorded in a month, and who was away with which letter.

The shares follow what offices of this size show: nine in ten on time, a few late, some forgetting
the second punch. Three machines misbehave on purpose: one is offline for two days and delivers in a
burst, one is an hour slow for three days, one falls back to the year 2000 for a morning.
"""

import random
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

LETTER_SHARES = (("DL", 0.012), ("CT", 0.005), ("S", 0.004), ("I", 0.003))
LETTER_DAYS = {"DL": (2, 4), "CT": (2, 5), "S": (1, 2), "I": (1, 1)}
UNEXPLAINED = 0.004
LATE, EARLY, NO_IN, NO_OUT = 0.07, 0.04, 0.008, 0.015


@dataclass(frozen=True)
class Absence:
    """Days for which a person hands in a letter; `kind` is the code of the recap."""

    person: int
    kind: str
    first: date
    last: date


@dataclass(frozen=True)
class MonthPlan:
    """Per machine the lines of its log in the order of its own clock, and the letters."""

    lines: dict[int, list[tuple[datetime, int]]] = field(default_factory=dict)
    absences: list[Absence] = field(default_factory=list)
    offline: tuple[date, date] | None = None


def working_days(first: date, last: date, holidays: Collection[date]) -> Iterator[date]:
    """Yield Monday to Friday without the holidays."""
    while first <= last:
        if first.weekday() < 5 and first not in holidays:
            yield first
        first += timedelta(days=1)


def plan_month(
    pins: Sequence[int], first: date, last: date, holidays: Collection[date], machines: int = 3
) -> MonthPlan:
    """Invent a month for the people with these device PINs; person i uses machine i mod n."""
    rng = random.Random(f"{first:%Y-%m}")
    days = list(working_days(first, last, holidays))
    absences = list(_absences(rng, len(pins), days))
    away = {(a.person, day) for a in absences for day in days if a.first <= day <= a.last}
    lines: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    slow_days, reset_day = set(days[6:9]), days[12] if len(days) > 12 else None
    for day in days:
        for person, pin in enumerate(pins):
            if (person, day) in away or rng.random() < UNEXPLAINED:
                continue
            machine = person % machines
            for at in _punches(rng, day, lateness=0.25 if person % 17 == 5 else LATE):
                if machine == 1 and day in slow_days:
                    at -= timedelta(hours=1)
                if machine == 2 and day == reset_day and at.hour < 12:
                    at = datetime(2000, 1, 1, 0, at.minute, at.second)
                lines[machine].append((at, pin))
    offline = (days[3], days[4]) if len(days) > 4 else None
    return MonthPlan({m: sorted(rows) for m, rows in lines.items()}, absences, offline)


def _absences(rng: random.Random, people: int, days: Sequence[date]) -> Iterator[Absence]:
    for person in range(people):
        index = 0
        while index < len(days):
            kind = next((k for k, share in LETTER_SHARES if rng.random() < share), None)
            if kind is None:
                index += 1
                continue
            end = min(index + rng.randint(*LETTER_DAYS[kind]), len(days)) - 1
            yield Absence(person, kind, days[index], days[end])
            index = end + 4


def _punches(rng: random.Random, day: date, *, lateness: float) -> Iterator[datetime]:
    """Yield the day's punches: mostly two, now and then a second tap or a forgotten one."""
    out_limit = time(16, 30) if day.weekday() == 4 else time(16, 0)
    if rng.random() >= NO_IN:
        late = rng.random() < lateness
        minutes = rng.randint(31, 62) if late else int(rng.triangular(-20, 29, 17))
        arrival = datetime.combine(day, time(7, 0)) + timedelta(
            minutes=minutes, seconds=rng.randrange(60)
        )
        yield arrival
        if rng.random() < 0.08:
            yield arrival + timedelta(seconds=rng.randint(3, 50))
    if rng.random() >= NO_OUT:
        early = rng.random() < EARLY
        minutes = -rng.randint(5, 45) if early else int(rng.triangular(0, 60, 6))
        yield datetime.combine(day, out_limit) + timedelta(
            minutes=minutes, seconds=rng.randrange(60)
        )


def attlog_body(lines: Sequence[tuple[datetime, int]]) -> bytes:
    """Write lines as a terminal posts them (ATTLOG: PIN, time, state, verify, work code, CRLF)."""
    rows = (f"{pin}\t{at:%Y-%m-%d %H:%M:%S}\t0\t1\t\t0\t0\t\r\n" for at, pin in lines)
    return "".join(rows).encode()
