"""How a machine packs users, punches, templates and operations (4370, little endian)."""

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

USER_72 = struct.Struct("<HB8s24sIB4H24s")
USER_28 = struct.Struct("<HB5s8sIxBHI")
PUNCH_8 = struct.Struct("<HBIB")
PUNCH_16 = struct.Struct("<IIBB2sI")
PUNCH_40 = struct.Struct("<H24sBIB8s")
PUNCH_49 = struct.Struct("<H24sBIB8s9x")
OPERATION = struct.Struct("<HBxI4H")
PREPARED_FINGER = struct.Struct("<bHbI")
TEMPLATE_HEAD = struct.Struct("<HHbb")
COUNT = struct.Struct("<I")


@dataclass
class User:
    uid: int
    pin: str
    name: str
    privilege: int = 0  # bit 0 disabled; 2 enroller, 6 manager, 14 super admin
    password: str = ""
    card: int = 0
    group: int = 1
    time_zones: tuple[int, ...] = (0, 0, 0, 0)  # of their own or the group's, then three

    def __repr__(self) -> str:
        return f"User({self.uid}, {self.pin!r}, {self.name!r})"  # never the password


@dataclass(frozen=True, slots=True)
class Finger:
    """A template as the machine keeps it; `valid` is 0, 1, or 3 for duress."""

    algorithm: int
    valid: int
    data: bytes = field(repr=False)


class Punch(NamedTuple):
    uid: int
    pin: str
    time: int  # as the machine counts, see `encode_time`
    verify: int = 1
    state: int = 0
    work_code: int = 0


class Operation(NamedTuple):
    """What was done at the machine: a line of its operation log."""

    code: int
    time: int
    operator: str = "0"  # PIN of who did it in the menu, 0 for nobody or from afar
    objects: tuple[str, ...] = ("0", "0", "0", "0")


def encode_time(moment: datetime) -> int:
    """Return the seconds that a machine counts in years of twelve months of 31 days."""
    days = (moment.year % 100) * 372 + (moment.month - 1) * 31 + moment.day - 1
    return days * 86400 + moment.hour * 3600 + moment.minute * 60 + moment.second


def split_time(value: int) -> tuple[int, int, int, int, int, int]:
    """Return year, month, day, hour, minute, second; the day may be none of that month."""
    days, seconds = divmod(value, 86400)
    months, day = divmod(days, 31)
    years, month = divmod(months, 12)
    hour, rest = divmod(seconds, 3600)
    return 2000 + years, month + 1, day + 1, hour, *divmod(rest, 60)


def decode_time(value: int) -> datetime:
    """Raises ValueError for a day that does not exist."""
    return datetime(*split_time(value))


def time_text(value: int) -> str:
    """Return a counted time as attendance logs write it, `2026-04-01 07:20:31`."""
    year, month, day, hour, minute, second = split_time(value)
    return f"{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"


def text(raw: bytes, encoding: str = "utf-8") -> str:
    return raw.split(b"\0")[0].decode(encoding, errors="ignore")


def number(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() else 0


def with_size(body: bytes) -> bytes:
    """Return a table as it is sent: its size first."""
    return COUNT.pack(len(body)) + body


def pack_user(user: User, size: int, encoding: str = "utf-8") -> bytes:
    name, password = user.name.encode(encoding, errors="replace"), user.password.encode()
    if size == USER_28.size:
        return USER_28.pack(
            user.uid, user.privilege, password[:5], name[:8], user.card, user.group,
            user.time_zones[0], int(user.pin),
        )  # fmt: skip
    return USER_72.pack(
        user.uid, user.privilege, password[:8], name[:24], user.card, user.group,
        *user.time_zones, user.pin.encode()[:24],
    )  # fmt: skip


def unpack_user(raw: bytes, encoding: str = "utf-8") -> User:
    """Return a user of 28 or 72 bytes. Raises struct.error for another length."""
    if len(raw) == USER_28.size:
        uid, privilege, password, name, card, group, zone, pin = USER_28.unpack(raw)
        time_zones = (zone, 0, 0, 0)
        spelt = str(pin)
    else:
        uid, privilege, password, name, card, group, *zones, pin_text = USER_72.unpack(raw)
        time_zones = tuple(zones)
        spelt = text(pin_text)
    return User(
        uid, spelt, text(name, encoding), privilege, text(password), card, group, time_zones
    )


def pack_punches(punches: Iterable[Punch], size: int) -> bytes:
    """Return records of 8, 16, 40 or 49 bytes."""
    if size == PUNCH_8.size:
        return b"".join(PUNCH_8.pack(p.uid, p.verify, p.time, p.state) for p in punches)
    if size == PUNCH_16.size:
        return b"".join(
            PUNCH_16.pack(number(p.pin), p.time, p.verify, p.state, b"", p.work_code)
            for p in punches
        )
    # 49 bytes on newer firmware: the same, and more.
    record = PUNCH_40 if size == PUNCH_40.size else PUNCH_49
    return b"".join(
        record.pack(p.uid, p.pin.encode(), p.verify, p.time, p.state, b"") for p in punches
    )


def pack_operation(operation: Operation) -> bytes:
    objects = [number(value) & 0xFFFF for value in (*operation.objects, "0", "0", "0", "0")[:4]]
    operator = number(operation.operator) & 0xFFFF
    return OPERATION.pack(operator, operation.code, operation.time, *objects)


def pack_template(uid: int, finger: int, valid: int, template: bytes) -> bytes:
    return TEMPLATE_HEAD.pack(len(template) + TEMPLATE_HEAD.size, uid, finger, valid) + template


def unpack_prepared(blob: bytes, encoding: str = "utf-8") -> tuple[User, dict[int, bytes]]:
    """Return the user and the templates by finger of a blob that a client prepared.

    Raises ValueError or struct.error on sizes that do not fit each other.
    """
    user_size, table_size, templates_size = struct.unpack_from("<III", blob)
    if len(blob) != 12 + user_size + table_size + templates_size or user_size not in (29, 73):
        raise ValueError("sizes do not fit")
    user = unpack_user(blob[13 : 12 + user_size], encoding)
    table = blob[12 + user_size :][:table_size]
    templates = blob[12 + user_size + table_size :]
    fingers = {}
    for _, uid, mark, offset in PREPARED_FINGER.iter_unpack(table):
        (size,) = struct.unpack_from("<H", templates, offset)
        template = templates[offset + 2 : offset + 2 + size]
        if uid != user.uid or len(template) != size:
            raise ValueError("a template is cut")
        fingers[mark - 0x10] = template
    return user, fingers
