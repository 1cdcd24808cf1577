"""Machines of the demo office that failed: the procedure of an outage, played by its people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from attendance.evidence.outage_lists import ListRow
from attendance.models import Outage
from attendance.services.outage_procedure import report_outage
from attendance.services.outages import enter_list
from config.demo.months import MonthPlan
from config.demo.office import local
from config.demo.player import Player
from devices.models import DevicePin
from processes.models import Instance, Task

FAILED_ON = "@failed_on"  # in an answer: the day on which the machine failed
Lost = Sequence[tuple[datetime, int]]


@dataclass(frozen=True)
class Failure:
    """A machine fails on a day; `lost` is what it would have recorded since, by PIN."""

    machine: int
    at: datetime
    lost: Lost

    @property
    def day(self) -> date:
        return self.at.date()


def fail(plan: MonthPlan, machine: int, day: date, clock: str) -> Failure:
    """Let a machine record nothing from this moment to the end of the day."""
    hour, minute = (int(part) for part in clock.split(":"))
    at = datetime(day.year, day.month, day.day, hour, minute)
    midnight = datetime(day.year, day.month, day.day) + timedelta(days=1)
    lost = [line for line in plan.lines[machine] if at <= line[0] < midnight]
    plan.lines[machine] = [line for line in plan.lines[machine] if line not in lost]
    return Failure(machine, at, lost)


def play_outage(
    player: Player, script: Mapping[str, Any], failure: Failure, days: Sequence[date], now: datetime
) -> None:
    """Report it and do the acts of the script that lie before `now`.

    `after` of an act counts in `days`, of which the first is the day of the failure.
    """
    office = player.office
    recorded = local(office.agency, failure.day, script["at"])
    outage = report_outage(
        agency=office.agency, device=player.fleet.devices[failure.machine], first_on=failure.day,
        last_on=None, reason=script["reason"], user=office.users[script["by"]], now=recorded,
    )  # fmt: skip
    if outage.instance is None:
        raise RuntimeError("the outage began no procedure")
    for act in _due(player, script["acts"], days, now):
        at = local(office.agency, days[act["after"]], act["at"])
        player.let_the_system_work(at, outage.instance)
        _act(player, act, outage, outage.instance, failure, at)
    player.let_the_system_work(now, outage.instance)


def _due(
    player: Player, acts: Iterable[Mapping[str, Any]], days: Sequence[date], now: datetime
) -> Iterable[Mapping[str, Any]]:
    """Yield the acts up to the first that has not come yet."""
    for act in acts:
        if act["after"] >= len(days):
            return
        if local(player.office.agency, days[act["after"]], act["at"]) >= now:
            return
        yield act


def _act(
    player: Player, act: Mapping[str, Any], outage: Outage, instance: Instance, failure: Failure,
    at: datetime,
) -> None:  # fmt: skip
    user = player.office.users[act["by"]]
    if act.get("do") == "list":
        enter_list(outage_id=outage.pk, rows=_signed(player, failure), user=user, now=at)
        return
    answers = {
        name: failure.day.isoformat() if value == FAILED_ON else value
        for name, value in act["answers"].items()
    }
    task = Task.objects.get(instance=instance, step=act["task"], status=Task.Status.READY)
    end = at + timedelta(minutes=act["minutes"])
    player.work(task, user, answers, now=at, end=end)


def _signed(player: Player, failure: Failure) -> list[ListRow]:
    """Return the list that people signed instead: when each left."""
    pins = dict(DevicePin.objects.filter(valid_until=None).values_list("number", "employee_id"))
    people = {person.pk: person for person in player.people}
    left = {pins[pin]: at for at, pin in failure.lost}
    return [
        ListRow(employee=people[pk], day=failure.day, left=at.time().replace(second=0))
        for pk, at in left.items()
    ]
