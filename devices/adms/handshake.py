"""What the server tells a machine that starts: its settings, the hour, and short answers.

Sources: Attendance PUSH 2.4 (section "initialisation", appendix 6), Security PUSH 3.1.2 (7.1, 7.4,
7.5). Every text here is ASCII; whatever a machine announced is echoed only after a check.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from devices.adms.calls import SERIAL, Dialect
from devices.adms.zktime import encode_time

VERSION = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,3}){1,3}", re.ASCII)
SERVER_NAME = "SOPan"
SERVER_VERSION = {Dialect.ATTENDANCE: "2.4.1", Dialect.ACCESS: "3.1.2"}
NOTHING_TO_RESUME, FROM_THE_START = "9999", "0"
# Old firmware reads the short names. A stamp for photos is left out: it would invite them.
STAMPS = ("Stamp", "OpStamp", "ATTLOGStamp", "OPERLOGStamp", "BIODATAStamp", "ERRORLOGStamp")
# At most 90 characters; no faces and no photos: the office keeps what it needs.
TRANSFERRED = ("AttLog", "OpLog", "EnrollUser", "ChgUser", "EnrollFP", "ChgFP")
# By type: general, fingerprint, near infrared face, voice, iris, retina, palm print, finger vein,
# palm vein, visible light face. Without it some machines refuse a finger of algorithm 12 or 13.
FINGERS_ONLY = "0:1:0:0:0:0:0:0:0:0"
NO_PICTURES = "0:0:0:0:0:0:0:0:0:0"
# What a machine posts of itself after the handshake.
WANTED_OPTIONS = (
    "~DeviceName", "~Platform", "FWVersion", "PushVersion", "MAC", "IPAddress", "Language",
    "FPVersion", "~ZKFPVersion", "UserCount", "~MaxUserCount", "FPCount", "~MaxFingerCount",
    "TransactionCount", "~MaxAttLogCount", "MultiBioVersion", "MultiBioDataCount",
    "MaxMultiBioDataCount", "~PIN2Width",
)  # fmt: skip
MAX_POST_SIZE = 1_048_576  # bytes; what a machine may send at once
TIME_OUT = 10  # seconds, 3.x

OK = b"OK"


@dataclass(frozen=True)
class Settings:
    """What one machine is told. `hours_east` of UTC; `delay` and `error_delay` in seconds."""

    serial: str
    hours_east: int
    push_version: str = ""  # as `stored_version` gave it
    delay: int = 30  # between polls
    error_delay: int = 60  # before it calls again after a failure
    dialect: Dialect = Dialect.ATTENDANCE
    from_the_start: bool = False  # ask for everything that the machine holds

    def __post_init__(self) -> None:
        if not SERIAL.fullmatch(self.serial):
            raise ValueError("Nomor seri berisi karakter yang tidak wajar.")
        if self.push_version != stored_version(self.push_version):
            raise ValueError("Versi protokol bukan angka bertitik.")
        if not -12 < self.hours_east < 12:
            raise ValueError("Selisih zona waktu tidak wajar.")


def stored_version(announced: str) -> str:
    """Return an announced protocol version, or "" unless it is a plain dotted number."""
    text = announced.strip(" ")
    return text if len(text) <= 12 and VERSION.fullmatch(text) else ""


def options_reply(settings: Settings) -> bytes:
    """Answer the first request of a machine (GET cdata, options=all), in its dialect."""
    if settings.dialect is Dialect.ACCESS:
        code = f"RegistryCode={_token(settings.serial, 'registry')}"
        return _block(["registry=ok", code, *_access_settings(settings)])
    stamp = FROM_THE_START if settings.from_the_start else NOTHING_TO_RESUME
    lines = [f"GET OPTION FROM: {settings.serial}", *(f"{name}={stamp}" for name in STAMPS)]
    lines += [
        f"ErrorDelay={settings.error_delay}",
        f"Delay={settings.delay}",
        "TransTimes=00:00;14:05",
        "TransInterval=1",
        "TransFlag=TransData " + "\t".join(TRANSFERRED),
        f"TimeZone={settings.hours_east}",
        "Realtime=1",
        "Encrypt=None",
        f"ServerVer={SERVER_VERSION[Dialect.ATTENDANCE]}",
    ]
    if settings.push_version:
        lines.append(f"PushProtVer={settings.push_version}")
    lines += [
        "PushOptionsFlag=1",
        "PushOptions=" + ",".join(WANTED_OPTIONS),
        "SupportPing=1",
        f"MaxPostSize={MAX_POST_SIZE}",
        f"MultiBioDataSupport={FINGERS_ONLY}",
        f"MultiBioPhotoSupport={NO_PICTURES}",
    ]
    return _block(lines)


def registry_reply(settings: Settings) -> bytes:
    """Answer POST registry of a 3.x machine; the same machine gets the same code each time."""
    return f"RegistryCode={_token(settings.serial, 'registry')}".encode()


def push_reply(settings: Settings) -> bytes:
    """Answer POST or GET push of a 3.x machine: its settings."""
    return _block(_access_settings(settings))


def time_reply(*, now: datetime, hours_east: int) -> bytes:
    """Answer GET cdata?type=time: `Time=2026-04-01T07:20:31+08:00`. `now` is aware."""
    local = now.astimezone(UTC) + timedelta(hours=hours_east)
    sign = "-" if hours_east < 0 else "+"
    return f"Time={local:%Y-%m-%dT%H:%M:%S}{sign}{abs(hours_east):02}:00".encode()


def access_time_reply(*, now: datetime, hours_east: int) -> bytes:
    """Answer rtdata?type=time of a 3.x machine: packed time in UTC and the zone. `now` is aware."""
    packed = encode_time(now.astimezone(UTC).replace(tzinfo=None))
    sign = "-" if hours_east < 0 else "+"
    return f"DateTime={packed},ServerTZ={sign}{abs(hours_east):02}00".encode()


def counted_reply(lines: int) -> bytes:
    """Acknowledge a body: every line that is not blank counts, read or not."""
    return f"OK: {lines}".encode()


def _access_settings(settings: Settings) -> list[str]:
    version = settings.push_version or SERVER_VERSION[Dialect.ACCESS]
    return [
        f"ServerVersion={SERVER_VERSION[Dialect.ACCESS]}",
        f"ServerName={SERVER_NAME}",
        f"PushProtVer={version}",
        f"PushVersion={version}",
        f"ErrorDelay={settings.error_delay}",
        f"RequestDelay={settings.delay}",
        "TransTimes=00:00;14:05",
        "TransInterval=1",
        "TransTables=User Transaction",
        "Realtime=1",
        f"SessionID={_token(settings.serial, 'session')}",
        f"TimeoutSec={TIME_OUT}",
        f"MultiBioDataSupport={FINGERS_ONLY}",
        f"MultiBioPhotoSupport={NO_PICTURES}",
    ]


def _token(serial: str, purpose: str) -> str:
    """Return 32 characters that the machine keeps and repeats; they guard nothing."""
    return hashlib.sha256(f"{purpose}:{serial}".encode()).hexdigest()[:32]


def _block(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode("ascii")
