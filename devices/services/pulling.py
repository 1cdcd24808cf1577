"""The logs of machines on port 4370: fetched whole, kept once; and when which machine is fetched.

Machines cannot be asked for what is new: a pull reads everything and keeps what was not known.
"""

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import chain

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from devices.attlog import read_punches
from devices.exceptions import DeviceBusy, DeviceError, NotAllowedNow
from devices.models import Alarm, Device, Punch, PunchEvidence, RawUpload, RejectedLine
from devices.pull.log import MachineLog
from devices.services.alarms import clear_alarm, raise_alarm
from devices.services.requests import actor_to_payload, is_waiting
from devices.services.sessions import IN_SERVICE, machine_session
from devices.services.storing import MachineKey, Stored, Telling, store
from foundation import outbox
from foundation.actors import SYSTEM, Actor
from foundation.models import OutboxJob

PULL = "devices.pull_punches"
PART_LINES = 5_000  # of one raw upload, and of one short transaction
OFFICE_HOURS = time(5), time(20)  # when punches come, on the machine's wall
OUTSIDE_HOURS = timedelta(hours=1)
FIRST_BACK_OFF, LONGEST_BACK_OFF = timedelta(minutes=3), timedelta(minutes=60)
BUSY_AGAIN = timedelta(minutes=1)
FAILURES_TO_ALARM = 3


@dataclass
class PullReport:
    """What became of a machine's log: held = accepted + duplicate + quarantined."""

    device: str
    held: int
    accepted: int = 0
    quarantined: int = 0
    uploads: list[int] = field(default_factory=list)

    @property
    def duplicate(self) -> int:
        return self.held - self.accepted - self.quarantined

    def add(self, stored: Stored) -> None:
        self.accepted += stored.accepted
        self.quarantined += stored.quarantined
        self.uploads.append(stored.upload_id)

    def __str__(self) -> str:
        if not self.held:
            return "Mesin tidak berisi catatan absen."
        return (
            f"{self.held} catatan di mesin: {self.accepted} ketukan baru, "
            f"{self.duplicate} sudah ada, {self.quarantined} dikarantina."
        )


def pull_punches(*, device: Device, actor: Actor, now: datetime) -> PullReport:
    """Read a machine's whole log over the network and keep what was not known; safe to repeat.

    Nothing is kept unless all of it came. What is new is kept in parts of `PART_LINES`, each with
    its punches in one commit; a pull that is cut short between two parts is completed by the next.
    The machine's log is not cleared. Raises DeviceError, NotAllowedNow.
    """
    with machine_session(device, now=now) as session:
        kept = Device.objects.values_list("pulled_count", flat=True).get(pk=device.pk)
        log = session.client.punches(part_lines=PART_LINES, ahead=not kept)
    report = PullReport(device.name, log.count)
    with log:
        for content in _new_lines(device, log):
            (stored,) = store(
                [
                    Telling(
                        machine=MachineKey.of(device),
                        content=content,
                        log=read_punches(content),
                        received_at=now,
                        channel=RawUpload.Channel.PULL,
                        received_by_id=actor.user_id,
                    )
                ]
            )
            report.add(stored)
        Device.objects.filter(pk=device.pk).update(
            pulled_count=log.count,
            pulled_sha256=log.digest_of(log.count),
            pull_failures=0,
            pull_at=next_pull(device, now=now),
        )
    clear_alarm(kind=Alarm.Kind.PULL_FAILED, target=device.serial, now=now)
    return report


def _new_lines(device: Device, log: MachineLog) -> Iterator[bytes]:
    """Yield, in parts, the lines that the machine has not told before, by whatever channel.

    Most of a log was there at the last pull: where it begins with the same records, these are known
    without being read, and nothing of the rest is looked up that lies outside its span of time.
    """
    kept, digest = Device.objects.values_list("pulled_count", "pulled_sha256").get(pk=device.pk)
    start = kept if kept and log.digest_of(kept) == digest else 0
    rows = RejectedLine.objects.filter(device=device).values_list("sha256", flat=True)
    rejected = set(rows)
    for content in log.parts(after=start):
        lines = content.decode().splitlines(keepends=True)
        times = [line.split("\t", 2)[1] for line in lines]
        known = _tellings(device, min(times), max(times))
        if not known and not rejected:  # as at a first pull
            yield content
        elif new := [line for line in lines if line not in known and not _is_in(rejected, line)]:
            yield "".join(new).encode()


