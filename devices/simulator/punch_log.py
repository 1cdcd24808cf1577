"""The log of a simulated machine: a ring of punches, packed for the wire only once."""

from collections.abc import Iterable, Sequence
from typing import overload

from devices.simulator.tables import Punch, pack_punches


class PunchLog(Sequence[Punch]):
    """Punches in the order in which they were made; a full log loses its oldest.

    `first` counts those that are gone, lost or cleared: punch number `first + i` stands at `i`.
    """

    def __init__(self) -> None:
        self.first = 0
        self._rows: list[Punch] = []
        self._packed = bytearray()
        self._packed_as = (0, 0)  # record size and `first`

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> Punch: ...

    @overload
    def __getitem__(self, place: slice) -> list[Punch]: ...

    def __getitem__(self, place: int | slice) -> Punch | list[Punch]:
        return self._rows[place]

    def add(self, punches: Iterable[Punch], *, capacity: int) -> None:
        self._rows.extend(punches)
        if (lost := len(self._rows) - capacity) > 0:
            self.drop(lost)

    def drop(self, count: int) -> None:
        """Lose the oldest."""
        del self._rows[:count]
        self.first += count

    def packed(self, size: int) -> bytes:
        """Return the whole log in records of that size; what was packed once is kept."""
        if self._packed_as != (size, self.first):
            self._packed, self._packed_as = bytearray(), (size, self.first)
        done = len(self._packed) // size
        self._packed += pack_punches(self._rows[done:], size)
        return bytes(self._packed)
