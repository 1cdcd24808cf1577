"""Tables that machines post: the log of the menu, users, fingers, errors. Both dialects.

One body mixes lines of several tags (OPERLOG), or all its lines are of one table (BIODATA,
USERINFO, TABLEDATA, ERRORLOG). Passwords never leave this module; pictures and faces are not read.
Sources: Attendance PUSH 2.4, section 9; Security PUSH 3.1.2, 10.5-10.12.
"""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from devices.adms.fields import integer, is_pin, printable, split_fields
from devices.adms.text import decode, numbered_lines

FINGERPRINT = 1  # type of biometry
DURESS = 3  # the value of Valid that marks a finger that calls for help
DURESS_SHIFT = 16  # 3.x adds it to the number of such a finger
ZK_FORMAT = 0  # other formats (ISO, ANSI) fit no machine of ours
MAX_TEMPLATE = 16_384  # bytes; real ones have 2,000 at most
ZKFINGER_10, ZKFINGER_9 = b"SS21", b"\xa1\xca"
MAX_NAME, MAX_OBJECTS = 150, 4
LOCAL = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})[ T](\d{1,2}):(\d{1,2}):(\d{1,2})", re.ASCII)
PACKED_CARD = re.compile(r"\[((?:[0-9A-Fa-f]{2}){1,8})\]", re.ASCII)
TAG = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]{0,15})[ \t]+(?=\S)(.*)", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Operation:
    """Something done at the machine's menu; `local` is the machine's wall clock."""

    code: int
    operator: str  # PIN of whoever stood there, "0" for nobody
    local: datetime
    objects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class User:
    pin: str
    name: str
    privilege: int | None  # 0 user, 2 enroller, 6 manager, 14 super admin
    card: str


@dataclass(frozen=True, slots=True)
class Finger:
    """A finger as a machine told it. The bytes never show up in a repr."""

    pin: str
    finger: int  # 0-4 left little to thumb, 5-9 right thumb to little
    valid: int  # 1, or 3 for a duress finger
    data: bytes = field(repr=False)
    algorithm: int | None  # 9, 10, 12, 13; None where neither line nor bytes tell
    duress: bool


@dataclass(frozen=True, slots=True)
class MachineError:
    """A line of the machine's own log of faults."""

    code: str
    message: str
    command: int | None  # the command it was about


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that is kept raw only; `reason` is for people and holds nothing of its content."""

    number: int
    reason: str


Row = Operation | User | Finger | MachineError


@dataclass(frozen=True, slots=True)
class Tables:
    operations: tuple[Operation, ...] = ()
    users: tuple[User, ...] = ()
    fingers: tuple[Finger, ...] = ()
    errors: tuple[MachineError, ...] = ()
    unread: tuple[Unread, ...] = ()
    total: int = 0  # lines that are not blank


class _Unreadable(ValueError):
    """Why a line is not read, in words without its content."""


def read_tables(table: str, body: bytes) -> Tables:
    """Return what a body tells; a line that is not understood is counted and named with a reason.

    `table` is what the request named; it decides where lines carry no tag. Never raises.
    """
    operations, users, fingers = list[Operation](), list[User](), list[Finger]()
    errors, unread = list[MachineError](), list[Unread]()
    total = 0
    for number, line in numbered_lines(decode(body)[0]):
        total += 1
        try:
            match _read_line(table, line):
                case Operation() as row:
                    operations.append(row)
                case User() as row:
                    users.append(row)
                case Finger() as row:
                    fingers.append(row)
                case MachineError() as row:
                    errors.append(row)
        except _Unreadable as error:
            unread.append(Unread(number, str(error)))
    return Tables(
        tuple(operations), tuple(users), tuple(fingers), tuple(errors), tuple(unread), total
    )


def _read_line(table: str, line: str) -> Row:
    match = TAG.fullmatch(line)
    tag, rest = (match.group(1).upper(), match.group(2)) if match else (table.upper(), line)
    if tag in NOT_READ:
        raise _Unreadable(f"{tag}: {NOT_READ[tag]}")
    if read := READERS.get(tag):
        return read(rest)
    # The first word is named only where fields follow: a sentence may begin with somebody's name.
    named = match and ("=" in rest or "\t" in rest)
    raise _Unreadable(f"{tag if named else 'baris tanpa nama'}: tidak dikenal")


def _operation(rest: str) -> Operation:
    columns = [column.strip() for column in rest.split("\t")]
    code = integer(columns[0])
    if len(columns) < 3 or code is None or not 0 <= code <= 32767:
        raise _Unreadable("OPLOG: kolom kurang atau kode bukan angka")
    operator = columns[1]
    if operator and not is_pin(operator):
        raise _Unreadable("OPLOG: PIN petugas tidak wajar")
    objects = tuple(printable(column, 19) for column in columns[3 : 3 + MAX_OBJECTS])
    return Operation(code, operator, _local(columns[2]), objects)


def _user(rest: str) -> User:
    fields = split_fields(rest)
    name = printable(fields.get("name", ""), MAX_NAME)
    privilege = integer(fields.get("pri", fields.get("privilege", "")))
    card = _card(fields.get("card", fields.get("cardno", "")))
    return User(_pin("USER", fields), name, privilege, card)


def _card(text: str) -> str:
    """Return a card's number in decimal; "[15CD5B07]" holds its bytes, the lowest first."""
    if match := PACKED_CARD.fullmatch(text):
        text = str(int.from_bytes(bytes.fromhex(match.group(1)), "little"))
    return printable(text, 24) if text.strip("0") else ""


