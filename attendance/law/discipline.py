"""Counters of unexplained absence by PP 94/2021, for PNS only; pure, no Django, no clock.

The system flags, it never punishes: a band says which provision superiors and BKD should look at.
Days are cumulated in a calendar year and begin anew on 1 January; a run of working days without
explanation is counted apart. The bands are those of PP 94/2021 as the press printed them; the
numbers of its articles were not verified ("belum diverifikasi").
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

SOURCE = "PP 94/2021; nomor pasal belum diverifikasi"
IN_A_ROW = 10  # working days without explanation, one after the other
MINUTES_OF_A_DAY = 450  # 7.5 hours; PP 53/2010 (repealed) converted so, for PP 94/2021 not found


@dataclass(frozen=True)
class Band:
    """So many unexplained days in a year, and what PP 94/2021 provides for them."""

    least: int
    most: int | None
    name: str

    @property
    def text(self) -> str:
        reach = f"{self.least}-{self.most}" if self.most else f"{self.least} atau lebih"
        return (
            f"{reach} hari: {self.name}"
            if self.least != self.most
            else (f"{self.least} hari: {self.name}")
        )


BANDS = (
    Band(3, 3, "teguran lisan"),
    Band(4, 6, "teguran tertulis"),
    Band(7, 10, "pernyataan tidak puas secara tertulis"),
    Band(11, 13, "pemotongan tukin 25 % selama 6 bulan"),
    Band(14, 16, "pemotongan tukin 25 % selama 9 bulan"),
    Band(17, 20, "pemotongan tukin 25 % selama 12 bulan"),
    Band(21, 24, "penurunan jabatan setingkat lebih rendah selama 12 bulan"),
    Band(25, 27, "pembebasan dari jabatan menjadi pelaksana selama 12 bulan"),
    Band(28, None, "pemberhentian"),
)
RUN_BAND = Band(IN_A_ROW, None, "berturut-turut: pemberhentian dan penghentian gaji")


@dataclass(frozen=True)
class WorkedDay:
    """A working day of a person that is over, and what bears on the counters."""

    on: date
    unexplained: bool
    deficit: int = 0  # minutes of work not done on a day that is not unexplained


@dataclass(frozen=True)
class Counted:
    """What a calendar year came to so far. `deficit` in minutes.

    It is for information, unless BKD decided that 7.5 hours of it are a day (`deficit_counts`).
    """

    unexplained: int = 0
    longest_run: int = 0
    last_on: date | None = None
    deficit: int = 0
    deficit_counts: bool = False

    @property
    def days(self) -> int:
        """Return the days that the bands speak of."""
        return self.unexplained + (self.deficit_days[0] if self.deficit_counts else 0)

    @property
    def bands(self) -> tuple[Band, ...]:
        """Return what is reached: by the days of the year, and by days in a row."""
        by_days = tuple(b for b in BANDS if b.least <= self.days <= (b.most or self.days))
        return by_days + ((RUN_BAND,) if self.longest_run >= IN_A_ROW else ())

    @property
    def deficit_days(self) -> tuple[int, int]:
        """Return the deficit as days of 7.5 hours and the minutes that are left; information."""
        return divmod(self.deficit, MINUTES_OF_A_DAY)


def count_year(days: Iterable[WorkedDay], year: int, *, deficit_counts: bool = False) -> Counted:
    """Count the working days of one person; days of other years and days off are none of it."""
    total = run = longest = deficit = 0
    last: date | None = None
    for day in sorted(days, key=lambda day: day.on):
        if day.on.year != year:
            continue
        if day.unexplained:
            total, run, last = total + 1, run + 1, day.on
            longest = max(longest, run)
        else:
            run = 0
            deficit += day.deficit
    return Counted(total, longest, last, deficit, deficit_counts)


def crossed(before: int, after: int) -> Band | None:
    """Return the band that these more days led into, if it is another than before."""

    def band(days: int) -> Band | None:
        found = Counted(unexplained=days).bands
        return found[0] if found else None

    return band(after) if band(after) != band(before) else None
