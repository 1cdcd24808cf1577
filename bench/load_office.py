"""The installation that `bench.load` asks: filled and counted in a process of its own."""

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from typing import Any

import django

PINS = 40  # people on a machine who press in turn
BEGUN = 6  # processes that wait in each agency when the day begins
SOP = "sembilan_tugas"


def found(people: int) -> int:
    """Fill the empty installation with a province of so many people; return its machines."""
    from django.utils import timezone

    from config.demo.province import MACHINES, PEOPLE, build_province
    from devices.models import Device

    machines = max(MACHINES * people // PEOPLE, 40)  # one in each agency at least
    build_province(timezone.localtime(), lambda *_: None, people=people, machines=machines)
    return Device.objects.count()


def staff(count: int) -> list[dict[str, Any]]:
    """Return so many people with accounts, roles in the proportions of the day, and start work."""
    from bench.load_pages import MIX
    from organization.models import Agency

    codes = _codes()
    wanted = list(islice(cycle(_dealt(MIX)), count))
    agencies = {agency.code: agency for agency in Agency.objects.all()}
    places: dict[str, int] = defaultdict(int)
    people: list[dict[str, Any]] = []
    for role in wanted:
        place = places[role]
        places[role] += 1
        if role in ("bkd", "auditor"):  # one account looks at all agencies, from several windows
            people.append({"username": role, "role": role, "agency": 0})
            continue
        code = codes[place % len(codes)]
        name = _employee(agencies[code], place // len(codes)) if role == "pegawai" else (
            f"{role}2.{code}" if role == "operator" and place >= len(codes) else f"{role}.{code}"
        )  # fmt: skip
        people.append({"username": name, "role": role, "agency": agencies[code].pk})
    _begin({int(person["agency"]) for person in people} - {0})
    return people


def _dealt(mix: dict[str, int]) -> Iterator[str]:
    """Yield roles so that any beginning of them has nearly the proportions of the whole."""
    total = sum(mix.values())
    given = dict.fromkeys(mix, 0)
    for number in range(1, total + 1):
        role = max(mix, key=lambda name: mix[name] * number / total - given[name])
        given[role] += 1
        yield role


def _codes() -> list[str]:
    """Return the agencies in which people work: first those whose month is judged."""
    from config.demo.province import read_province

    script = read_province()
    others = [row["code"] for row in script["agencies"] if row["code"] not in script["month_in"]]
    return [*script["month_in"], *others][:10]


def _employee(agency: Any, place: int) -> str:
    """Open an account for somebody without an office of any kind; return its name."""
    from django.contrib.auth.hashers import make_password
    from django.utils import timezone

    from config.demo.passwords import demo_password
    from foundation.actors import SYSTEM
    from organization import services
    from organization.models import Employee

    free = Employee.objects.filter(agency=agency, user__isnull=True).order_by("pk")
    username = f"pegawai{place}.{agency.code}"
    user = services.open_account(
        employee=free[0], actor=SYSTEM, now=timezone.now(), username=username
    )
    user.password, user.must_change_password = make_password(demo_password()), False
    user.save(update_fields=["password", "must_change_password"])
    return username


def _begin(agencies: set[int]) -> None:
    from django.utils import timezone

    from organization.models import Agency, User
    from processes.services import start_process

    for agency in Agency.objects.filter(pk__in=agencies):
        head = User.objects.get(username=f"kadis.{agency.code}")
        for number in range(BEGUN):
            start_process(
                definition_key=SOP, agency=agency, subject=f"sudah menunggu {number}",
                actor_user=head, now=timezone.now(),
            )  # fmt: skip


def machines(count: int) -> list[dict[str, Any]]:
    """Return so many machines in service, each with people of its agency."""
    from devices.models import Device, DevicePin

    pins: dict[int, list[int]] = defaultdict(list)
    rows = DevicePin.objects.order_by("number").values_list("employee__agency", "number")
    for agency, number in rows:
        pins[agency].append(number)
    taken: dict[int, int] = defaultdict(int)
    found = []
    for device in Device.objects.filter(serial__startswith="PROV").order_by("serial")[:count]:
        own, begin = pins[device.agency_id], taken[device.agency_id]
        taken[device.agency_id] += PINS
        chosen = list(islice(cycle(own), begin % len(own), begin % len(own) + min(PINS, len(own))))
        found.append({"serial": device.serial, "time_zone": device.time_zone, "pins": chosen})
    return found


def facts(since: int) -> dict[str, Any]:
    """Return what stands in the database; punches are those after the one with this id."""
    from devices.models import Punch
    from foundation.models import OutboxJob
    from organization.models import Agency, Employee
    from processes.models import Task

    punches = Punch.objects.filter(pk__gt=since).values_list("device__serial", "pin", "local_time")
    last = Punch.objects.order_by("-pk").values_list("pk", flat=True).first()
    return {
        "agencies": Agency.objects.count(),
        "people": Employee.objects.count(),
        "last_punch": last or 0,
        "punches": [list(row) for row in punches] if since >= 0 else [],
        "completed": list(
            Task.objects.filter(instance__definition_key=SOP, status=Task.Status.COMPLETED)
            .values_list("pk", flat=True)
        ),
        "jobs_waiting": OutboxJob.objects.filter(state=OutboxJob.State.WAITING).count(),
        "jobs_failed": OutboxJob.objects.filter(state=OutboxJob.State.INCIDENT).count(),
    }  # fmt: skip


if __name__ == "__main__":
    django.setup()
    functions: dict[str, Callable[[int], object]] = {
        "found": found, "staff": staff, "machines": machines, "facts": facts,
    }  # fmt: skip
    print(json.dumps(functions[sys.argv[1]](int(sys.argv[2]))))
