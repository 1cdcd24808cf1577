"""A person's month as a sheet keeps it: texts that are made once for equal days."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from attendance.days.stored import pack_day
from attendance.law.cases import Verdict
from attendance.law.codes import Code
from attendance.law.tallies import counters_of, weight

KEPT = 60_000
_JSON = json.JSONEncoder(separators=(",", ":"))


class SheetText(NamedTuple):
    """What a sheet says. `codes` are separated by blanks, `days` are `stored.pack`."""

    codes: str
    days: str
    counters: str  # JSON of `Counters.as_data`
    unexplained: int


class _Day(NamedTuple):
    verdict: Verdict  # kept alive: the day is known by its identity
    label: str
    packed: str
    weight: int


_known: dict[int, _Day] = {}


def sheet_text(verdicts: Sequence[Verdict]) -> SheetText:
    """Return the texts of a month.

    Equal days of different people are one object (attendance.judging), so they are looked up by
    identity: comparing them would cost more than the rest.
    """
    days = [_known.get(id(verdict)) or _day(verdict) for verdict in verdicts]
    counters = counters_of(sum([day.weight for day in days]))
    return SheetText(
        " ".join([day.label for day in days]),
        "\n".join([day.packed for day in days]),
        _JSON.encode(counters.as_data()),
        counters.unexplained,
    )


def codes_of(text: str) -> list[str]:
    """Return what the matrix prints, day by day."""
    return text.split(" ") if text else []


def _day(verdict: Verdict) -> _Day:
    if len(_known) >= KEPT:
        _known.clear()
    made = _known[id(verdict)] = _Day(verdict, verdict.label, pack_day(verdict), weight(verdict))
    return made


def is_settled(text: str) -> bool:
    """Say whether all days of a sheet's codes are over and scheduled."""
    return not {str(Code.NOT_OVER), str(Code.UNSCHEDULED)} & set(codes_of(text))
