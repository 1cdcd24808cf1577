"""Counters of many days at once: what each day adds to all of them is one number.

A month's counters of twelve thousand people are seven million additions one by one; with each
counter as a digit of one number to a large base they are one addition per day.
"""

import struct
from collections.abc import Iterable
from dataclasses import fields
from functools import lru_cache

from attendance.law.cases import Verdict
from attendance.law.codes import LEAVES
from attendance.law.counting import Counters, count

_BITS = 32  # of a digit; minutes of a year of days fit
_LEAVES = tuple(str(code) for code in LEAVES)
_NAMES = tuple(field.name for field in fields(Counters) if field.name != "leave")
_DIGITS = struct.Struct(f"<{len(_NAMES) + len(_LEAVES)}I")


def weight(verdict: Verdict) -> int:
    """Return what one day adds to the counters, as one number."""
    # Without times, words and letters, for which no counter asks, most days weigh the same.
    bare = Verdict(
        verdict.code, verdict.flags, (), verdict.provisional, verdict.target, None, None,
        verdict.late, verdict.early, verdict.missing_in, verdict.missing_out,
        verdict.deficit_gross, verdict.deficit_excused,
    )  # fmt: skip
    return _weight(bare)


@lru_cache(maxsize=4096)
def _weight(verdict: Verdict) -> int:
    counters = count((verdict,))
    digits = [getattr(counters, name) for name in _NAMES]
    digits += [counters.leave.get(code, 0) for code in _LEAVES]
    return sum(int(digit) << (_BITS * place) for place, digit in enumerate(digits))


def total(weights: Iterable[int]) -> Counters:
    """Return the counters of days with these weights: `count` of their verdicts."""
    return counters_of(sum(weights))


def counters_of(number: int) -> Counters:
    """Return the counters that a sum of weights stands for."""
    digits = _DIGITS.unpack(number.to_bytes(_DIGITS.size, "little"))
    leave = {code: days for code, days in zip(_LEAVES, digits[len(_NAMES) :], strict=True) if days}
    return Counters(leave=leave, **dict(zip(_NAMES, digits, strict=False)))
