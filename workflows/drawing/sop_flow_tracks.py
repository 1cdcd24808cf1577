"""Where lines of a SOP sheet run up and down: along the edges of lanes, beside the signs."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import count

FIRST, NEXT = 20, 14  # how far from the edge of a lane a line runs, and from the line beside it


class Tracks:
    """The places for lines along the edges of lanes; `room` is what signs leave free there."""

    def __init__(self, width: float, *, room: float) -> None:
        self.width, self.room = width, room
        self.taken: defaultdict[float, list[range]] = defaultdict(list)  # rows with a line there

    def take(self, edge: float, inward: int, rows: range) -> float:
        """Return where a line may pass these rows; lines share a place where no row has both."""
        track = next(x for x in self._places(edge, inward) if self._is_empty(x, rows))
        self.taken[track].append(rows)
        return track

    def _places(self, edge: float, inward: int) -> Iterator[float]:
        """Yield the places along an edge: beside signs, over the edge, and then through them."""
        beside = max(1, int((self.room - FIRST) // NEXT) + 1)
        distances = [FIRST + number * NEXT for number in range(beside)]
        yield from (edge + inward * distance for distance in distances)
        if 0 < edge < self.width:
            yield from (edge - inward * distance for distance in distances)
        yield from (edge + inward * (FIRST + number * NEXT) for number in count(beside))

    def _is_empty(self, track: float, rows: range) -> bool:
        return not any(set(rows) & set(others) for others in self.taken[track])
