"""How a machine is, judged from its row: pure, for the watch, the screens and the guards alike.

The limits are the office's own; no rule names one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.conf import settings

from devices.models import Device
from devices.services.checks import CLOCK_TOLERANCE, clock_is_right
from devices.services.pulling import OFFICE_HOURS, OUTSIDE_HOURS
from foundation.indonesian import date_text, duration_text, percent_text

LATE_AFTER = timedelta(minutes=5)  # a machine calls every few seconds, at most every minute
OFFLINE_AFTER = timedelta(minutes=30)
FULL_AT = 0.9  # of the log's capacity
AROUND_WORK = timedelta(hours=1)  # people punch before work begins and after it ends
TELLING = 3  # bodies that must agree before they say something of a clock

Badge = Literal["ok", "soon", "late", "failed", "info"]


@dataclass(frozen=True)
class Condition:
    """One thing to say of a machine, as a badge shows it."""

    badge: Badge
    icon: str
    text: str


def silence(device: Device, now: datetime) -> timedelta:
    """Return how long nothing was heard of a machine; of a new one, since it was registered."""
    return max(now - (device.last_contact_at or device.registered_at), timedelta())


def allowance(device: Device, now: datetime) -> timedelta:
    """Return how long a machine may be silent only because nobody spoke to it."""
    if not device.is_pulled:
        return timedelta()
    opens, closes = OFFICE_HOURS
    is_day = opens <= now.astimezone(device.zone).time() < closes
    return timedelta(minutes=settings.PULL_MINUTES) if is_day else OUTSIDE_HOURS


def is_silent(device: Device, now: datetime) -> bool:
    """Say whether a machine should have been heard."""
    return silence(device, now) >= OFFLINE_AFTER + allowance(device, now)


def is_silent_at_work(
    device: Device, now: datetime, working: tuple[datetime, datetime] | None
) -> bool:
    """Say whether a machine is missed: silent, while people of its agency want to punch.

    `working` is when work begins and ends today. A machine that is switched off over night has
    time to be switched on: silence counts from an hour before work on.
    """
    if working is None:
        return False
    opens, closes = working[0] - AROUND_WORK, working[1] + AROUND_WORK
    missed_from = opens + OFFLINE_AFTER + allowance(device, now)
    return missed_from <= now <= closes and is_silent(device, now)


def drift(leads: Sequence[int]) -> int | None:
    """Return the seconds that a clock is ahead, judged by punches; None where they do not tell.

    `leads` are, per body that arrived, the seconds by which its newest punch was ahead of the
    arrival. Punches may wait in a machine and arrive late, then each by another time; a wrong clock
    is wrong by the same in all of them.
    """
    if len(leads) < TELLING or max(leads) - min(leads) > CLOCK_TOLERANCE:
        return None
    # The quickest on the way tells best.
    return max(leads)


def log_share(device: Device) -> float | None:
    """Return how full the log is, 0 to 1; None where the machine did not say."""
    if not device.punch_capacity or device.punch_count is None:
        return None
    return device.punch_count / device.punch_capacity


def offline_text(device: Device, now: datetime) -> str:
    """Return "luring sejak 07.10", with the day where it was another one."""
    heard = device.last_contact_at
    if heard is None:
        return "belum pernah melapor"
    local, today = heard.astimezone(device.zone), now.astimezone(device.zone).date()
    day = "" if local.date() == today else f"{date_text(local)} "
    return f"luring sejak {day}{local:%H.%M}"


def clock_text(device: Device) -> str:
    """Return in words how the machine's clock stands to the true time."""
    if device.checked_at is None:
        return "belum diperiksa"
    offset = device.clock_offset
    if offset is None:
        # One that calls tells its time by its punches only.
        return "tidak menunjukkan tanggal yang benar" if device.is_pulled else "belum diketahui"
    if abs(offset) > 366 * 86400:
        return "kembali ke tanggal awal (baterai jam habis)"
    if abs(offset) <= 2:
        return "tepat"
    ahead = "lebih cepat" if offset > 0 else "lebih lambat"
    return f"{duration_text(timedelta(seconds=abs(offset)))} {ahead}"


def log_text(device: Device) -> str:
    return f"memori catatan {percent_text(device.punch_count or 0, device.punch_capacity or 0)}"


def conditions(device: Device, now: datetime) -> list[Condition]:
    """Return what is to say of a machine, the worst first; one line where all is well."""
    plain: dict[str, Condition] = {
        Device.State.REGISTERED: Condition("soon", "hourglass", "menunggu persetujuan"),
        Device.State.APPROVED: Condition("info", "check", "disetujui, belum aktif"),
        Device.State.SUSPENDED: Condition("late", "pause", "dinonaktifkan sementara"),
        Device.State.RETIRED: Condition("info", "archive", "tidak dipakai lagi"),
    }
    if device.state in plain:
        return [plain[device.state]]
    found = _contact(device, now) + _clock_and_log(device)
    return found or [Condition("ok", "check-circle", "aktif")]


def _contact(device: Device, now: datetime) -> list[Condition]:
    found = []
    if is_silent(device, now):
        found.append(Condition("failed", "offline", offline_text(device, now)))
    elif silence(device, now) >= LATE_AFTER + allowance(device, now):
        late = duration_text(timedelta(minutes=silence(device, now) // timedelta(minutes=1)))
        found.append(Condition("late", "clock", f"terlambat lapor {late}"))
    if device.check_error:
        found.append(Condition("failed", "error", "pemeriksaan gagal"))
    return found


def _clock_and_log(device: Device) -> list[Condition]:
    found = []
    if has_wrong_clock(device):
        found.append(Condition("late", "clock", f"jam melenceng: {clock_text(device)}"))
    share = log_share(device)
    if share is not None and share >= FULL_AT:
        found.append(Condition("late", "alert", log_text(device)))
    return found


def has_wrong_clock(device: Device) -> bool:
    """Say whether a machine that was looked at shows another time than the true one."""
    is_unknown = device.clock_offset is None and not device.is_pulled
    if device.checked_at is None or device.check_error or is_unknown:
        return False
    return not clock_is_right(device)
