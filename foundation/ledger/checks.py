"""What is checked, slice by slice, so that a check of any size can be told and taken up again."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """A place where the ledger does not agree with itself, or a row not with the ledger."""

    stream: str
    sequence: int
    reason: str


@dataclass(frozen=True)
class Slice:
    """What a part of a check found, how much it saw, and where the next begins; None at the end."""

    faults: list[Fault]
    seen: int
    after: str | None


@dataclass(frozen=True)
class Check:
    """`look` is called with "" first, then with what the last slice said.

    `things` is what is counted ("peristiwa"); each slice takes seconds at most, on PostgreSQL the
    chains as a whole.
    """

    name: str
    things: str
    total: Callable[[], int]
    look: Callable[[str], Slice]

    def faults(self) -> Iterator[Fault]:
        """Look from the start to the end."""
        after: str | None = ""
        while after is not None:
            part = self.look(after)
            yield from part.faults
            after = part.after


_row_checks: dict[str, Check] = {}


def row_check(
    name: str, *, things: str, total: Callable[[], int]
) -> Callable[[Callable[[str], Slice]], Callable[[str], Slice]]:
    """Register how a room holds rows against their events: `@row_check("processes.task", ...)`."""

    def register(look: Callable[[str], Slice]) -> Callable[[str], Slice]:
        _row_checks[name] = Check(name, things, total, look)
        return look

    return register


def row_checks() -> list[Check]:
    return [_row_checks[name] for name in sorted(_row_checks)]


def disagreements() -> Iterator[Fault]:
    """Yield every row that says something else than its events."""
    for check in row_checks():
        yield from check.faults()


def firsts(faults: Iterable[Fault]) -> list[Fault]:
    """Return the first bad place of each stream, in the order of the streams."""
    found: dict[str, Fault] = {}
    for fault in faults:
        first = found.get(fault.stream)
        if first is None or fault.sequence < first.sequence:
            found[fault.stream] = fault
    return [found[stream] for stream in sorted(found)]
