"""A province: forty agencies with their people, officers and machines, and a month of a few.

Everything is written by the services that an office's pages call, so that every row has its event;
an agency's people come as one file, as they would.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password

from attendance.days.months import Month
from attendance.services import rebuild_draft
from attendance.services.sheets import rebuild_sheets
from config.demo.crowd import Crowd, dealt
from config.demo.months import attlog_body, plan_month
from config.demo.office import import_people, local, store_holidays
from config.demo.passwords import demo_password
from config.demo.people import Person
from devices import services as devices
from devices.models import Device, DevicePin
from foundation import outbox
from foundation.actors import SYSTEM
from organization import services
from organization.calendars.pattern_data import HoursData, PatternData, Whom
from organization.models import Agency, Employee, PublicHoliday, User
from organization.services.officers import Chosen

SCRIPT = Path(__file__).with_name("province.toml")
PEOPLE, MACHINES = 12_000, 150
FEWEST = 8  # people of an agency: a head, a secretary, chiefs, three officers
Progress = Callable[[int, int, str], None]


@dataclass
class Province:
    """What was founded so far, and the password's hash, which is worked out once."""

    script: Mapping[str, Any]
    founded: datetime
    password: str = field(default_factory=lambda: make_password(demo_password()))
    agencies: dict[str, Agency] = field(default_factory=dict)
    people: dict[str, list[Person]] = field(default_factory=dict)


def read_province() -> dict[str, Any]:
    """Return the script; its agencies stand under `agencies`."""
    script = tomllib.loads(SCRIPT.read_text(encoding="utf-8"))
    return {**script, "agencies": script["list"]["agencies"]}


def build_province(
    now: datetime, progress: Progress, *, people: int = PEOPLE, machines: int = MACHINES
) -> Province:
    """Fill an empty installation; the month before this one is judged in a few agencies.

    `progress` is told how many of how many of what are done.
    """
    last = now.date().replace(day=1) - timedelta(days=1)
    month = Month(last.replace(day=1))
    founded = local(Agency(time_zone="Asia/Makassar"), month.first, "06:00") - timedelta(days=3)
    province = Province(read_province(), founded)
    shares = [row["share"] for row in province.script["agencies"]]
    outbox.set_kick(None)  # nobody is woken for thousands of rows; the sweep finds what is to do
    _found_all(province)
    store_holidays(founded)
    _fill_all(province, dealt(shares, people, FEWEST), progress)
    _appoint_across(province)
    _hang_up_all(province, dealt(shares, machines, 1), progress)
    _judge_some(province, month, now, progress)
    return province


def _found_all(province: Province) -> None:
    for row in sorted(province.script["agencies"], key=lambda row: "under" in row):
        province.agencies[row["code"]] = services.found_agency(
            code=row["code"], name=row["name"], actor=SYSTEM, now=province.founded,
            government=province.script["government"], city=province.script["city"],
            letter_code=row["code"].upper(), parent=province.agencies.get(row.get("under", "")),
        )  # fmt: skip


def _fill_all(province: Province, counts: Sequence[int], progress: Progress) -> None:
    crowd, done = Crowd(), 0
    for row, count in zip(province.script["agencies"], counts, strict=True):
        agency = province.agencies[row["code"]]
        units = [f"{row.get('kind', 'Bidang')} {unit}" for unit in row["units"]]
        people = crowd.agency(row.get("head", "Kepala Dinas"), units, count)
        province.people[row["code"]] = people
        import_people(agency, people, province.founded)
        _appoint_officers(province, agency, people)
        done += count
        progress(done, sum(counts), "pegawai")


def _appoint_officers(province: Province, agency: Agency, people: Sequence[Person]) -> None:
    rows = province.script["officers"]
    chosen, last = [], [row for row in rows if row.get("chosen")]
    for row in rows:
        place = row["place"] if "place" in row else last.index(row) - len(last)
        employee = Employee.objects.get(number=people[place].number)
        user = _account(province, employee, f"{row['username']}.{agency.code}")
        if row.get("chosen"):
            chosen.append(Chosen(employee.pk, row["role"]))
            continue
        services.appoint(
            user=user, role=row["role"], agency=agency, actor=SYSTEM, now=province.founded,
            letter_number=province.script["letter_number"],
        )  # fmt: skip
    services.appoint_officers(
        agency=agency, chosen=chosen, actor=SYSTEM, now=province.founded,
        letter_number=province.script["letter_number"],
    )  # fmt: skip


