"""How long what is kept: a room registers how its own is taken away, the table says when.

The table lies in config/privacy/retention.toml, since it speaks of every room.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

AT_ONCE = 1000  # rows of one statement


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """How something is taken away that is older than a moment.

    `count` says how many there are, `remove` takes them away and says how many they were; both
    are given the moment, and `remove` may be killed and begun again. `days`: how long this room
    keeps it in any case, where its own pages tell so; the table has to say the same.
    """

    key: str
    count: Callable[[datetime], int]
    remove: Callable[[datetime], int]
    days: int | None = None


_sweeps: dict[str, Sweep] = {}


def sweep(one: Sweep) -> None:
    """Register how something is taken away."""
    if one.key in _sweeps:
        raise ValueError(f"{one.key} is told twice")
    _sweeps[one.key] = one


def sweeps() -> Mapping[str, Sweep]:
    return _sweeps
