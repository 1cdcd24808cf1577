"""One session with one machine at a time, and what is learned each time it answers."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from devices.exceptions import (
    DeviceBusy,
    DeviceError,
    DeviceRefused,
    NotAllowedNow,
    NotConnectable,
)
from devices.models import Device
from devices.pull.client import DeviceStatus, ZkClient
from devices.services.secrets import open_comm_key

TIMEOUT = 10.0  # seconds that a machine may stay silent
CALL_TIMEOUT = 60.0  # seconds that the agent may stay silent, after which it is killed
# A session that a killed worker left is free again after this.
LEASE = timedelta(minutes=3)
IN_SERVICE = (Device.State.APPROVED, Device.State.ACTIVE)


@dataclass(frozen=True)
class MachineSession:
    """An open session; `status` is what the machine said at its beginning."""

    client: ZkClient
    status: DeviceStatus


@contextmanager
def machine_session(device: Device, *, now: datetime) -> Iterator[MachineSession]:
    """Open the one session of a machine, make sure that it is this machine, note how it is.

    No transaction may be open around this. Raises DeviceError; the reason stays on the row. What
    the row holds may have been written behind the form's back: it is checked here again.
    """
    if device.state not in IN_SERVICE or not device.is_pulled or not device.host:
        raise NotAllowedNow(
            f"{device.name} belum disetujui, dinonaktifkan, atau bukan mesin yang ditarik lewat "
            "jaringan. Periksa pendaftaran mesin."
        )
    token = _take(device)
    try:
        with ZkClient(
            device.host,
            device.port,
            _comm_key(device),
            over_udp=device.over_udp,
            timeout=TIMEOUT,
            call_timeout=CALL_TIMEOUT,
            at_work=_Renewal(device, token),
        ) as client:
            started = timezone.now()
            status = client.status()
            _check_identity(device, status)
            note_status(device, status, now=now + (timezone.now() - started))
            yield MachineSession(client, status)
    except DeviceError as error:
        # The reason is shown on the machine's page, whoever asked for the work.
        Device.objects.filter(pk=device.pk).update(check_error=str(error)[:300], checked_at=now)
        raise
    finally:
        mine = Device.objects.filter(pk=device.pk, session_token=token)
        mine.update(session_token="", session_until=None)


class _Renewal:
    """Holds the session while a long read goes on."""

    def __init__(self, device: Device, token: str) -> None:
        self._mine = Device.objects.filter(pk=device.pk, session_token=token)
        self._until = timezone.now() + LEASE

    def __call__(self) -> None:
        at = timezone.now()
        if self._until - at < LEASE / 2:
            self._until = at + LEASE
            self._mine.update(session_until=self._until)


def _comm_key(device: Device) -> int:
    try:
        return open_comm_key(device)
    except ValueError as error:
        raise NotConnectable(
            f"Kunci komunikasi {device.name} tidak dapat dibuka. Isi ulang kunci di pendaftaran "
            "mesin, lalu coba lagi."
        ) from error


def note_status(device: Device, status: DeviceStatus, *, now: datetime) -> None:
    """Keep what a machine said of itself at this moment."""
    device.last_contact_at = device.checked_at = now
    device.check_error = ""
    device.clock_offset = clock_offset(device, status, now=now)
    device.algorithm = status.algorithm or None
    device.firmware = status.firmware[:80]
    device.user_count = status.users
    device.finger_count = status.fingers
    device.punch_count = status.punches
    device.user_capacity = status.user_capacity or None
    device.finger_capacity = status.finger_capacity or None
    device.punch_capacity = status.punch_capacity or None
    device.save(
        update_fields=[
            "last_contact_at",
            "checked_at",
            "check_error",
            "clock_offset",
            "algorithm",
            "firmware",
            "user_count",
            "finger_count",
            "punch_count",
            "user_capacity",
            "finger_capacity",
            "punch_capacity",
        ]
    )


def clock_offset(device: Device, status: DeviceStatus, *, now: datetime) -> int | None:
    """Return the seconds that the machine's clock is ahead; None when it shows no real date."""
    if status.clock is None:
        return None
    local = now.astimezone(device.zone).replace(tzinfo=None)
    return round((status.clock - local).total_seconds())


def _take(device: Device) -> str:
    token, at = uuid.uuid4().hex, timezone.now()
    free = Q(session_until=None) | Q(session_until__lte=at)
    taken = Device.objects.filter(free, pk=device.pk).update(
        session_token=token, session_until=at + LEASE
    )
    if not taken:
        raise DeviceBusy(f"{device.name} sedang dipakai pekerjaan lain; dicoba lagi sebentar.")
    return token


def _check_identity(device: Device, status: DeviceStatus) -> None:
    if status.serial != device.serial:
        raise DeviceRefused(
            f"Alamat {device.host} dijawab mesin bernomor seri {status.serial}, bukan "
            f"{device.serial} ({device.name}). Perbaiki alamat IP mesin, lalu coba lagi."
        )
