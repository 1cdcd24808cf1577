"""How a machine packs users, punches and templates (protocol 4370, little endian)."""

import struct
from dataclasses import dataclass
from datetime import datetime

USER_72 = struct.Struct("<HB8s24sIB7sx24s")
USER_28 = struct.Struct("<HB5s8sIxBHI")
PUNCH_8 = struct.Struct("<HBIB")
PUNCH_16 = struct.Struct("<IIBB2sI")
PUNCH_40 = struct.Struct("<H24sBIB8s")
PREPARED_FINGER = struct.Struct("<bHbI")
TEMPLATE_HEAD = struct.Struct("<HHbb")


@dataclass
class User:
    uid: int
    pin: str
    name: str
    privilege: int = 0
    password: str = ""
    card: int = 0


@dataclass
class Punch:
    uid: int
    pin: str
    time: int  # as the machine counts, see encode_time
    verify: int = 1
    state: int = 0
    work_code: int = 0


def encode_time(moment: datetime) -> int:
    days = (moment.year % 100) * 372 + (moment.month - 1) * 31 + moment.day - 1
    return days * 86400 + moment.hour * 3600 + moment.minute * 60 + moment.second


def decode_time(value: int) -> datetime:
    days, seconds = divmod(value, 86400)
    months, day = divmod(days, 31)
    years, month = divmod(months, 12)
    hour, rest = divmod(seconds, 3600)
    return datetime(2000 + years, month + 1, day + 1, hour, *divmod(rest, 60))


def text(raw: bytes) -> str:
    return raw.split(b"\0")[0].decode("utf-8", errors="ignore")


def with_size(body: bytes) -> bytes:
    """Return a table as it is sent: its size first."""
    return struct.pack("<I", len(body)) + body


def pack_user(user: User, size: int) -> bytes:
    name, password = user.name.encode(), user.password.encode()
    if size == 28:
        return USER_28.pack(
            user.uid, user.privilege, password[:5], name[:8], user.card, 0, 0, int(user.pin)
        )
    pin = user.pin.encode()
    return USER_72.pack(
        user.uid, user.privilege, password[:8], name[:24], user.card, 1, b"", pin[:24]
    )


def unpack_user(raw: bytes) -> User:
    if len(raw) == 28:
        uid, privilege, password, name, card, _, _, pin = USER_28.unpack(raw)
        return User(uid, str(pin), text(name), privilege, text(password), card)
    uid, privilege, password, name, card, _, _, pin_text = USER_72.unpack(raw)
    return User(uid, text(pin_text), text(name), privilege, text(password), card)


def pack_punch(punch: Punch, size: int) -> bytes:
    if size == 8:
        return PUNCH_8.pack(punch.uid, punch.verify, punch.time, punch.state)
    if size == 16:
        values = (int(punch.pin), punch.time, punch.verify, punch.state, b"", punch.work_code)
        return PUNCH_16.pack(*values)
    pin = punch.pin.encode()
    first = PUNCH_40.pack(punch.uid, pin, punch.verify, punch.time, punch.state, b"")
    return first.ljust(size, b"\0")  # 49 bytes on newer firmware: the same, and more


def pack_template(uid: int, finger: int, valid: int, template: bytes) -> bytes:
    return TEMPLATE_HEAD.pack(len(template) + TEMPLATE_HEAD.size, uid, finger, valid) + template


def unpack_prepared(blob: bytes) -> tuple[User, dict[int, bytes]]:
    """Return the user and the templates by finger of a blob that a client prepared.

    Raises ValueError or struct.error on sizes that do not fit each other.
    """
    user_size, table_size, templates_size = struct.unpack_from("<III", blob)
    if len(blob) != 12 + user_size + table_size + templates_size or user_size not in (29, 73):
        raise ValueError("sizes do not fit")
    user = unpack_user(blob[13 : 12 + user_size])
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
