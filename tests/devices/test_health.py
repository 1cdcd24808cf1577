"""How a machine is judged: silence in punch hours, a clock read from punches, a full log."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from devices import health
from devices.models import Device

ZONE = ZoneInfo("Asia/Makassar")
S = Device.State


def local(hour: int, minute: int = 0, day: int = 20) -> datetime:
    """Senin, 20 April 2026 in WITA."""
    return datetime(2026, 4, day, hour, minute, tzinfo=ZONE)


WORK = (local(7, 30), local(16))


def machine(**values: object) -> Device:
    defaults: dict[str, object] = {
        "name": "Mesin Lobi",
        "serial": "SATU1",
        "protocol": "push",
        "state": S.ACTIVE,
        "registered_at": local(8, day=1),
    }
    return Device(**(defaults | values))


@pytest.mark.parametrize(
    ("heard", "now", "missed"),
    [
        (local(7, 10), local(7, 39), False),  # not half an hour yet
        (local(7, 10), local(7, 40), True),
        (local(18, day=17), local(6, 31), False),  # off over night, work is not near
        (local(18, day=17), local(6, 59), False),  # has half an hour to be switched on
        (local(18, day=17), local(7, 0), True),
        (local(15, 0), local(16, 59), True),  # people go home
        (local(15, 0), local(17, 1), False),  # they are gone
        (None, local(9), True),  # activated, and never heard of
    ],
)
def test_a_machine_is_missed_only_while_people_want_to_punch(
    heard: datetime | None, now: datetime, missed: bool
) -> None:
    assert health.is_silent_at_work(machine(last_contact_at=heard), now, WORK) is missed


def test_nobody_misses_a_machine_on_a_day_without_work() -> None:
    assert not health.is_silent_at_work(machine(), local(9), None)


def test_a_machine_that_is_called_may_be_silent_between_two_calls() -> None:
    pulled = machine(protocol="pull", last_contact_at=local(9))
    after = local(9) + health.OFFLINE_AFTER
    assert not health.is_silent(pulled, after)
    assert health.is_silent(pulled, after + timedelta(minutes=settings.PULL_MINUTES))
    at_night = machine(protocol="pull", last_contact_at=local(22))
    assert not health.is_silent(at_night, local(23, 15))


@pytest.mark.parametrize(
    ("leads", "seconds"),
    [
        ([], None),
        ([-1, -2], None),  # two bodies are too few
        ([-1, -2, -3], -1),
        ([-300, -301, -304], -300),  # the same in all: the clock is slow
        ([600, 599, 601], 601),
        ([-1, -2, -4000], None),  # one waited in the machine: nothing is known
        ([-7200, -3600, -60], None),  # a backlog after an outage
        ([-820_000_000] * 3, -820_000_000),  # the year 2000
    ],
)
def test_a_clock_is_read_from_punches_only_where_they_agree(
    leads: list[int], seconds: int | None
) -> None:
    assert health.drift(leads) == seconds


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ({"state": S.REGISTERED}, ["menunggu persetujuan"]),
        ({"state": S.SUSPENDED}, ["dinonaktifkan sementara"]),
        ({"last_contact_at": local(9)}, ["aktif"]),
        ({"last_contact_at": local(8, 48)}, ["terlambat lapor 12 menit"]),
        ({"last_contact_at": local(7, 10)}, ["luring sejak 07.10"]),
        ({"last_contact_at": local(17, day=17)}, ["luring sejak 17 April 2026 17.00"]),
        ({"last_contact_at": None}, ["belum pernah melapor"]),
        (
            {"last_contact_at": local(9), "checked_at": local(9), "clock_offset": 180},
            ["jam melenceng: 3 menit lebih cepat"],
        ),
        (
            {"last_contact_at": local(9), "punch_count": 92_000, "punch_capacity": 100_000},
            ["memori catatan 92,0 %"],
        ),
        ({"last_contact_at": local(9), "checked_at": local(9)}, ["aktif"]),  # time not told yet
        (
            {"last_contact_at": local(9), "checked_at": local(9), "protocol": "pull"},
            ["jam melenceng: tidak menunjukkan tanggal yang benar"],
        ),
        ({"last_contact_at": local(9), "check_error": "x"}, ["pemeriksaan gagal"]),
    ],
)
def test_the_state_is_said_in_words(values: dict[str, object], texts: list[str]) -> None:
    said = health.conditions(machine(**values), local(9, 1).astimezone(UTC) - timedelta(minutes=1))
    assert [condition.text for condition in said] == texts
