"""What a press on a phone is worth: where it was, what speaks against it; pure, no Django.

The time of a presence is the server's, never the phone's. What a phone tells of itself (its place,
how exactly it knows it, its clock) is believed where nothing speaks against it, and no further.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from organization.geography import Point, distance

LATE_AFTER = timedelta(minutes=2)  # between measuring and sending, by the phone's own clock
FAR = 1000.0  # metres: nearer presses say nothing about travelling, phones err by hundreds


class Problem(StrEnum):
    """Why a phone told no place."""

    DENIED = "denied"
    UNAVAILABLE = "unavailable"
    TIMEOUT = "timeout"
    INSECURE = "insecure"
    NONE = "none"  # nothing was told at all


class Reason(StrEnum):
    """Why a press is no presence."""

    LOCATION_OFF = "location_off"
    IMPOSSIBLE = "impossible"
    LATE_SENT = "late_sent"
    MOCKED = "mocked"
    NO_OFFICE = "no_office"
    INACCURATE = "inaccurate"
    OUTSIDE = "outside"


class Flag(StrEnum):
    """What somebody should look at; by itself it refuses nothing."""

    MOCK = "mock"
    SAME_SPOT = "same_spot"
    TRAVEL = "travel"
    ACCURACY = "accuracy"
    LATE_SENT = "late_sent"


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a phone says with a press. Moments are those of its own clock."""

    point: Point | None = None
    accuracy: float | None = None  # metres, of a circle that holds the phone with 95 %
    problem: Problem | None = None
    mocked: bool = False
    queued: bool = False  # kept on the phone for want of a network
    measured_at: datetime | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True)
class Office:
    """A circle within which presences count."""

    id: int
    name: str
    point: Point
    radius: float  # metres


@dataclass(frozen=True)
class Earlier:
    """The last accepted press of the same person, by the server's clock."""

    at: datetime
    point: Point
    accuracy: float


@dataclass(frozen=True)
class Limits:
    """What the agency decided: metres, and kilometres per hour."""

    accuracy: int
    speed: int


@dataclass(frozen=True)
class Judged:
    """What became of a press; no reason means that it is a presence."""

    reason: Reason | None
    flags: frozenset[Flag] = frozenset()
    office: Office | None = None  # the nearest one
    distance: float | None = None  # metres from its centre

    @property
    def is_accepted(self) -> bool:
        return self.reason is None


def judge_press(
    told: Told, offices: Sequence[Office], limits: Limits, *, now: datetime,
    earlier: Earlier | None = None,
) -> Judged:  # fmt: skip
    """Say whether a press that the server got at `now` is a presence.

    One that was kept on the phone is none, wherever it was made: neither its time nor its place can
    be believed afterwards. A phone near enough to an office, known exactly enough, is there; the
    circle of its accuracy earns nobody an entry.
    """
    point, accuracy = told.point, told.accuracy
    late = is_late(told)
    flags = {Flag.LATE_SENT} if late else set()
    if told.mocked:
        flags.add(Flag.MOCK)
    if point is None or accuracy is None:
        return Judged(Reason.LATE_SENT if late else Reason.LOCATION_OFF, frozenset(flags))
    if not point.is_possible or not accuracy >= 0:
        return Judged(Reason.IMPOSSIBLE, frozenset(flags))
    office = min(offices, key=lambda one: distance(one.point, point), default=None)
    away = distance(office.point, point) if office else None
    if not late and earlier is not None:
        flags |= _against(point, accuracy, earlier, limits, now)
    if office is not None and away is not None and away <= office.radius < away + accuracy:
        flags.add(Flag.ACCURACY)
    return Judged(
        _reason(told, late, office, away, accuracy, limits), frozenset(flags), office, away
    )


def is_late(told: Told) -> bool:
    """Say whether a press was kept; a phone's clock that is wrong is wrong at both moments."""
    if told.queued:
        return True
    if told.measured_at is None or told.sent_at is None:
        return False
    return told.sent_at - told.measured_at > LATE_AFTER


def speed(one: Point, other: Point, between: timedelta, doubt: float = 0) -> float:
    """Return the kilometres per hour that somebody travelled at least, `doubt` metres off."""
    metres = max(0.0, distance(one, other) - doubt)
    seconds = max(between.total_seconds(), 1.0)
    return metres / seconds * 3.6


def _reason(
    told: Told, late: bool, office: Office | None, away: float | None, accuracy: float,
    limits: Limits,
) -> Reason | None:  # fmt: skip
    if late:
        return Reason.LATE_SENT
    if told.mocked:
        return Reason.MOCKED
    if office is None or away is None:
        return Reason.NO_OFFICE
    if accuracy > limits.accuracy:
        return Reason.INACCURATE
    return Reason.OUTSIDE if away > office.radius else None


def _against(
    point: Point, accuracy: float, earlier: Earlier, limits: Limits, now: datetime
) -> set[Flag]:
    """Return what the last accepted press makes doubtful about this one."""
    found = set()
    if point == earlier.point and accuracy == earlier.accuracy:
        found.add(Flag.SAME_SPOT)  # satellites never say the same to the last digit
    far = distance(point, earlier.point) > FAR
    doubt = accuracy + earlier.accuracy
    if far and speed(earlier.point, point, now - earlier.at, doubt) > limits.speed:
        found.add(Flag.TRAVEL)
    return found
