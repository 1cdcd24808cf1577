"""Punches of the 3.x dialect: events at a door (rtlog) and the stored log (transaction).

Source: Security PUSH 3.1.2, 10.2, 12.1.4.3 and appendix 2.
"""

import re
from datetime import datetime

from devices.adms.fields import integer, is_pin, split_fields
from devices.adms.text import decode, numbered_lines
from devices.adms.zktime import decode_time
from devices.attlog import BadLine, Layout, LogLine, ParsedLog

# The machine knew who stood there: let in by card, finger, password or several of them ...
LET_IN = frozenset({0, 1, 2, 3, 14, 15, 16, 17, 18, 19, 203, 207, 208, 215, 216, 222, 232, 4001})
# ... under duress ...
UNDER_DURESS = frozenset({101, 103})
# ... or known, and the door stayed shut: too soon after the last time, outside its hours, no right
# to it, somebody else must come as well, locked. Attendance asks who was there, not what opened.
KEPT_OUT = frozenset({20, 21, 22, 23, 24, 25, 26, 31, 32, 35, 49, 50, 51, 61, 63, 68, 69})
PUNCH_EVENTS = LET_IN | UNDER_DURESS | KEPT_OUT
TIME = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})[ T](\d{1,2}):(\d{1,2}):(\d{1,2})", re.ASCII)
FIRST_YEAR = 1970


def read_rtlog(body: bytes) -> ParsedLog:
    """Return the punches of a body; an event that is nobody's punch stays raw with its reason.

    Never raises.
    """
    text, encoding = decode(body)
    read = [_read_line(number, raw) for number, raw in numbered_lines(text)]
    return ParsedLog(
        layout=Layout.ADMS,
        encoding=encoding,
        lines=tuple(line for line in read if isinstance(line, LogLine)),
        bad=tuple(line for line in read if isinstance(line, BadLine)),
    )


def _read_line(number: int, raw: str) -> LogLine | BadLine:
    fields = split_fields(re.sub(r"^\s*transaction\s+", "", raw, flags=re.IGNORECASE))
    pin, event = fields.get("pin", ""), _either(fields, "event", "eventtype")
    local = _local(fields)
    if pin in ("", "0"):
        return BadLine(number, raw, "kejadian pintu tanpa pegawai")
    if not is_pin(pin):
        return BadLine(number, raw, "PIN tidak wajar")
    if local is None:
        return BadLine(number, raw, "waktu tidak terbaca")
    if event not in PUNCH_EVENTS:
        return BadLine(number, raw, "kejadian pintu, bukan absen")
    state = _either(fields, "inoutstatus", "inoutstate")
    return LogLine(number, raw, pin, local, state, _either(fields, "verifytype", "verified"), "")


def _either(fields: dict[str, str], *names: str) -> int | None:
    """Return the first of these that is a number of at most four digits."""
    for name in names:
        number = integer(fields.get(name, ""))
        if number is not None and abs(number) <= 9999:
            return number
    return None


def _local(fields: dict[str, str]) -> datetime | None:
    packed = integer_of_time(fields.get("time_second", ""))
    match = TIME.fullmatch(fields.get("time", ""))
    try:
        if match:
            year, month, day, hour, minute, second = (int(part) for part in match.groups())
            local = datetime(year, month, day, hour, minute, second)
        elif packed is not None:
            local = decode_time(packed)
        else:
            return None
    except ValueError:
        return None
    return local if local.year >= FIRST_YEAR else None


def integer_of_time(text: str) -> int | None:
    """Return a packed time, which has up to ten digits."""
    return int(text) if re.fullmatch(r"[0-9]{1,10}", text) else None
