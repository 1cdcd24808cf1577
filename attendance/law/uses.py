"""What became of each tap of a day: which decided, and why the others did not; pure, no Django."""

from collections.abc import Iterable
from enum import StrEnum
from itertools import pairwise

from attendance.law.cases import DayCase, Tap
from attendance.law.presence import in_and_out
from organization.calendars.work_hours import DayHours


class Use(StrEnum):
    """What a tap was good for, as people read it."""

    CAME = "dihitung masuk"
    LEFT = "dihitung pulang"
    REPEATED = "pengulangan, dihitung satu dengan absen sebelumnya"
    IDLE = "tidak menentukan; hanya yang pertama dan terakhir dipakai"
    MACHINE_HOLDS = "daftar manual; dipakai jam mesin"
    OUTSIDE = "di luar hari absensi ini"
    NO_HOURS = "bukan jam kerja"


def uses_of(case: DayCase) -> tuple[tuple[Tap, Use], ...]:
    """Return every tap of the case, in order, with its use."""
    begins, ends = case.reach
    inside = [tap for tap in case.taps if begins <= tap.minute < ends]
    decide: dict[Tap, Use] = {}
    if isinstance(case.hours, DayHours) and inside:
        came, left, _ = in_and_out(case.hours, inside, case)
        decide = {tap: use for tap, use in ((came, Use.CAME), (left, Use.LEFT)) if tap}
    found: list[tuple[Tap, Use]] = []
    before: Tap | None = None
    for tap in sorted(case.taps):
        if not begins <= tap.minute < ends:
            found.append((tap, Use.OUTSIDE))
            continue
        # Of equal taps the first one is the one that decides.
        use = decide.pop(tap) if tap in decide else _idle(tap, before, case)
        found.append((tap, use))
        before = tap
    return tuple(found)


def distinct(taps: Iterable[Tap], repeated_tap: int) -> int:
    """Count taps, those less than so many minutes after the one before (on any machine) as one."""
    minutes = sorted(tap.minute for tap in taps)
    return bool(minutes) + sum(
        later - earlier >= repeated_tap for earlier, later in pairwise(minutes)
    )


def _idle(tap: Tap, before: Tap | None, case: DayCase) -> Use:
    if not isinstance(case.hours, DayHours):
        return Use.NO_HOURS
    if before is not None and tap.minute - before.minute < case.policy.repeated_tap:
        return Use.REPEATED
    return Use.MACHINE_HOLDS if tap.manual else Use.IDLE
