"""Punches as an office makes them: everybody in the morning and in the afternoon."""

import random
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from devices.simulator.machine import Machine
from devices.simulator.tables import Punch, decode_time, encode_time

DAYS_BACK = 500  # working days that a log reaches back at most: more punches need more people
FIRST_PIN = 10_001
HOUR = 3600


def fill(machine: Machine, count: int) -> int:
    """Let an office have made so many punches before the first that is in the log.

    People and room for them are added as needed. Returns the length of the log.
    """
    with machine.changed():
        model = machine.model
        model.punch_capacity = max(model.punch_capacity, len(machine.punches) + count)
        _add_people(machine, -(-count // (2 * DAYS_BACK)))
        machine.add_punches(_punches(machine, count))
        machine.punches.packed(model.punch_size)  # now, so that a client waits for the wire alone
    return len(machine.punches)


def one_more(machine: Machine) -> None:
    """Let somebody press once more, later than anybody before."""
    user = next(iter(machine.users.values()), None) or machine.add_user(str(FIRST_PIN))
    last = machine.punches[len(machine.punches) - 1].time if machine.punches else 0
    machine.add_punches([Punch(user.uid, user.pin, max(machine.clock.counted(), last + 1))])


def _add_people(machine: Machine, needed: int) -> None:
    machine.model.user_capacity = max(machine.model.user_capacity, needed)
    pin = FIRST_PIN
    while len(machine.users) < max(needed, 1):
        if not machine.find(str(pin)):
            machine.add_user(str(pin), f"Pegawai {pin}")
        pin += 1


def _punches(machine: Machine, count: int) -> list[Punch]:
    people = [(user.uid, user.pin) for user in machine.users.values()]
    days = list(_working_days(machine, -(-count // (2 * len(people)))))
    chance = random.Random(machine.serial)  # noqa: S311 # the same office every time
    punches: list[Punch] = []
    for day in reversed(days):
        midnight = encode_time(day)
        for state, hour in ((0, 7), (1, 16)):
            start = midnight + hour * HOUR
            came = sorted((start + chance.randrange(-HOUR // 4, HOUR // 2), *p) for p in people)
            punches += [Punch(uid, pin, at, 1, state) for at, uid, pin in came]
    return punches[-count:]


def _working_days(machine: Machine, count: int) -> Iterator[datetime]:
    """Yield midnights, the latest first, before today and before what is in the log."""
    day = datetime.combine(_beginning(machine).date(), time())
    while count:
        day -= timedelta(days=1)
        if day.weekday() < 5:
            count -= 1
            yield day


def _beginning(machine: Machine) -> datetime:
    """Return when the log begins; now, if it is empty or begins on a day that is none."""
    try:
        return min(decode_time(machine.punches[0].time), machine.now())
    except (IndexError, ValueError):
        return machine.now()
