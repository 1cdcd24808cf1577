"""What the server's handshake tells a terminal to do (section 1.3 of the facts)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from email.utils import parsedate_to_datetime

# Format 1 of TransFlag: one digit per table, in this order.
FLAGS = (
    *("attlog", "oplog", "attphoto", "enrollfp", "enrolluser", "fpimag", "chguser", "chgfp"),
    *("face", "userpic", "workcode", "biophoto"),
)
OFFSET = re.compile(r"([+-])(\d{1,2}):(\d{2})")


class NotUnderstood(ValueError):
    """The server's reply to the handshake is not one that a terminal would take."""


@dataclass(frozen=True)
class Settings:
    delay: float = 30
    error_delay: float = 30
    realtime: bool = True
    trans_interval: int = 0  # minutes
    trans_times: tuple[time, ...] = ()
    wanted: frozenset[str] = frozenset(FLAGS)  # what TransFlag asks for
    zone: timedelta | None = None
    push_options: tuple[str, ...] | None = None  # None: not asked for; empty: all of them
    stamps: Mapping[str, str] = field(default_factory=dict)
    multi_bio: bool = False

    def asks_again(self, table: str) -> bool:
        """Return whether the server wants a table from its beginning: its stamp is 0."""
        names = {"ATTLOG": ("ATTLOGStamp", "Stamp"), "OPERLOG": ("OPERLOGStamp", "OpStamp")}
        return any(self.stamps.get(name) == "0" for name in names[table])

    def local_time(self, date_header: str) -> datetime | None:
        """Return what the clock must show: the reply's Date (GMT) in the TimeZone it names."""
        if self.zone is None or not date_header:
            return None
        try:
            moment = parsedate_to_datetime(date_header)
        except ValueError:
            return None
        return moment.replace(tzinfo=None) + self.zone


def read_settings(text: str, serial: str) -> Settings:
    """Read the reply to `options=all`; its first line must name this terminal."""
    first, *lines = text.replace("\r\n", "\n").split("\n")
    if first.strip() != f"GET OPTION FROM: {serial}":
        raise NotUnderstood(first[:60])
    return settings_of(_pairs(lines))


def read_configuration(text: str) -> Settings:
    """Read the reply to a push of the A&C dialect; its poll interval is called RequestDelay."""
    return settings_of(_pairs(text.replace("\r\n", "\n").split("\n")))


def settings_of(values: Mapping[str, str]) -> Settings:
    asked = values.get("PushOptionsFlag", "0") == "1"
    options = values.get("PushOptions", "")
    return Settings(
        delay=_seconds(values.get("RequestDelay") or values.get("Delay"), 30),
        error_delay=_seconds(values.get("ErrorDelay"), 30),
        realtime=values.get("Realtime", "1") == "1",
        trans_interval=int(_seconds(values.get("TransInterval"), 0)),
        trans_times=_times(values.get("TransTimes", "")),
        wanted=_wanted(values.get("TransFlag", "")),
        zone=_zone(values.get("TimeZone", "")),
        push_options=tuple(filter(None, options.split(","))) if asked else None,
        stamps={name: value for name, value in values.items() if name.endswith("Stamp")},
        multi_bio="MultiBioDataSupport" in values,
    )


def _pairs(lines: list[str]) -> dict[str, str]:
    return {k.strip(): v.strip() for k, found, v in (x.partition("=") for x in lines) if found}


def _seconds(value: str | None, otherwise: float) -> float:
    return float(value) if value and value.isdigit() else otherwise


def _times(value: str) -> tuple[time, ...]:
    found = re.findall(r"(\d{1,2}):(\d{2})", value)
    return tuple(time(int(hour) % 24, int(minute) % 60) for hour, minute in found)


def _wanted(value: str) -> frozenset[str]:
    if not value:
        return frozenset(FLAGS)
    if value.startswith("TransData"):
        return frozenset(name.lower() for name in value.split()[1:])
    return frozenset(name for name, digit in zip(FLAGS, value, strict=False) if digit == "1")


def _zone(value: str) -> timedelta | None:
    """Hours (7), minutes (330) or +07:00; anything else, as a zone's name, is not understood."""
    if match := OFFSET.fullmatch(value):
        sign = -1 if match[1] == "-" else 1
        return sign * timedelta(hours=int(match[2]), minutes=int(match[3]))
    try:
        number = float(value)
    except ValueError:
        return None
    return timedelta(minutes=number) if abs(number) > 60 else timedelta(hours=number)
