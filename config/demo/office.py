"""Found the demo office (agency, people, accounts) through the services of the rooms."""

import io
import tomllib
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from PIL import Image, ImageDraw

from config.demo.passwords import demo_password
from config.demo.people import Person, invent_people
from foundation.actors import SYSTEM, Actor
from foundation.cells import read_csv, write_csv
from foundation.uploads import Kind, check_bytes
from organization import services
from organization.calendars.holiday_seeds import NoHolidaysKnown
from organization.calendars.pattern_data import HoursData, PatternData, Whom
from organization.models import Agency, Employee, User
from organization.permissions import actor_for

SCRIPT = Path(__file__).with_name("office.toml")
COLUMNS = (
    "nama", "nip", "status", "pangkat", "golongan", "jabatan", "bidang", "nip atasan",
    "mulai bekerja",
)  # fmt: skip
STRUCTURE = 11  # head, secretary, chiefs and leads stand first in the list
JOINED = "2026-01-02"  # of those whose number does not tell


@dataclass
class Office:
    """The office with its accounts by username."""

    agency: Agency
    script: Mapping[str, Any]
    people: Sequence[Person]
    users: dict[str, User] = field(default_factory=dict)

    def person(self, username: str) -> Person:
        """Return whom an account of the script belongs to."""
        row = next(row for row in self.script["accounts"] if row["username"] == username)
        return _chosen(row, self.people)

    def actor(self, username: str, now: datetime) -> Actor:
        return actor_for(self.users[username], None, self.agency, now)


def read_script() -> dict[str, Any]:
    return tomllib.loads(SCRIPT.read_text(encoding="utf-8"))


def found_office(now: datetime, *, with_officers: bool = True) -> Office:
    """Create the agency with its holidays, its structure and three PNS who may become officers.

    The other people, all photos and the machines come in at the second stage of the SOP. The three
    have accounts by their demo names, unless the office is to begin with none.
    """
    script = read_script()
    agency = services.found_agency(actor=SYSTEM, now=now, **script["agency"])
    store_holidays(now)
    everybody = invent_people()
    officers = [_chosen(row, everybody) for row in script["accounts"] if row.get("staff", 9) < 3]
    import_people(agency, [*everybody[:STRUCTURE], *officers], now)
    office = Office(agency, script, everybody)
    present = [*everybody[:STRUCTURE], *(officers if with_officers else [])]
    known = {person.number for person in present}
    rows = [row for row in script["accounts"] if _chosen(row, everybody).number in known]
    open_accounts(office, rows, now)
    return office


def complete_people(office: Office, actor: Actor, now: datetime) -> None:
    """Bring in everybody with photos, and open the accounts of those who came with them."""
    import_people(office.agency, office.people, now, actor=actor)
    archive = check_bytes(photo_archive(office.people), name="foto.zip", allowed={Kind.ZIP})
    photos = services.import_photos(agency=office.agency, archive=archive, actor=actor, now=now)
    if photos.errors:
        raise RuntimeError("; ".join(str(error) for error in photos.errors[:5]))
    rows = [row for row in office.script["accounts"] if row["username"] not in office.users]
    open_accounts(office, rows, now)


def open_accounts(office: Office, rows: Iterable[Mapping[str, Any]], now: datetime) -> None:
    """Open the accounts of these rows, with the demo password and the role where one is named."""
    for row in rows:
        person = _chosen(row, office.people)
        employee = Employee.objects.get(agency=office.agency, number=person.number)
        user = services.open_account(
            employee=employee, actor=SYSTEM, now=now, username=row["username"]
        )
        set_demo_password(user)
        office.users[row["username"]] = user
        for role in filter(None, [row.get("role"), *row.get("other_roles", [])]):
            services.appoint(
                user=user,
                role=role,
                agency=office.agency,
                valid_from=now.date(),
                letter_number=row.get("letter_number", ""),
                actor=SYSTEM,
                now=now,
            )


def _chosen(row: Mapping[str, Any], people: Sequence[Person]) -> Person:
    if "position" in row:
        return next(person for person in people if person.position == row["position"])
    eligible = [person for person in people[STRUCTURE:] if person.status == "PNS"]
    return eligible[int(row["staff"])]


