"""What a page draws of a press: the office, the person, the circle of accuracy; no map service."""

from dataclasses import dataclass

from attendance.checkins.places import open_place
from attendance.checkins.texts import PROBLEMS, REASONS, WAYS_OUT, flags_text, metres_text
from attendance.models import CheckIn
from organization.geography import Plan, plan_of


@dataclass(frozen=True)
class PressShown:
    """A press as a page tells it."""

    row: CheckIn
    plan: Plan | None
    distance: str
    accuracy: str
    title: str
    why: str
    way_out: str
    flags: str

    @property
    def is_inside(self) -> bool:
        """Say whether the phone was inside the office's circle, whatever became of the press."""
        office, away = self.row.workplace, self.row.distance_m
        return office is not None and away is not None and away <= office.radius_m


def shown(row: CheckIn) -> PressShown:
    """Return the press in words and, where there is a place and an office, as a plan."""
    place, office = open_place(row), row.workplace
    plan = None
    if place is not None and office is not None:
        point, accuracy = place
        plan = plan_of(office.point, office.radius_m, point, accuracy)
    return PressShown(
        row=row,
        plan=plan,
        distance=metres_text(row.distance_m),
        accuracy=metres_text(row.accuracy_m),
        title=row.get_kind_display() if row.is_accepted else REASONS.get(row.reason, row.reason),
        why=PROBLEMS.get(row.problem, ""),
        way_out=WAYS_OUT.get(row.reason, ""),
        flags=flags_text(row.flags),
    )
