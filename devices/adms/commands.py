"""What a machine is told to do, as text, in both dialects; and as many as fit one reply.

Sources: Attendance PUSH 2.4, section 10; Security PUSH 3.1.2, section 12. What destroys a machine's
content or runs programs on it does not exist here, and `bundle` lets nothing else through.
"""

import base64
import re
from collections.abc import Sequence
from datetime import datetime

from devices.adms.calls import Dialect
from devices.adms.fields import is_secret
from devices.adms.tables import DURESS, FINGERPRINT
from devices.adms.zktime import encode_time

MOST, LARGEST = 50, 40_000  # commands and bytes of one reply
NAME_BYTES = 24
PIN = re.compile(r"[A-Za-z0-9_-]{1,24}", re.ASCII)
KEY = re.compile(r"~?[A-Za-z][A-Za-z0-9_]{0,39}", re.ASCII)
UNWRITABLE = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
REBOOTS = frozenset({"REBOOT", "CONTROL DEVICE 03000000"})
TABLES = r"(?:USERINFO|FINGERTMP|BIODATA|user|templatev10|biodata)"
ALLOWED = re.compile(
    rf"DATA UPDATE {TABLES} (?i:PIN)=.*|DATA DELETE {TABLES} (?i:PIN)=[A-Za-z0-9_-]+(?:\t.*)?"
    r"|DATA QUERY \S.*|VERIFY SUM ATTLOG .*|SET OPTIONS? (?P<option>\S+?)=[^,]*|GET OPTIONS \S+"
    r"|ENROLL_(?:FP|BIO) \S.*|CHECK|LOG|INFO|REBOOT|CONTROL DEVICE 03000000",
    re.ASCII,
)
ASKED_OPTIONS = (
    "FirmVer", "IPAddress", "~ZKFPVersion", "~MaxUserCount", "~MaxAttLogCount", "~MaxFingerCount",
)  # fmt: skip
BIODATA_FROM = 12  # algorithms from which on fingers travel as BIODATA only
DEFAULT = Dialect.ATTENDANCE


def put_user(
    pin: str,
    name: str,
    *,
    privilege: int | None = None,
    card: str = "",
    group: str = "",
    dialect: str = DEFAULT,
) -> str:
    """Put a user on a machine, or change him. Only what is given is sent: an empty field wipes.

    A name is cut to 24 bytes at a whole character, as a machine would cut it anywhere.
    """
    short = name.encode()[:NAME_BYTES].decode(errors="ignore")
    _check(name)
    if dialect == Dialect.ACCESS:
        extra = {"Privilege": privilege, "CardNo": card, "Group": group}
        return "DATA UPDATE user " + _fields(Pin=_pin(pin), Name=short, **_given(extra))
    extra = {"Pri": privilege, "Card": card, "Grp": group}
    return "DATA UPDATE USERINFO " + _fields(PIN=_pin(pin), Name=short, **_given(extra))


def delete_user(pin: str, *, dialect: str = DEFAULT) -> str:
    """Remove a user; his fingers go with him."""
    if dialect == Dialect.ACCESS:
        return f"DATA DELETE user Pin={_pin(pin)}"
    return f"DATA DELETE USERINFO PIN={_pin(pin)}"


def put_finger(pin: str, finger: int, valid: int, data: bytes, *, dialect: str = DEFAULT) -> str:
    """Put a finger of ZKFinger 10 or older on a machine; the user must be there before."""
    text = _template(data)
    if dialect == Dialect.ACCESS:
        return "DATA UPDATE templatev10 " + _fields(
            Pin=_pin(pin), FingerID=_finger(finger), Size=len(text), Valid=valid, Template=text
        )
    return "DATA UPDATE FINGERTMP " + _fields(
        PIN=_pin(pin), FID=_finger(finger), Size=len(text), Valid=valid, TMP=text
    )