def _finger(rest: str) -> Finger:
    fields = split_fields(rest)
    pin = _pin("FP", fields)
    finger = _number("FP", fields, "fid", "fingerid")
    valid = _number("FP", fields, "valid")
    if DURESS_SHIFT <= finger <= DURESS_SHIFT + 9:
        finger, valid = finger - DURESS_SHIFT, DURESS
    _check_finger("FP", finger, valid)
    data = _template("FP", fields)
    return Finger(pin, finger, valid, data, algorithm_of(data), valid == DURESS)


def _biodata(rest: str) -> Finger:
    fields = split_fields(rest)
    if integer(fields.get("type", "")) != FINGERPRINT:
        raise _Unreadable("BIODATA: bukan sidik jari, tidak dibaca")
    pin = _pin("BIODATA", fields)
    if integer(fields.get("format", "0")) != ZK_FORMAT:
        raise _Unreadable("BIODATA: susunan data bukan milik mesin (ISO/ANSI)")
    if integer(fields.get("index", "0")) != 0:
        raise _Unreadable("BIODATA: rekaman kedua dari jari yang sama")
    finger, valid = _number("BIODATA", fields, "no"), integer(fields.get("valid", "1")) or 0
    duress = valid == DURESS or integer(fields.get("duress", "0")) == 1
    _check_finger("BIODATA", finger, valid)
    algorithm = integer(fields.get("majorver", fields.get("major_ver", "")))
    data = _template("BIODATA", fields)
    return Finger(pin, finger, DURESS if duress else valid, data, algorithm, duress)


def _error(rest: str) -> MachineError:
    fields = split_fields(rest)
    if "errcode" not in fields:
        raise _Unreadable("ERRORLOG: tanpa kode")
    code, message = printable(fields["errcode"], 20), printable(fields.get("errmsg", ""), 200)
    return MachineError(code, message, integer(fields.get("cmdid", "")) or None)


def algorithm_of(data: bytes) -> int | None:
    """Return the version of ZKFinger that a template shows by its first bytes: 9, 10 or None."""
    if data[2:6] == ZKFINGER_10:
        return 10
    return 9 if data.startswith(ZKFINGER_9) else None


def _pin(tag: str, fields: dict[str, str]) -> str:
    pin = fields.get("pin", "")
    if not is_pin(pin):
        raise _Unreadable(f"{tag}: PIN kosong atau tidak wajar")
    return pin


def _number(tag: str, fields: dict[str, str], *names: str) -> int:
    for name in names:
        number = integer(fields.get(name, ""))
        if number is not None:
            return number
    raise _Unreadable(f"{tag}: {names[0]} bukan angka")


def _check_finger(tag: str, finger: int, valid: int) -> None:
    if not 0 <= finger <= 9:
        raise _Unreadable(f"{tag}: nomor jari di luar 0-9")
    if valid not in (1, DURESS):
        raise _Unreadable(f"{tag}: mesin menandainya tidak sah")


def _template(tag: str, fields: dict[str, str]) -> bytes:
    """Return the bytes of a template; Size, where told, must be the length in base64 or decoded."""
    text = fields.get("tmp") or fields.get("template") or ""
    if len(text) > MAX_TEMPLATE * 4 // 3:
        raise _Unreadable(f"{tag}: isi terlalu besar untuk sidik jari")
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise _Unreadable(f"{tag}: isi sidik jari terpotong atau rusak") from None
    size = fields.get("size", "")
    if not data or (size and integer(size) not in (len(text), len(data))):
        raise _Unreadable(f"{tag}: panjang sidik jari tidak cocok")
    return data


def _local(text: str) -> datetime:
    match = LOCAL.fullmatch(text)
    try:
        parts = [int(part) for part in match.groups()] if match else []
        year, month, day, hour, minute, second = parts
        return datetime(year, month, day, hour, minute, second)
    except ValueError:
        raise _Unreadable("OPLOG: waktu tidak terbaca") from None


READERS: dict[str, Callable[[str], Row]] = {
    "OPLOG": _operation,
    "USER": _user,
    "USERINFO": _user,
    "FP": _finger,
    "FINGERTMP": _finger,
    "TEMPLATEV10": _finger,
    "BIODATA": _biodata,
    "ERRORLOG": _error,
}
PICTURE, FACE = "gambar, tidak dibaca", "bukan sidik jari, tidak dibaca"
NOT_READ = {
    "FACE": FACE,
    "FACEV7": FACE,
    "FVEIN": FACE,
    "FVTEMPLATE": FACE,
    "PVTEMPLATE": FACE,
    "USERPIC": PICTURE,
    "BIOPHOTO": PICTURE,
    "ATTPHOTO": PICTURE,
    "IDCARD": "kartu tanda penduduk, tidak dibaca",
    "IDENTITYCARD": "kartu tanda penduduk, tidak dibaca",
    "WORKCODE": "kode pekerjaan, tidak dibaca",
    "EXTUSER": "tidak dibaca",
    "USERAUTHORIZE": "hak pintu, tidak dibaca",
    "MULCARDUSER": "kartu tambahan, tidak dibaca",
}
