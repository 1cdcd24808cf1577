"""Thousands of invented people, agency by agency; nobody of them exists.

Unlike in the small office two people may have the same name, as they do in a province; a number is
nobody else's.
"""

import random
from collections.abc import Sequence
from datetime import date

from config.demo.people import FAMILIES, MEN, WOMEN, Maker, Person

STATUSES = {"PNS": 62, "PPPK": 22, "PPPK-PW": 6, "HONORER": 10}  # of a hundred
OFFICERS = 3  # of the staff of every agency so many at least are PNS


class Crowd(Maker):
    """Makes the people of one agency after the other; the same at every start."""

    def __init__(self, seed: int = 67) -> None:
        super().__init__(random.Random(seed))
        self.numbers: set[str] = set()

    def agency(self, head: str, units: Sequence[str], count: int) -> list[Person]:
        """Return so many people, superiors before their staff; the officers-to-be come last."""
        first = self.civil_servant(head, "Sekretariat", "IV/c", title="M.Si.")
        secretary = self.civil_servant(
            "Sekretaris", "Sekretariat", "IV/b", title="SH.", superior=first
        )
        people = [first, secretary]
        chiefs = {"Sekretariat": secretary}
        for unit in units[: max(count - len(people) - OFFICERS, 0)]:
            chiefs[unit] = self.civil_servant(
                f"Kepala {unit}", unit, "IV/a", title="M.M.", superior=first
            )
            people.append(chiefs[unit])
        names, weights = list(STATUSES), list(STATUSES.values())
        statuses = self.rng.choices(names, weights, k=max(count - len(people) - OFFICERS, 0))
        for status in [*statuses, *["PNS"] * OFFICERS]:
            unit = self.rng.choice(list(chiefs))
            people.append(self.staff(status, unit, chiefs[unit]))
        return people

    def name(self, title: str) -> tuple[str, int]:
        sex = 1 if self.rng.random() < 0.55 else 2
        names = [self.rng.choice(MEN if sex == 1 else WOMEN), self.rng.choice(FAMILIES)]
        if self.rng.random() < 0.4:
            names.append(self.rng.choice(FAMILIES))
        name = " ".join(names)
        return (f"{name}, {title}" if title else name), sex

    def nip(self, sex: int, *, born: tuple[int, int], joined: tuple[int, int] | None = None) -> str:
        """Return birth date, first month of service, sex and a serial: 18 digits."""
        self.serial += 1
        while True:
            birthday = date(
                self.rng.randint(*born), self.rng.randint(1, 12), self.rng.randint(1, 28)
            )
            low, high = joined or (birthday.year + 23, birthday.year + 27)
            start = f"{min(self.rng.randint(low, high), 2025)}{self.rng.choice(('01', '03', '12'))}"
            number = f"{birthday:%Y%m%d}{start}{sex}{self.serial % 999 + 1:03d}"
            if number not in self.numbers:
                self.numbers.add(number)
                return number


def dealt(shares: Sequence[int], total: int, least: int) -> list[int]:
    """Deal a whole number out by shares: nobody gets less than `least`, and all of it is dealt."""
    rest = total - least * len(shares)
    if rest < 0:
        raise ValueError(f"{total} cannot be dealt to {len(shares)}, {least} each at least")
    exact = [rest * share / sum(shares) for share in shares]
    counts = [int(value) for value in exact]
    by_remainder = sorted(range(len(shares)), key=lambda n: counts[n] - exact[n])
    for n in by_remainder[: rest - sum(counts)]:
        counts[n] += 1
    return [least + count for count in counts]
