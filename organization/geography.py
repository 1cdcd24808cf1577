"""Where places lie: distances on the globe and a plan drawn from coordinates alone; pure, no map.

Latitudes and longitudes are degrees of WGS 84, distances metres.
"""

from dataclasses import dataclass
from math import asin, cos, pi, radians, sin, sqrt

EARTH = 6_371_008.8  # mean radius
DEGREE = EARTH * pi / 180  # metres of a degree of latitude
NICE = (5, 10, 20, 25, 50, 100, 200, 250, 500)  # lengths that a scale may show, times powers of ten
HALF = 150  # half the side of a plan, in its own units
MARGIN = 1.25  # a plan shows so much more than the circle of the office
MOST_SHOWN = 25  # a point farther away than so many radii lies on the edge of the plan


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the globe."""

    latitude: float
    longitude: float

    @property
    def is_possible(self) -> bool:
        """Say whether there is such a place; "not a number" is none."""
        return -90 <= self.latitude <= 90 and -180 <= self.longitude <= 180


def distance(one: Point, other: Point) -> float:
    """Return the metres between two places along the globe (haversine)."""
    low, high = radians(one.latitude), radians(other.latitude)
    north = sin((high - low) / 2) ** 2
    east = sin(radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * EARTH * asin(sqrt(min(1.0, north + cos(low) * cos(high) * east)))


def offset(origin: Point, place: Point) -> tuple[float, float]:
    """Return how many metres a near place lies east and north of the origin."""
    turn = (place.longitude - origin.longitude + 180) % 360 - 180
    east = turn * DEGREE * cos(radians(origin.latitude))
    return east, (place.latitude - origin.latitude) * DEGREE


@dataclass(frozen=True, slots=True)
class Dot:
    """A place on a plan, with the circle within which it was measured; in units of the plan."""

    x: float
    y: float
    around: float
    is_outside: bool  # farther away than the plan shows: it stands on the edge, where it points


@dataclass(frozen=True, slots=True)
class Plan:
    """An office as a circle in the middle of a square; north is up, y grows downwards.

    The square reaches from -HALF to HALF. `scale` is the length of the bar, `scale_metres` what it
    stands for.
    """

    radius: float
    dot: Dot | None
    scale: float
    scale_metres: int
    half: int = HALF


def plan_of(office: Point, radius: float, place: Point | None = None, around: float = 0) -> Plan:
    """Return the plan of an office of this radius, and of a place measured to `around` metres."""
    reach = radius * MARGIN
    away = 0.0
    if place is not None:
        east, north = offset(office, place)
        away = sqrt(east * east + north * north)
        reach = max(reach, min(away + around, radius * MOST_SHOWN) * 1.1)
    unit = HALF / reach
    dot = None
    if place is not None:
        shrink = min(1.0, reach * 0.95 / away) if away else 1.0
        dot = Dot(
            round(east * shrink * unit, 1),
            round(-north * shrink * unit, 1),
            round(min(around * unit, 2 * HALF), 1),
            is_outside=shrink < 1,
        )
    metres = _nice(reach / 2)
    return Plan(round(radius * unit, 1), dot, round(metres * unit, 1), metres)


def _nice(metres: float) -> int:
    """Return the longest round length that is not above this; 5 m at least."""
    power, best = 1, NICE[0]
    while True:
        for length in NICE:
            if length * power > metres:
                return best
            best = length * power
        power *= 100
