"""Fetching logs by the clock: when it is due, after failures less and less often."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from devices import jobs, services
from devices.models import Alarm, Device, Punch
from devices.services.pulling import back_off, next_pull
from foundation import outbox
from foundation.actors import SYSTEM
from foundation.models import Event, OutboxJob
from tests.cast import NOW, Cast
from tests.devices.make import device_at, make_device
from tests.devices.simulators import press, simulator

ACTOR = {"user_id": None, "name": "Sistem", "acting_as": ""}


def job_of(device: Device) -> OutboxJob:
    return OutboxJob.objects.get(key=f"devices.pull_punches:schedule:{device.pk}")


def test_machines_are_ordered_when_they_are_due(cast: Cast) -> None:
    one = make_device(cast.agency, "SATU1")
    make_device(cast.agency, "DUA1", state=Device.State.SUSPENDED)
    make_device(cast.agency, "TIGA1", state=Device.State.REGISTERED)
    make_device(cast.agency, "DORONG1", protocol="push")
    assert services.schedule_pulls(now=NOW) == 1
    assert services.schedule_pulls(now=NOW) == 0
    one.refresh_from_db()
    assert one.pull_at is not None
    assert NOW < one.pull_at <= NOW + timedelta(minutes=15)
    # Still waiting: it is not ordered again, only its turn is.
    assert services.schedule_pulls(now=NOW + timedelta(minutes=16)) == 0
    OutboxJob.objects.filter(pk=job_of(one).pk).update(state=OutboxJob.State.DONE)
    assert services.schedule_pulls(now=NOW + timedelta(minutes=32)) == 1
    assert OutboxJob.objects.filter(kind="devices.pull_punches").count() == 1


def test_what_a_person_asked_for_is_not_ordered_once_more(cast: Cast) -> None:
    device = make_device(cast.agency, "SATU1")
    services.request_work(kind="devices.pull_punches", owner=device, actor=SYSTEM, now=NOW)
    assert services.schedule_pulls(now=NOW) == 0


def test_a_machine_that_stays_away_is_tried_less_and_less_and_raises_an_alarm(cast: Cast) -> None:
    device = make_device(cast.agency, "JAUH1", port=1)
    waits = []
    for failures in range(1, 5):
        at = timezone.now()
        jobs.pull_punches({"id": device.pk, "actor": ACTOR, "scheduled": True})
        device.refresh_from_db()
        assert device.pull_failures == failures
        assert device.pull_at is not None
        waits.append(device.pull_at - at)
        assert Alarm.objects.open().count() == (1 if failures >= 3 else 0)
    assert waits == sorted(waits)
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.device, alarm.times) == ("pull_failed", device, 2)
    assert "4 kali berturut-turut" in alarm.text
    with simulator("JAUH1") as machine:
        Device.objects.filter(pk=device.pk).update(port=machine.port)
        jobs.pull_punches({"id": device.pk, "actor": ACTOR, "scheduled": True})
    device.refresh_from_db()
    assert device.pull_failures == 0
    assert not Alarm.objects.open().exists()


def test_a_busy_machine_is_no_failure(cast: Cast) -> None:
    device = make_device(cast.agency, "SIBUK1")
    until = timezone.now() + timedelta(minutes=2)
    Device.objects.filter(pk=device.pk).update(session_token="x", session_until=until)
    services.pull_as_scheduled(device=device, now=NOW)
    device.refresh_from_db()
    assert (device.pull_failures, device.pull_at) == (0, NOW + timedelta(minutes=1))


def test_a_machine_taken_out_of_service_is_left_alone(cast: Cast) -> None:
    device = make_device(cast.agency, "LEPAS1", state=Device.State.SUSPENDED)
    services.pull_as_scheduled(device=device, now=NOW)
    device.refresh_from_db()
    assert (device.pull_failures, device.check_error) == (0, "")


def test_the_worker_pulls_what_was_scheduled(cast: Cast) -> None:
    with simulator("NET1") as machine:
        device = device_at(cast.agency, machine)
        machine.tell("user 1001 Anton")
        press(machine, 2)
        services.schedule_pulls(now=timezone.now())
        events = Event.objects.count()
        outbox.drain()
    assert (job_of(device).state, Punch.objects.count()) == (OutboxJob.State.DONE, 2)
    assert Event.objects.count() == events


@pytest.mark.parametrize("serial", ["A", "BOCK200961014", "SIM0000000001", "CEXA193260001"])
def test_each_machine_waits_its_own_share_of_a_doubling_time(serial: str) -> None:
    waits = [back_off(serial, failures) for failures in range(1, 40)]
    assert timedelta(minutes=2) <= waits[0] <= timedelta(minutes=3)
    for shorter, longer in pairwise(waits):
        expected = min(2 * shorter, waits[-1])
        assert abs(longer - expected) < timedelta(seconds=1)
    assert timedelta(minutes=40) <= waits[-1] <= timedelta(minutes=60)


@pytest.mark.parametrize(
    ("local", "least", "most"),
    [
        ((7, 15), 13, 15),  # office hours
        ((19, 59), 13, 15),
        ((20, 0), 60, 62),
        ((1, 0), 60, 62),
        ((4, 30), 30, 32),  # never past the opening
    ],
)
def test_machines_are_fetched_often_only_while_people_press(
    cast: Cast, local: tuple[int, int], least: int, most: int
) -> None:
    device = make_device(cast.agency, "WIT1", time_zone="Asia/Jayapura")
    now = datetime(2026, 4, 20, *local, tzinfo=device.zone).astimezone(UTC)
    wait = next_pull(device, now=now) - now
    assert timedelta(minutes=least) <= wait <= timedelta(minutes=most)
