"""What the server tells a machine that starts: its settings, the hour, and short answers.

Sources: Attendance PUSH 2.4 (section "initialisation", appendix 6), Security PUSH 3.1.2 (7.1, 7.4,
7.5). Every text here is ASCII; whatever a machine announced is echoed only after a check.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from devices.adms.calls import SERIAL, Call, Dialect
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
TABLE_NAME = re.compile(r"[A-Za-z0-9_]{1,32}", re.ASCII)

OK = b"OK"


@dataclass(frozen=True)
class Settings:
    """What one machine is told. `hours_east` of UTC; `delay` and `error_delay` in seconds."""

    serial: str
    hours_east: int
    push_version: str = ""  # as `stored_version` gave it
    delay: int = 30  # between polls; documented 2-60
    error_delay: int = 60  # before it calls again after a failure; documented 30-300
    dialect: str = Dialect.ATTENDANCE
    registry_code: str = ""  # of a 3.x machine that has registered; at most 32 characters
    from_the_start: bool = False  # ask for everything that the machine holds

    def __post_init__(self) -> None:
        if not SERIAL.fullmatch(self.serial):
            raise ValueError("Nomor seri berisi karakter yang tidak wajar.")
        if self.push_version != stored_version(self.push_version):
            raise ValueError("Versi protokol bukan angka bertitik.")
        if not -12 < self.hours_east < 12:
            raise ValueError("Selisih zona waktu tidak wajar.")
        if self.registry_code and not SERIAL.fullmatch(self.registry_code):
            raise ValueError("Kode pendaftaran berisi karakter yang tidak wajar.")


def stored_version(announced: str) -> str:
    """Return an announced protocol version, or "" unless it is a plain dotted number."""
    text = announced.strip(" ")
    return text if len(text) <= 12 and VERSION.fullmatch(text) else ""


def options_reply(settings: Settings) -> bytes:
    """Answer the first request of a machine (GET cdata, options=all), in its dialect.

    A 3.x machine without a registry code gets a plain OK: it registers then, and tells what it is.
    """
    if settings.dialect == Dialect.ACCESS:
        if not settings.registry_code:
            return OK
        code = f"RegistryCode={settings.registry_code}"
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


def registry_reply(code: str) -> bytes:
    """Answer POST registry of a 3.x machine; the same machine gets the same code each time."""
    if not re.fullmatch(r"[A-Za-z0-9]{1,32}", code):
        raise ValueError("Kode pendaftaran berisi karakter yang tidak wajar.")
    return f"RegistryCode={code}".encode()


def push_reply(settings: Settings) -> bytes:
    """Answer POST or GET push of a 3.x machine: its settings."""
    return _block(_access_settings(settings))


def time_reply(local: datetime) -> bytes:
    """Answer GET cdata?type=time: `Time=2026-04-01T07:20:31+08:00`; an aware time of its zone."""
    return f"Time={local.replace(microsecond=0).isoformat()}".encode()


def access_time_reply(local: datetime) -> bytes:
    """Answer rtdata?type=time: the time in UTC, packed, and the zone of this aware time."""
    packed = encode_time(local.astimezone(UTC).replace(tzinfo=None))
    return f"DateTime={packed},ServerTZ={local:%z}".encode()


def counted_reply(call: Call, lines: int) -> bytes:
    """Acknowledge a body: every line that is not blank counts, read or not.

    3.x is answered with the name of the table that it sent.
    """
    name = call.query.get("tablename", "")
    if call.table in ("TABLEDATA", "TRANSACTION") and TABLE_NAME.fullmatch(name):
        return f"{name}={lines}".encode()
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
        f"SessionID={_session(settings.serial)}",
        f"TimeoutSec={TIME_OUT}",
        f"MultiBioDataSupport={FINGERS_ONLY}",
        f"MultiBioPhotoSupport={NO_PICTURES}",
    ]


def _session(serial: str) -> str:
    """Return 32 characters that the machine repeats; they guard nothing."""
    return hashlib.sha256(f"session:{serial}".encode()).hexdigest()[:32]


def _block(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode("ascii")
