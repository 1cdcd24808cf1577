"""What changed among the people of an agency lately: new, moved, gone, still without an account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from organization.models import Agency, EarlierUnit, Employee


@dataclass(frozen=True)
class StaffChanges:
    """The differences between two days; the first is not included, the second is."""

    since: date
    new: Sequence[Employee]
    moved: Sequence[EarlierUnit]
    left: Sequence[Employee]
    without_account: Sequence[Employee]  # who cannot press: nobody opened an account for them

    @property
    def count(self) -> int:
        return len(self.new) + len(self.moved) + len(self.left)


def staff_changes(agency: Agency, since: date, until: date) -> StaffChanges:
    """Return who came, moved and left after a day up to another, and who has no account."""
    people = Employee.objects.filter(agency=agency).select_related("unit")
    moves = EarlierUnit.objects.filter(
        employee__agency=agency, last_on__gte=since, last_on__lt=until
    )
    active = people.active(until)
    return StaffChanges(
        since=since,
        new=list(people.filter(joined_on__gt=since, joined_on__lte=until)),
        moved=list(moves.select_related("employee__unit", "unit")),
        left=list(people.filter(left_on__gt=since, left_on__lte=until)),
        without_account=list(active.filter(user=None) | active.filter(user__is_active=False)),
    )