def put_biodata(
    pin: str, finger: int, data: bytes, *, valid: int, algorithm: int, dialect: str = DEFAULT
) -> str:
    """Put a finger of algorithm 12 or 13 on a machine: the form for all kinds of biometry."""
    return f"DATA UPDATE {_biodata(dialect)} " + _fields(
        Pin=_pin(pin), No=_finger(finger), Index=0, Valid=1, Duress=int(valid == DURESS),
        Type=FINGERPRINT, MajorVer=algorithm, MinorVer=0, Format=0, Tmp=_template(data),
    )  # fmt: skip


def delete_finger(
    pin: str, finger: int | None = None, *, algorithm: int = 10, dialect: str = DEFAULT
) -> str:
    """Remove a finger, or all fingers of a user, in the form that this algorithm goes by."""
    if algorithm >= BIODATA_FROM:
        which = {} if finger is None else {"No": _finger(finger)}
        values = _fields(Pin=_pin(pin), Type=FINGERPRINT, **which)
        return f"DATA DELETE {_biodata(dialect)} {values}"
    if dialect == Dialect.ACCESS:
        which = {} if finger is None else {"FingerID": _finger(finger)}
        return "DATA DELETE templatev10 " + _fields(Pin=_pin(pin), **which)
    which = {} if finger is None else {"FID": _finger(finger)}
    return "DATA DELETE FINGERTMP " + _fields(PIN=_pin(pin), **which)


def query_users(pin: str = "", *, dialect: str = DEFAULT) -> str:
    """Ask for a user or for all; they come as a table of their own."""
    if dialect == Dialect.ACCESS:
        return _query("user", f"Pin={_pin(pin)}" if pin else "*")
    return "DATA QUERY USERINFO" + (f" PIN={_pin(pin)}" if pin else "")


def query_fingers(
    pin: str, finger: int | None = None, *, algorithm: int = 10, dialect: str = DEFAULT
) -> str:
    """Ask for the fingers of a user, in the form that this algorithm goes by."""
    access = dialect == Dialect.ACCESS
    if algorithm >= BIODATA_FROM:
        which = {} if finger is None else {"No": _finger(finger)}
        condition = _fields(Type=FINGERPRINT, Pin=_pin(pin), **which)
        return _query("biodata", condition) if access else f"DATA QUERY BIODATA {condition}"
    if access:
        which = {} if finger is None else {"FingerID": _finger(finger)}
        return _query("templatev10", _fields(Pin=_pin(pin), **which))
    which = {} if finger is None else {"FID": _finger(finger)}
    return "DATA QUERY FINGERTMP " + _fields(PIN=_pin(pin), **which)


def query_punches(start: datetime, end: datetime, *, dialect: str = DEFAULT) -> str:
    """Ask for the log between two times of the machine's wall clock (naive), both included.

    Of the 3.x machines only some read the times.
    """
    if dialect == Dialect.ACCESS:
        return _query("transaction", f"starttime={_time(start)}\tendtime={_time(end)}")
    return f"DATA QUERY ATTLOG StartTime={_time(start)}\tEndTime={_time(end)}"


def sum_punches(start: datetime, end: datetime) -> str:
    """Ask how many punches a machine holds between two naive times (AttlogSum); 2.x only."""
    return f"VERIFY SUM ATTLOG StartTime={_time(start)}\tEndTime={_time(end)}"


def enrol_finger(
    pin: str, finger: int, *, tries: int = 3, overwrite: bool = False, dialect: str = DEFAULT
) -> str:
    """Let a machine record a finger and send it; the person must stand there."""
    again = int(overwrite)
    if dialect == Dialect.ACCESS:
        return "ENROLL_BIO " + _fields(
            TYPE=FINGERPRINT, NO=_finger(finger), PIN=_pin(pin), RETRY=tries, OVERWRITE=again,
            MODE=1,
        )  # fmt: skip
    return "ENROLL_FP " + _fields(PIN=_pin(pin), FID=_finger(finger), RETRY=tries, OVERWRITE=again)


def check(*, dialect: str = DEFAULT) -> str:
    """Let a machine read its settings again; with stamps 0 it sends everything again.

    Raises ValueError for 3.x, which has no such command.
    """
    if dialect == Dialect.ACCESS:
        raise ValueError("Ragam A&C tidak mengenal perintah ini; nyalakan ulang mesinnya.")
    return "CHECK"