def _is_in(rejected: set[str], line: str) -> bool:
    return bool(rejected) and hashlib.sha256(line.strip().encode()).hexdigest() in rejected


def _tellings(device: Device, low: str, high: str) -> set[str]:
    """Return what was told of a span of a machine's time, written like the lines of its log."""
    span = {"local_time__gte": low, "local_time__lte": high}
    first = Punch.objects.filter(device=device, **span).values_list(
        "pin", "local_time", "state", "verify", "work_code"
    )
    later = PunchEvidence.objects.filter(
        punch__device=device, **{f"punch__{name}": value for name, value in span.items()}
    ).values_list("punch__pin", "punch__local_time", "state", "verify", "work_code")
    return {
        f"{pin}\t{local}\t{state}\t{verify}\t{code}\n"
        for pin, local, state, verify, code in chain(first.iterator(), later.iterator())
    }


def schedule_pulls(*, now: datetime) -> int:
    """Order the pulls that are due and return how many; safe beside another scheduler."""
    due = Q(pull_at=None) | Q(pull_at__lte=now)
    devices = Device.objects.pulled().filter(due, state__in=IN_SERVICE)
    return sum(_order(device, now) for device in devices.order_by("pull_at"))


@transaction.atomic
def _order(device: Device, now: datetime) -> bool:
    mine = Device.objects.filter(pk=device.pk, pull_at=device.pull_at)
    if not mine.update(pull_at=next_pull(device, now=now)):
        return False  # another scheduler was first
    key = f"{PULL}:schedule:{device.pk}"
    same = OutboxJob.objects.filter(key=key)
    if is_waiting(kind=PULL, owner=device) or same.filter(state=OutboxJob.State.WAITING).exists():
        return False
    same.delete()  # the one before is done: one row per machine is enough
    outbox.enqueue(
        kind=PULL,
        key=key,
        payload={"id": device.pk, "actor": actor_to_payload(SYSTEM), "scheduled": True},
        run_after=now,
    )
    return True


def pull_as_scheduled(*, device: Device, now: datetime) -> None:
    """Pull one machine because it is due; a failure is noted on it and tried again later."""
    try:
        pull_punches(device=device, actor=SYSTEM, now=now)
    except DeviceBusy:
        Device.objects.filter(pk=device.pk).update(pull_at=now + BUSY_AGAIN)
    except NotAllowedNow:
        return  # taken out of service since it was ordered
    except DeviceError as error:
        _note_failure(device, error, now)


@transaction.atomic
def _note_failure(device: Device, error: DeviceError, now: datetime) -> None:
    mine = Device.objects.filter(pk=device.pk)
    mine.update(pull_failures=F("pull_failures") + 1)
    failures = mine.values_list("pull_failures", flat=True).get()
    mine.update(pull_at=now + back_off(device.serial, failures))
    if failures >= FAILURES_TO_ALARM:
        raise_alarm(
            kind=Alarm.Kind.PULL_FAILED,
            target=device.serial,
            text=f"Log {device.name} gagal ditarik {failures} kali berturut-turut. {error}",
            device=device,
            details={"failures": failures},
            now=now,
        )


def back_off(serial: str, failures: int) -> timedelta:
    """Return how long to wait after so many failures in a row: 2 to 60 minutes, doubling.

    Each machine has its own share of it, so that they do not all come back at once.
    """
    longest: timedelta = min(FIRST_BACK_OFF * 2 ** min(failures - 1, 10), LONGEST_BACK_OFF)
    return longest * (1 - _share(serial) / 3)


def next_pull(device: Device, *, now: datetime) -> datetime:
    """Return when a machine that answers is fetched next: often in office hours, hourly else."""
    regular = timedelta(minutes=settings.PULL_MINUTES)
    local = now.astimezone(device.zone)
    opens, closes = OFFICE_HOURS
    if opens <= local.time() < closes:
        return now + regular * (1 - _share(device.serial) / 10)
    opening = datetime.combine(local.date(), opens, device.zone)
    if opening <= local:
        opening += timedelta(days=1)
    return min(now + OUTSIDE_HOURS, opening) + regular * _share(device.serial) / 10


def _share(serial: str) -> float:
    """Return a number from 0 to 1 that is always the same for a machine."""
    return zlib.crc32(serial.encode()) / 0xFFFFFFFF
