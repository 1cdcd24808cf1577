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


# Label, packed line, weight, and the verdict itself: while it lives, no other has its identity.
_Day = tuple[str, str, int, Verdict]

_known: dict[int, _Day] = {}


def sheet_text(verdicts: Sequence[Verdict]) -> SheetText:
    """Return the texts of a month.

    Equal days of different people are one object (attendance.judging), so they are looked up by
    identity: comparing them would cost more than the rest.
    """
    days = list(map(_known.get, map(id, verdicts)))
    if None in days:
        days = [day or _day(verdict) for day, verdict in zip(days, verdicts, strict=True)]
    labels, packed, weights, _ = zip(*days, strict=True)
    counters = counters_of(sum(weights))
    return SheetText(
        " ".join(labels),
        "\n".join(packed),
        _JSON.encode(counters.as_data()),
        counters.unexplained,
    )


def codes_of(text: str) -> list[str]:
    """Return what the matrix prints, day by day."""
    return text.split(" ") if text else []


def _day(verdict: Verdict) -> _Day:
    made = verdict.label, pack_day(verdict), weight(verdict), verdict
    if not verdict.letter_id:  # a letter's day comes once
        if len(_known) >= KEPT:
            _known.clear()
        _known[id(verdict)] = made
    return made


def is_settled(text: str) -> bool:
    """Say whether all days of a sheet's codes are over and scheduled."""
    return not {str(Code.NOT_OVER), str(Code.UNSCHEDULED)} & set(codes_of(text))
