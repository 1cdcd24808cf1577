"""A second government in the demo: a regency whose people record their presence on phones.

Everybody here is invented, the place of the office too. Hours of work and radius are marked as not
verified: no decree that says so is known.
"""

import tomllib
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from attendance.checkins.hours import hours_of_office
from attendance.checkins.rules import Told
from attendance.services.checkins import press
from attendance.services.policies import set_policy
from config.demo.office import import_people, set_demo_password
from config.demo.people import Person
from foundation.actors import SYSTEM
from organization import services
from organization.calendars.pattern_data import HoursData, PatternData, Whom
from organization.geography import DEGREE, Point
from organization.models import Agency, Employee, User
from organization.permissions import local_date

SCRIPT = Path(__file__).with_name("tapin.toml")
UNVERIFIED = "belum diverifikasi"
LONGEST_PAUSE = 30  # days without work that are looked back over


def read_tapin() -> dict[str, Any]:
    """Return what the demo tells of the regency: office, place, accounts, people."""
    return tomllib.loads(SCRIPT.read_text(encoding="utf-8"))


def found_tapin(founded: datetime, now: datetime) -> Agency:
    """Found the regency's office, open its doors to phones, and let its last day of work pass."""
    script = read_tapin()
    agency = services.found_agency(actor=SYSTEM, now=founded, **script["agency"])
    people = [Person(**row) for row in script["people"]]
    import_people(agency, people, founded)
    users = {row["username"]: _account(agency, row, founded) for row in script["accounts"]}
    _decide(agency, script, users, founded)
    _press_yesterday(agency, script, now)
    return agency


def _account(agency: Agency, row: dict[str, str], now: datetime) -> User:
    employee = Employee.objects.get(agency=agency, number=row["number"])
    user = services.open_account(employee=employee, actor=SYSTEM, now=now, username=row["username"])
    set_demo_password(user)
    if "role" in row:
        services.appoint(
            user=user, role=row["role"], agency=agency, valid_from=now.date(),
            letter_number=UNVERIFIED, actor=SYSTEM, now=now,
        )  # fmt: skip
    return user


def _decide(
    agency: Agency, script: dict[str, dict[str, str]], users: dict[str, User], now: datetime
) -> None:
    """Write down what the regency decided: hours, place, presences by phone."""
    admin, manager = users["admin_tapin"], users["kabid_tapin"]
    since = local_date(agency, now)
    weekdays = [(7, 30, 16, 0)] * 4 + [(7, 30, 16, 30)]
    services.create_pattern(
        data=PatternData(
            name=f"Jam kerja Kabupaten Tapin ({UNVERIFIED})", kind="weekly",
            decree_number=UNVERIFIED, valid_from=since, scopes=[Whom(agency=agency.pk)],
            hours=[
                HoursData(weekday=n, starts=time(a, b), ends=time(c, d),
                          break_starts=time(12), break_ends=time(13))
                for n, (a, b, c, d) in enumerate(weekdays)
            ],
        ),
        agency=agency, user=admin, now=now,
    )  # fmt: skip
    place = script["place"]
    services.add_workplace(
        agency=agency, user=admin, now=now,
        data=services.WorkplaceData(
            name=place["name"], latitude=Decimal(place["latitude"]),
            longitude=Decimal(place["longitude"]), radius_m=int(place["radius_m"]),
            valid_from=since,
        ),
    )  # fmt: skip
    for name in ("check_in", "daily_procedure"):
        set_policy(
            name=name, value="yes", agency=agency, decree_number=UNVERIFIED, valid_from=since,
            user=manager, now=now,
        )  # fmt: skip


def _press_yesterday(agency: Agency, script: dict[str, dict[str, str]], now: datetime) -> None:
    """Let whoever has an account come and go on the last day of work; one stood too far away."""
    day = local_date(agency, now) - timedelta(days=1)
    for _ in range(LONGEST_PAUSE):
        if hours := hours_of_office(agency, day):
            break
        day -= timedelta(days=1)
    else:
        return
    begins, ends = hours
    place = script["place"]
    office = Point(float(place["latitude"]), float(place["longitude"]))
    people = User.objects.filter(employee__agency=agency).select_related("employee__agency")
    for index, user in enumerate(people.order_by("pk")):
        north = 15.0 + 9 * index
        if index == 0:
            _press(user, "in", begins - timedelta(minutes=25), office, 640.0, day)
        _press(user, "in", begins - timedelta(minutes=20 - 3 * index), office, north, day)
        _press(user, "out", ends + timedelta(minutes=2 + index), office, north + 4, day)


def _press(user: User, kind: str, at: datetime, office: Point, north: float, day: date) -> None:
    employee = user.employee
    if employee is None:
        return
    point = Point(office.latitude + north / DEGREE, office.longitude)
    key = uuid5(NAMESPACE_OID, f"demo/{employee.pk}/{day.isoformat()}/{kind}/{north}")
    press(
        employee=employee, kind=kind, key=key, told=Told(point=point, accuracy=12.0 + north % 7),
        device_hint="peramban demo", user=user, now=at,
    )  # fmt: skip
