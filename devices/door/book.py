"""What the door remembers of machines, so that a poll costs no query and no write.

One query, at most once a second and process, reads every machine and whether commands wait for it.
Contacts are noted in memory and written down together.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from devices.models import Caller, Device, DeviceCommand
from devices.services.sessions import IN_SERVICE
from devices.services.storing import MachineKey

REFRESH_SECONDS = 1.0
# Two addresses that take turns within this time are two machines.
CLONE_WINDOW = timedelta(minutes=2)
MOST_SERIALS = 60_000  # whoever invents serial numbers must not fill the memory


@dataclass(frozen=True, slots=True)
class Known:
    """A registered machine as the door needs it."""

    key: MachineKey
    in_service: bool
    dialect: str
    push_version: str
    has_commands: bool


@dataclass(slots=True)
class Contact:
    """When a serial last called, and from where."""

    at: datetime
    address: str
    addresses: dict[str, datetime] = field(default_factory=dict)
    turns: int = 0  # how often the address changed back and forth lately
    written: bool = False


class DeviceBook:
    """Registered machines by serial, read in one query."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}
        self._read_at = float("-inf")

    @property
    def is_stale(self) -> bool:
        return time.monotonic() - self._read_at >= REFRESH_SECONDS

    @property
    def was_read(self) -> bool:
        return self._read_at > float("-inf")

    def get(self, serial: str) -> Known | None:
        return self._known.get(serial)

    def read(self) -> None:
        """Read all machines; called in a thread."""
        started = time.monotonic()
        self._known = dict(_read(Device.objects.all()))
        self._read_at = started

    def read_one(self, serial: str) -> Known | None:
        """Read one machine that may have been approved a moment ago; called in a thread."""
        found = dict(_read(Device.objects.filter(serial=serial)))
        self._known |= found
        return found.get(serial)


def _read(devices: "QuerySet[Device]") -> Iterator[tuple[str, Known]]:
    due = DeviceCommand.objects.due(timezone.now()).filter(device=OuterRef("pk"))
    rows = devices.order_by().values_list(
        "id", "serial", "agency_id", "time_zone", "state", "dialect", "push_version", Exists(due)
    )
    for pk, serial, agency_id, zone, state, dialect, version, has_commands in rows:
        yield (
            serial,
            Known(
                key=MachineKey(pk, serial, agency_id, zone),
                in_service=state in IN_SERVICE,
                dialect=dialect,
                push_version=version,
                has_commands=has_commands,
            ),
        )


class Contacts:
    """Who called when and from where, until it is written down."""

    def __init__(self) -> None:
        self._contacts: dict[str, Contact] = {}

    def note(self, serial: str, address: str, now: datetime) -> bool:
        """Remember a call; say whether this serial now seems to stand at two places."""
        contact = self._contacts.get(serial)
        if contact is None:
            if len(self._contacts) < MOST_SERIALS:
                self._contacts[serial] = Contact(now, address, {address: now})
            return False
        came_back = address != contact.address and address in contact.addresses
        if came_back and now - contact.addresses[address] < CLONE_WINDOW:
            contact.turns += 1
        contact.at, contact.address, contact.written = now, address, False
        contact.addresses[address] = now
        if len(contact.addresses) > 8:
            del contact.addresses[min(contact.addresses, key=lambda a: contact.addresses[a])]
        if contact.turns < 3:
            return False
        contact.turns = 0
        return True

    def addresses(self, serial: str) -> list[str]:
        contact = self._contacts.get(serial)
        return sorted(contact.addresses) if contact else []

    def unwritten(self) -> dict[str, tuple[datetime, str]]:
        """Return what is to be written down, and take it as written."""
        found = {}
        for serial, contact in self._contacts.items():
            if not contact.written:
                contact.written = True
                found[serial] = (contact.at, contact.address)
        return found


_UPDATE = "UPDATE {0} SET {1} = %s, {2} = %s WHERE serial = %s AND ({1} IS NULL OR {1} < %s)"


def write_contacts(contacts: Mapping[str, tuple[datetime, str]]) -> None:
    """Write last contacts down, all in one go; called in a thread.

    A serial is a registered machine's or an unknown caller's; one of neither is passed over.
    """
    meta = Device._meta
    at_field, address_field = meta.get_field("last_contact_at"), meta.get_field("last_address")
    rows: list[tuple[Any, ...]] = []
    for serial, (at, address) in sorted(contacts.items()):
        moment = at_field.get_db_prep_save(at, connection)
        rows.append(
            (moment, address_field.get_db_prep_save(address or None, connection), serial, moment)
        )
    if not rows:
        return
    # The row may know a later contact, from another process.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            _UPDATE.format(Device._meta.db_table, "last_contact_at", "last_address"), rows
        )
        cursor.executemany(_UPDATE.format(Caller._meta.db_table, "last_seen_at", "address"), rows)
