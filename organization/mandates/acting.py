"""What somebody who acts for an official may not do, although the role may: acting.toml."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from organization.mandates.roles import ROLES

ACTING_FILE = Path(__file__).with_name("acting.toml")
TITLES = {"plt": "Plt.", "plh": "Plh."}


class Basis(StrEnum):
    """Why something is withheld: the law says so, or, where it is silent, the office decided."""

    LAW = "law"
    DECISION = "decision"


class UnknownDecision(LookupError):
    """Somebody asks for a decision that no row knows: a slip of the pen."""


@dataclass(frozen=True, kw_only=True)
class Withheld:
    """One thing that is kept from acting officials; `words` follow on "tidak berwenang"."""

    words: str
    capacities: frozenset[str]
    capabilities: frozenset[str]
    decisions: frozenset[str]
    basis: Basis
    source: str

    def refusal(self, title: str) -> str:
        """Say it to somebody who acts under this title."""
        return (
            f"Sebagai {title} Anda tidak berwenang {self.words} ({self.source}). "
            "Mintalah pejabat definitif atau atasannya memutuskan."
        )


def read_withheld(path: Path = ACTING_FILE) -> tuple[Withheld, ...]:
    """Return the rows of the file; ValueError where one names an unknown capacity or basis."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["withheld"]
    return tuple(
        Withheld(
            words=row["words"],
            capacities=_capacities(row["capacities"]),
            capabilities=frozenset(row.get("capabilities", ())),
            decisions=frozenset(row.get("decisions", ())),
            basis=Basis(row["basis"]),
            source=row["source"],
        )
        for row in rows
    )


def _capacities(names: Iterable[str]) -> frozenset[str]:
    found = frozenset(names)
    if unknown := found - TITLES.keys():
        raise ValueError(f"{ACTING_FILE.name} names {sorted(unknown)}; known are {list(TITLES)}")
    return found


WITHHELD = read_withheld()
DECISIONS = frozenset().union(*(row.decisions for row in WITHHELD))


def withheld_capability(capacity: str, capability: str) -> Withheld | None:
    """Return the row that keeps this capability from who acts in this capacity."""
    return next(
        (r for r in WITHHELD if capacity in r.capacities and capability in r.capabilities), None
    )


def withheld_decision(capacity: str, decision: str) -> Withheld | None:
    """Return the row that keeps this decision from who acts in this capacity."""
    if decision not in DECISIONS:
        raise UnknownDecision(f"{decision} stands in no row of {ACTING_FILE.name}")
    return next((r for r in WITHHELD if capacity in r.capacities and decision in r.decisions), None)


def limits(role: str, capacity: str) -> list[Withheld]:
    """Return what is kept from who acts in a role in this capacity; nothing from its holder."""
    held = ROLES.get(role, frozenset())
    return [
        row
        for row in WITHHELD
        if capacity in row.capacities and (row.decisions or row.capabilities & held)
    ]


def capacity_of(acting_as: str) -> str:
    """Return the capacity that a title tells of ("Plh. Kadis"): "plt", "plh" or nothing."""
    return next((key for key, label in TITLES.items() if acting_as.startswith(f"{label} ")), "")