def send_new(*, dialect: str = DEFAULT) -> str:
    """Let a machine send what is new, now."""
    return _query("transaction", "NewRecord") if dialect == Dialect.ACCESS else "LOG"


def info(*, dialect: str = DEFAULT) -> str:
    """Ask a machine for its figures."""
    if dialect == Dialect.ACCESS:
        return "GET OPTIONS " + ",".join(ASKED_OPTIONS)
    return "INFO"


def set_time(local: datetime, *, dialect: str = DEFAULT) -> str:
    """Set the clock; `local` is the naive time in the machine's zone at the moment of sending."""
    if dialect == Dialect.ACCESS:
        return f"SET OPTIONS DateTime={encode_time(local)}"
    return f"SET OPTIONS DateTime={_time(local)}"


def set_option(key: str, value: str, *, dialect: str = DEFAULT) -> str:
    """Set one option, no password. A value with a comma would be read as two."""
    if not KEY.fullmatch(key) or is_secret(key) or "," in value:
        raise ValueError("Nama atau nilai pengaturan berisi karakter yang tidak wajar.")
    verb = "SET OPTIONS" if dialect == Dialect.ACCESS else "SET OPTION"
    return f"{verb} {key}={_check(value)}"


def reboot(*, dialect: str = DEFAULT) -> str:
    """Restart a machine; `bundle` sends it after everything else."""
    return "CONTROL DEVICE 03000000" if dialect == Dialect.ACCESS else "REBOOT"


def bundle(
    commands: Sequence[tuple[int, str]],
    *,
    most: int = MOST,
    largest: int = LARGEST,
) -> tuple[bytes, list[int]]:
    """Return a reply body of numbered commands and the ids that went into it, in order.

    At most `most` commands and `largest` bytes; the first goes even when it alone is larger. A
    reboot goes last, and only when everything else has gone. Raises ValueError for a text that is
    no command of ours.
    """
    ordered = sorted(commands, key=lambda command: command[1] in REBOOTS)
    body, ids = bytearray(), list[int]()
    for number, text in ordered[:most]:
        line = _line(number, text).encode()
        if ids and len(body) + len(line) > largest:
            break
        body += line
        ids.append(number)
    return bytes(body), ids


def _line(number: int, text: str) -> str:
    if not 0 < number < 10**16:
        raise ValueError("Nomor perintah tidak wajar.")
    allowed = ALLOWED.fullmatch(text)
    writable = not UNWRITABLE.search(text.replace("\t", ""))
    if not allowed or not writable or is_secret(allowed["option"] or ""):
        raise ValueError(f"Perintah {number} bukan perintah yang dikenal.")
    return f"C:{number}:{text}\n"


def _given(extra: dict[str, int | str | None]) -> dict[str, int | str]:
    return {key: value for key, value in extra.items() if value is not None and value != ""}


def _fields(**values: int | str) -> str:
    return "\t".join(f"{key}={_check(str(value))}" for key, value in values.items())


def _check(value: str) -> str:
    if UNWRITABLE.search(value):
        raise ValueError("Nilai berisi TAB, ganti baris atau karakter kendali.")
    return value


def _pin(pin: str) -> str:
    if not PIN.fullmatch(pin):
        raise ValueError("PIN berisi karakter yang tidak wajar.")
    return pin


def _finger(finger: int) -> int:
    if not 0 <= finger <= 9:
        raise ValueError("Nomor jari di luar 0-9.")
    return finger


def _template(data: bytes) -> str:
    if not data:
        raise ValueError("Sidik jari kosong.")
    return base64.b64encode(data).decode()


def _biodata(dialect: str) -> str:
    return "biodata" if dialect == Dialect.ACCESS else "BIODATA"


def _query(table: str, condition: str) -> str:
    return f"DATA QUERY tablename={table},fielddesc=*,filter={condition}"


def _time(local: datetime) -> str:
    if local.tzinfo is not None:
        raise ValueError("Jam mesin tidak membawa zona waktu.")
    return f"{local:%Y-%m-%d %H:%M:%S}"