def import_people(
    agency: Agency, people: Sequence[Person], now: datetime, *, actor: Actor = SYSTEM
) -> None:
    """Bring people in as an office does: by the file."""
    report = services.import_employees(
        agency=agency, table=read_csv(employee_file(people)), actor=actor, now=now
    )
    if report.errors:
        raise RuntimeError("; ".join(str(error) for error in report.errors[:5]))


def employee_file(people: Sequence[Person]) -> bytes:
    """Return the import file (CSV) of these people."""
    rows = [
        (p.name, p.number, p.status, p.rank, p.grade, p.position, p.unit, p.superior, JOINED)
        for p in people
    ]
    return write_csv(COLUMNS, rows)


def photo_archive(people: Sequence[Person]) -> bytes:
    """Return a zip of drawn portraits named by number: a silhouette on a colour, nobody's face."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for index, person in enumerate(people):
            archive.writestr(f"{person.number}.jpg", _portrait(index))
    return content.getvalue()


def _portrait(index: int) -> bytes:
    hue = (index * 47) % 360
    image = Image.new("RGB", (240, 320), f"hsl({hue}, 35%, 72%)")
    draw = ImageDraw.Draw(image)
    draw.ellipse((75, 60, 165, 170), fill=f"hsl({hue}, 30%, 38%)")
    draw.ellipse((20, 190, 220, 420), fill=f"hsl({hue}, 30%, 38%)")
    file = io.BytesIO()
    image.save(file, "JPEG", quality=80)
    return file.getvalue()


def set_demo_password(user: User) -> None:
    """Give a demo account the one demo password; nobody is asked to change it there."""
    user.set_password(demo_password())
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])


def found_others(office: Office, now: datetime) -> None:
    """Create the offices that look on: the personnel board and the managers of the application."""
    for index, row in enumerate(office.script["others"]):
        agency = Agency.objects.filter(code=row["code"]).first() or services.found_agency(
            code=row["code"], name=row["name"], actor=SYSTEM, now=now,
            government=office.agency.government, city=office.agency.city,
        )  # fmt: skip
        person = Person(
            number=f"19820{index + 3}15200801{1 + index % 2}00{index + 1}",
            name=row["person"],
            status="PNS",
            position="Analis Sumber Daya Manusia Aparatur",
            unit="Sekretariat",
            rank="Penata",
            grade="III/c",
        )
        import_people(agency, [person], now)
        employee = Employee.objects.get(number=person.number)
        user = services.open_account(
            employee=employee, actor=SYSTEM, now=now, username=row["username"]
        )
        set_demo_password(user)
        for where in (agency, office.agency):
            services.appoint(
                user=user, role=row["role"], agency=where, letter_number="800/2026", actor=SYSTEM,
                now=now,
            )  # fmt: skip
        office.users[row["username"]] = user
    _decree_part_time(office, now)


def _decree_part_time(office: Office, now: datetime) -> None:
    """Without hours of their own PPPK paruh waktu are not judged, and no month can be frozen."""
    services.create_pattern(
        data=PatternData(
            name="Jam kerja PPPK paruh waktu", kind="part_time", decree_number="800/3/BKD/2026",
            valid_from=date.fromisoformat(JOINED), scopes=[Whom(agency=office.agency.pk)],
            hours=[HoursData(weekday=n, starts=time(8), ends=time(12)) for n in range(5)],
        ),
        agency=None, user=office.users["bkd"], now=now,
    )  # fmt: skip


def store_holidays(now: datetime) -> None:
    """The years of the demo; of a year whose collective leave is not decreed yet, nothing."""
    for year in {now.year, timezone.now().year}:
        with suppress(NoHolidaysKnown):
            services.seed_holidays(year=year, actor=SYSTEM, now=now)


def local(agency: Agency, on: date, clock: str) -> datetime:
    """Return the aware moment of an agency's clock on a day."""
    hour, minute = (int(part) for part in clock.split(":"))
    return timezone.make_aware(
        datetime(on.year, on.month, on.day, hour, minute), ZoneInfo(agency.time_zone)
    )
