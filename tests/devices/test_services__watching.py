"""The watch over machines: what it raises, what it clears, what it leaves alone."""

from datetime import datetime, timedelta

import pytest

from devices.models import Alarm, Device, Punch, RawUpload
from devices.services.alarms import settle_alarm
from devices.services.registration import move_device
from devices.services.watching import QUIET, watch
from foundation.actors import SYSTEM
from organization.models import PublicHoliday
from organization.permissions import actor_for
from tests.cast import NOW, Cast
from tests.devices.make import make_device

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NINE = NOW  # Senin 09.00 WITA


def make_pushing(cast: Cast, **values: object) -> Device:
    device = make_device(cast.agency, "PUSH1", protocol="push")
    Device.objects.filter(pk=device.pk).update(**{"last_contact_at": NINE} | values)
    device.refresh_from_db()
    return device


def open_kinds() -> set[str]:
    return set(Alarm.objects.open().values_list("kind", flat=True))


def told(device: Device, at: datetime, received_at: datetime) -> None:
    """Store one punch of a body of its own."""
    upload = RawUpload.objects.create(
        device=device, serial=device.serial, channel="push", content=b"", size=1,
        received_at=received_at, total=1, accepted=1, duplicate=0, quarantined=0,
    )  # fmt: skip
    Punch.objects.create(
        device=device, upload=upload, pin="7", local_time=f"{at:%Y-%m-%d %H:%M:%S}", at=at,
        time_zone="Asia/Makassar", channel="push",
    )  # fmt: skip


def test_a_machine_that_calls_is_left_in_peace(cast: Cast) -> None:
    make_pushing(cast)
    assert watch(NINE + MINUTE).raised == 0


def test_a_silent_machine_is_raised_once_and_clears_itself(cast: Cast) -> None:
    device = make_pushing(cast)
    for minutes in (31, 32, 33):
        watch(NINE + minutes * MINUTE)
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.times, alarm.device) == (Alarm.Kind.OFFLINE, 1, device)
    assert alarm.text == "Mesin 1: luring sejak 09.00."
    assert alarm.last_seen_at == NINE + 33 * MINUTE
    Device.objects.filter(pk=device.pk).update(last_contact_at=NINE + 34 * MINUTE)
    assert watch(NINE + 35 * MINUTE).cleared == 1
    assert not open_kinds()


def test_nothing_is_raised_at_night_and_nothing_forgotten(cast: Cast) -> None:
    make_pushing(cast)
    watch(NINE + 40 * MINUTE)
    watch(NINE + 12 * HOUR)
    assert open_kinds() == {Alarm.Kind.OFFLINE}
    Alarm.objects.all().delete()
    watch(NINE + 12 * HOUR)
    assert not open_kinds()


def test_a_holiday_has_no_punch_hours(cast: Cast) -> None:
    make_pushing(cast)
    PublicHoliday.objects.create(on="2026-04-20", name="Hari uji")
    watch(NINE + HOUR)
    assert not open_kinds()


def test_a_suspended_machine_does_not_alarm_and_takes_its_alarms_back(cast: Cast) -> None:
    device = make_pushing(cast)
    watch(NINE + HOUR)
    move_device(device=device, move="suspend", actor=SYSTEM, now=NINE + HOUR)
    watch(NINE + HOUR + MINUTE)
    assert not open_kinds()


def test_clock_and_log_are_raised_and_cleared(cast: Cast) -> None:
    device = make_pushing(
        cast, checked_at=NINE, clock_offset=200, punch_count=95, punch_capacity=100
    )
    watch(NINE)
    assert open_kinds() == {Alarm.Kind.CLOCK, Alarm.Kind.LOG_FULL}
    Device.objects.filter(pk=device.pk).update(clock_offset=1, punch_count=5)
    assert watch(NINE + MINUTE).cleared == 2


@pytest.mark.fault("F41")
def test_the_clock_of_a_machine_that_calls_is_read_from_its_punches(cast: Cast) -> None:
    device = make_pushing(cast)
    for minute in range(3):
        received = NINE + minute * MINUTE
        told(device, received - timedelta(seconds=301), received)
    Device.objects.update(last_contact_at=NINE + 3 * MINUTE)
    watch(NINE + 3 * MINUTE)
    device.refresh_from_db()
    assert device.clock_offset == -301
    assert Alarm.objects.get().text == "Mesin 1: jam 5 menit 1 detik lebih lambat."


def test_a_backlog_says_nothing_of_the_clock(cast: Cast) -> None:
    device = make_pushing(cast)
    for minute in range(3):
        told(device, NINE - minute * HOUR, NINE + minute * MINUTE)
    watch(NINE + 3 * MINUTE)
    device.refresh_from_db()
    assert device.clock_offset is None


def test_who_settled_an_alarm_is_asked_again_a_day_later(cast: Cast) -> None:
    make_pushing(cast, checked_at=NINE, clock_offset=200)
    watch(NINE)
    actor = actor_for(cast.admin, "Admin", cast.agency, NINE)
    settle_alarm(alarm=Alarm.objects.get(), actor=actor, note="Teknisi dipanggil.", now=NINE)
    watch(NINE + MINUTE)
    assert not open_kinds()
    Device.objects.update(last_contact_at=NINE + QUIET + MINUTE)
    watch(NINE + QUIET + MINUTE)
    assert open_kinds() == {Alarm.Kind.CLOCK}


@pytest.mark.parametrize("name", ["watch_machines", "pull_machines", "retire_people"])
def test_the_clock_of_the_house_calls(name: str) -> None:
    from config import tasks
    from config.celery import app

    entry = app.conf.beat_schedule[name]
    assert (entry["task"], entry["schedule"]) == (getattr(tasks, name).name, 60.0)
