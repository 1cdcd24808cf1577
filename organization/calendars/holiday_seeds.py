"""Public holidays and collective leave of Indonesia as the package `holidays` knows them."""

from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

import holidays

from organization.models import PublicHoliday

Kind = PublicHoliday.Kind
VERSION = version("holidays")
SOURCE = "Paket holidays"  # how every source text of a seeded row begins
_CATEGORIES = ((holidays.PUBLIC, Kind.HOLIDAY), (holidays.GOVERNMENT, Kind.COLLECTIVE_LEAVE))


class NoHolidaysKnown(LookupError):
    """The package knows nothing of this year's collective leave; the sentence says what to do."""


@dataclass(frozen=True)
class Seed:
    """A day as the package tells it."""

    on: date
    name: str
    kind: str
    source: str


def seeds_of(year: int) -> list[Seed]:
    """Return the days of a year in their order; a holiday goes before a collective leave.

    Raises NoHolidaysKnown for a year whose decree the package has not taken in yet: without it the
    movable feasts are estimates, and nothing is guessed.
    """
    found: dict[date, Seed] = {}
    for category, kind in _CATEGORIES:
        days = holidays.country_holidays("ID", years=year, categories=category, language="id")
        if not days and kind == Kind.COLLECTIVE_LEAVE:
            raise NoHolidaysKnown(
                f"Paket holidays {VERSION} belum memuat cuti bersama {year}; tulis "
                "hari libur tahun itu dari keputusannya, atau perbarui paketnya."
            )
        word = "hari libur" if kind == Kind.HOLIDAY else "cuti bersama"
        source = f"{SOURCE} {VERSION}, Indonesia, {word}"
        for on, name in days.items():
            found.setdefault(on, Seed(on, name[:150], kind, source))
    return [found[on] for on in sorted(found)]
