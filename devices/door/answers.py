"""What the door does for a call that needs the database: plain functions, run in threads.

Each stores first and answers then; what it raises becomes a 500 (503 where the database is
away) and the machine comes again.
"""

import hashlib
import time
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.crypto import salted_hmac

from devices.adms import handshake
from devices.adms.calls import Call, Dialect, Endpoint
from devices.adms.options import read_info
from devices.adms.results import read_results
from devices.adms.secrets import holds_templates, without_passwords
from devices.adms.text import count_lines
from devices.door.book import Known
from devices.models import Alarm, Device
from devices.services import callers, receiving
from devices.services.alarms import raise_alarm
from devices.services.commands import settle_results, take_commands
from devices.services.storing import keep_waiting
from foundation.indonesian import list_text

# What is never asked for and not kept: photos of people, the state of a door.
UNWANTED = {"ATTPHOTO", "USERPIC", "BIOPHOTO", "RTSTATE", "ERRORPHOTO"}
ALARM_EVERY = 60.0  # seconds between two alarms of one kind about one target
MOST_ALARMS = 50  # of one kind in that time
HOURS = {"Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}


def greet(call: Call, known: Known | None, address: str, now: datetime) -> bytes:
    """Answer a machine that has just started: note what it speaks, tell it how to behave."""
    announced = _note_announcement(call, known, address, now)
    return handshake.options_reply(_settings(call.serial, known, announced))


def register(call: Call, known: Known | None, body: bytes, address: str, now: datetime) -> bytes:
    """Answer the registration of a 3.x machine and keep what it says of itself."""
    _note_announcement(call, known, address, now)
    if known is not None:
        receiving.receive_options(device=_device(known), body=body, now=now)
    return handshake.registry_reply(_registry_code(call.serial))


def _note_announcement(
    call: Call, known: Known | None, address: str, now: datetime
) -> callers.Announcement:
    announced = callers.announcement(call)
    if known is not None:
        callers.note_greeting(device_id=known.key.id, announced=announced, address=address, now=now)
    else:
        callers.note_caller(
            serial=call.serial, announced=announced, address=address, now=now, greeting=True
        )
    return announced


def configure(call: Call, known: Known | None) -> bytes:
    """Tell an A&C machine how to behave."""
    return handshake.push_reply(_settings(call.serial, known, callers.announcement(call)))


def tell_time(call: Call, known: Known | None, now: datetime) -> bytes:
    """Tell a machine the time; by the `Date` header and its zone it knows it anyway."""
    local = now.astimezone(ZoneInfo(_zone(known)))
    if call.endpoint is Endpoint.RTDATA:
        return handshake.access_time_reply(local)
    return handshake.time_reply(local)


def hand_out(known: Known, now: datetime) -> bytes:
    """Return the commands that wait for a machine, or plain OK."""
    return take_commands(device_id=known.key.id, now=now) or handshake.OK


def settle(known: Known | None, body: bytes, now: datetime) -> bytes:
    """Take the results of commands. What answers to nothing of ours is acknowledged as well."""
    if known is not None:
        settle_results(device_id=known.key.id, results=read_results(body), now=now)
    return handshake.OK


def note_info(known: Known, text: str, now: datetime) -> None:
    if info := read_info(text):
        receiving.receive_info(device=_device(known), info=info, now=now)


def keep_table(call: Call, known: Known, body: bytes, address: str, now: datetime) -> bytes:
    """Keep what is no punch: users, fingers, operations, options."""
    if call.table == "OPTIONS":
        receiving.receive_options(device=_device(known), body=body, now=now)
        return handshake.OK
    receiving.receive_table(
        device=_device(known), table=call.table, body=body, address=address or None, now=now
    )
    return handshake.counted_reply(call, count_lines(body))


def is_misplaced(call: Call, body: bytes) -> bool:
    """Say whether fingers came as punches: they must not be kept in clear."""
    return call.table == "ATTLOG" and b"=" in body and holds_templates(call.table, body)


def keep_apart(call: Call, known: Known | None, body: bytes, address: str, now: datetime) -> bytes:
    """Keep what an unknown or unapproved machine sends, whole, until somebody approves it."""
    if known is None:
        announced = callers.announcement(call)
        callers.note_caller(serial=call.serial, announced=announced, address=address, now=now)
    if call.table != "OPTIONS":
        callers.check_room(serial=call.serial)
        keep_waiting(
            serial=call.serial,
            table=call.table,
            content=without_passwords(body),
            holds_templates=holds_templates(call.table, body),
            address=address or None,
            received_at=now,
        )
    return handshake.counted_reply(call, count_lines(body))


class Alarms:
    """Raises the door's own alarms, each at most once a minute: a flood must not fill a table."""

    def __init__(self) -> None:
        self._raised: dict[tuple[str, str], float] = {}

    def unknown_path(self, path: str, now: datetime) -> None:
        """A terminal that is set up wrongly asks for what we do not have; silence would hide it."""
        shown = "".join(c for c in path[:80] if c.isprintable())
        text = f"Ada yang memanggil {shown}, alamat yang tidak dikenal atau tanpa nomor seri."
        # One alarm for all such paths: whoever tries out addresses must not hide the others.
        self._raise(Alarm.Kind.UNKNOWN_PATH, "/iclock/", text, None, now)

    def body_too_large(self, serial: str, known: Known | None, now: datetime) -> None:
        text = f"Mesin {serial} mengirim lebih dari yang diterima sekaligus; kirimannya ditolak."
        self._raise(Alarm.Kind.BODY_TOO_LARGE, serial, text, known, now)

    def unreadable(self, known: Known, now: datetime) -> None:
        text = f"Tidak satu baris pun dari kiriman absen mesin {known.key.serial} terbaca."
        self._raise(Alarm.Kind.UNREADABLE, known.key.serial, text, known, now)

    def cloned(self, serial: str, places: list[str], known: Known | None, now: datetime) -> None:
        text = f"Nomor seri {serial} memanggil bergantian dari {list_text(places)}."
        self._raise(Alarm.Kind.CLONED, serial, text, known, now)

    def _raise(
        self, kind: Alarm.Kind, target: str, text: str, known: Known | None, now: datetime
    ) -> None:
        at = time.monotonic()
        self._raised = {key: t for key, t in self._raised.items() if at - t < ALARM_EVERY}
        same_kind = sum(1 for raised, _ in self._raised if raised == kind)
        if (kind, target) in self._raised or same_kind >= MOST_ALARMS:
            return
        self._raised[kind, target] = at
        device = _device(known) if known else None
        raise_alarm(kind=kind, target=target, text=text[:300], now=now, device=device)


def _device(known: Known) -> Device:
    return Device.objects.select_related("agency").get(pk=known.key.id)


def _settings(
    serial: str, known: Known | None, announced: callers.Announcement
) -> handshake.Settings:
    dialect = known.dialect if known else ""
    registered = dialect == Dialect.ACCESS
    return handshake.Settings(
        serial=serial,
        hours_east=HOURS[_zone(known)],
        push_version=announced.push_version or (known.push_version if known else ""),
        delay=_spread(serial, settings.PUSH_DELAY_SECONDS),
        error_delay=_spread(serial, settings.PUSH_ERROR_DELAY_SECONDS),
        dialect=announced.dialect or dialect or Dialect.ATTENDANCE,
        registry_code=_registry_code(serial) if registered else "",
    )


@lru_cache(maxsize=4096)
def _spread(serial: str, seconds: int) -> int:
    """Return about these seconds, a fifth more or less by serial.

    Machines that lost their power together must not call together.
    """
    share = hashlib.sha256(serial.encode()).digest()[0] / 255
    return round(seconds * (0.8 + 0.4 * share))


def _zone(known: Known | None) -> str:
    zone = known.key.time_zone if known else settings.TIME_ZONE
    return zone if zone in HOURS else "Asia/Makassar"


@lru_cache(maxsize=4096)
def _registry_code(serial: str) -> str:
    """Return what a 3.x machine is known by; the same for the same machine on every server."""
    return salted_hmac("devices.registry", serial, algorithm="sha256").hexdigest()[:10]
