"""An office whose people record their presence on phones, and the phones."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from attendance.checkins.rules import Told
from attendance.models import CheckIn, PolicySetting
from attendance.services.checkins import press
from organization.geography import DEGREE, Point
from organization.models import Agency, User, Workplace
from tests.attendance.people import employee_of
from tests.cast import NOW, Cast, appoint, make_employee, make_user

CENTRE = Point(-2.935, 115.15)
MONDAY = date(2026, 4, 20)
WITA = ZoneInfo("Asia/Makassar")


def at(clock: str, day: date = MONDAY) -> datetime:
    """Return the moment at which the wall of the office shows this."""
    return datetime.combine(day, datetime.strptime(clock, "%H.%M").time(), WITA)


def decide(agency: Agency, name: str, value: str) -> None:
    PolicySetting.objects.create(
        agency=agency, name=name, value=value, decree_number="uji", set_at=NOW,
        valid_from=date(2026, 1, 1),
    )  # fmt: skip


def open_office(cast: Cast) -> Workplace:
    """Let the cast's agency take presences within 100 metres of a point."""
    decide(cast.agency, "check_in", "yes")
    return Workplace.objects.create(
        agency=cast.agency, name="Kantor Utama", latitude=Decimal("-2.935"),
        longitude=Decimal("115.15"), radius_m=100, valid_from=date(2026, 1, 1), set_at=NOW,
    )  # fmt: skip


def manager(cast: Cast) -> User:
    """Return somebody who watches the presences of the cast's agency."""
    user = make_user(make_employee(cast.agency, "Rusmini Hasan"), "rusmini")
    appoint(user, "Tim IT", cast.agency)
    return user


def standing(metres: float = 20, accuracy: float = 12, **values: Any) -> Told:
    point = Point(CENTRE.latitude + metres / DEGREE, CENTRE.longitude)
    return Told(point=point, accuracy=accuracy, **values)


def press_as(
    user: User, kind: str, now: datetime, told: Told | None = None, **values: Any
) -> CheckIn:
    given: dict[str, Any] = {"key": uuid4(), "device_hint": "uji"} | values
    return press(
        employee=employee_of(user), kind=kind, told=told or standing(), user=user, now=now, **given
    )
