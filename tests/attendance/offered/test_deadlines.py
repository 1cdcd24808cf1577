"""A superior is reminded, and passed by, after the working days that the office decided."""

from datetime import timedelta

import pytest

from attendance.models import PolicySetting
from processes.models import Task
from tests.attendance.letter_runs import checked
from tests.cast import NOW, TODAY, Cast


def decree(cast: Cast, name: str, value: str) -> None:
    PolicySetting.objects.create(
        agency=cast.agency, name=name, value=value, decree_number="SK 3/2026", valid_from=TODAY,
        set_at=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("decrees", "days"),
    [({}, [1, 3]), ({"escalation_days": "4", "reminder_days": "2"}, [2, 4])],
)
def test_the_timers_of_a_letter_wait_as_long_as_the_policy_says(
    cast: Cast, decrees: dict[str, str], days: list[int]
) -> None:
    for name, value in decrees.items():
        decree(cast, name, value)

    letter = checked(cast)

    due = Task.objects.filter(instance=letter.instance, kind="timer").order_by("due_at")
    waits = [(task.due_at - NOW).days for task in due if task.due_at]
    assert waits == days  # from a Monday, so that no weekend lies between
    assert all(task.due_at and task.due_at - NOW >= timedelta(days=1) for task in due)