def _account(province: Province, employee: Employee, username: str) -> User:
    user = services.open_account(
        employee=employee, actor=SYSTEM, now=province.founded, username=username
    )
    user.password, user.must_change_password = province.password, False
    user.save(update_fields=["password", "must_change_password"])
    return user


def _appoint_across(province: Province) -> None:
    """Let those who look at all agencies do so; hours for the part-time, without which no month."""
    for row in province.script["across"]:
        person = province.people[row["agency"]][2]  # the first chief
        employee = Employee.objects.get(number=person.number)
        user = _account(province, employee, row["username"])
        for agency in province.agencies.values():
            services.appoint(
                user=user, role=row["role"], agency=agency, actor=SYSTEM, now=province.founded,
                letter_number=province.script["letter_number"],
            )  # fmt: skip
    by = User.objects.get(username=province.script["across"][0]["username"])
    services.create_pattern(
        data=PatternData(
            name="Jam kerja PPPK paruh waktu", kind="part_time", decree_number="800/3/BKD/2026",
            valid_from=province.founded.date(),
            scopes=[Whom(agency=agency.pk) for agency in province.agencies.values()],
            hours=[HoursData(weekday=n, starts=time(8), ends=time(12)) for n in range(5)],
        ),
        agency=None, user=by, now=province.founded,
    )  # fmt: skip


def _hang_up_all(province: Province, counts: Sequence[int], progress: Progress) -> None:
    """Give every agency its machines and every person a number on them."""
    done = 0
    for agency, count in zip(_in_order(province), counts, strict=True):
        devices.allocate_pins(agency=agency, actor=SYSTEM, now=province.founded)
        for number in range(1, count + 1):
            machine = devices.register_device(
                agency=agency, serial=f"PROV{agency.pk:03}{number:04}", name=f"Mesin {number}",
                place=agency.name[:60], protocol=Device.Protocol.PUSH, has_battery=True,
                has_internet=True, actor=SYSTEM, now=province.founded,
            )  # fmt: skip
            devices.approve_device(device=machine, actor=SYSTEM, now=province.founded)
            devices.activate_device(device=machine, actor=SYSTEM, now=province.founded)
            done += 1
            progress(done, sum(counts), "mesin")


def _judge_some(province: Province, month: Month, now: datetime, progress: Progress) -> None:
    codes = province.script["month_in"]
    for done, code in enumerate(codes, start=1):
        agency = province.agencies[code]
        agency.refresh_from_db()
        _bring_punches(agency, month, now)
        rebuild_sheets(agency=agency, month=month, now=now)
        rebuild_draft(agency=agency, month=month, actor=SYSTEM, now=now)
        progress(done, len(codes), "bulan dinilai")


def _bring_punches(agency: Agency, month: Month, now: datetime) -> None:
    """Let the machines of an agency hand over a month; nobody handed in a letter yet."""
    pins = DevicePin.objects.filter(employee__agency=agency).order_by("number")
    machines = list(agency.devices.order_by("pk"))
    plan = plan_month(
        list(pins.values_list("number", flat=True)), month.first, month.last,
        _holidays(month.first, month.last), machines=len(machines),
    )  # fmt: skip
    for index, lines in plan.lines.items():
        devices.import_attlog(
            device=machines[index], content=attlog_body(lines),
            filename=f"{machines[index].serial}.txt", actor=SYSTEM, now=now,
        )  # fmt: skip


def _holidays(first: date, last: date) -> set[date]:
    rows = PublicHoliday.objects.filter(on__range=(first, last))
    return set(rows.exclude(kind=PublicHoliday.Kind.WORKDAY).values_list("on", flat=True))


def _in_order(province: Province) -> Iterator[Agency]:
    for row in province.script["agencies"]:
        agency = province.agencies[row["code"]]
        agency.refresh_from_db()
        yield agency
