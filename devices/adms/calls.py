"""What a machine asks for: the path, the serial number and the table of a request."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import unquote_to_bytes

from devices.adms.text import decode

MAX_PARAMETERS = 64
# A serial stands in addresses, headers and file names.
SERIAL = re.compile(r"[A-Za-z0-9_-]{1,64}")
TABLE = re.compile(r"[A-Z0-9_]{1,16}")
# Some firmware writes the folder twice, some appends .aspx, some spells in its own case.
PATH = re.compile(r"(?:/+iclock)+/+([a-z]+)(?:\.aspx)?/?", re.IGNORECASE | re.ASCII)
UNNAMED_TABLE = "UNKNOWN"


class Dialect(StrEnum):
    """What a machine speaks; it says so only when it starts."""

    ATTENDANCE = "att"  # T&A PUSH 2.x
    ACCESS = "acc"  # A&C PUSH 3.x


class Endpoint(StrEnum):
    CDATA = "cdata"  # GET: handshake, time; POST: tables
    GETREQUEST = "getrequest"  # the poll: commands go out
    DEVICECMD = "devicecmd"  # results of commands
    PING = "ping"
    FDATA = "fdata"  # pictures
    EXCHANGE = "exchange"  # keys for encryption, which this server never asks for
    REGISTRY = "registry"  # 3.x
    PUSH = "push"  # 3.x
    QUERYDATA = "querydata"  # 3.x: answers to queries
    RTDATA = "rtdata"  # 3.x: time


METHODS = {
    Endpoint.CDATA: ("GET", "POST"),
    Endpoint.GETREQUEST: ("GET", "POST"),
    Endpoint.DEVICECMD: ("POST",),
    Endpoint.PING: ("GET", "POST"),
    Endpoint.FDATA: ("POST",),
    Endpoint.EXCHANGE: ("GET", "POST"),
    Endpoint.REGISTRY: ("GET", "POST"),
    Endpoint.PUSH: ("GET", "POST"),
    Endpoint.QUERYDATA: ("POST",),
    Endpoint.RTDATA: ("GET", "POST"),
}
PUNCH_TABLES = frozenset({"ATTLOG", "RTLOG", "TRANSACTION"})


class BadCall(ValueError):
    """A request that no machine of ours makes; `reason` is a sentence for the person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnknownPath(BadCall):
    """Nothing is served there: another firmware, or no machine at all."""


class WrongMethod(BadCall):
    """The path exists, the verb does not fit it."""


class BadSerial(BadCall):
    """No serial number, or one with characters that no machine has."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request, read. `query` has keys in lower case and decoded values; it may hold a secret.

    `table` is upper case, "" if none was named, UNKNOWN if the name is no plain word. What 3.x
    names in two parameters is one here: TRANSACTION for punches, TABLEDATA for other rows.
    """

    method: str
    endpoint: Endpoint
    serial: str
    table: str
    query: Mapping[str, str] = field(repr=False)


def read_call(method: str, path: str, query: bytes) -> Call:
    """Return what a request asks for.

    Raises UnknownPath, WrongMethod or BadSerial (all BadCall).
    """
    endpoint = _endpoint(path)
    method = method.upper()
    if method not in METHODS[endpoint]:
        raise WrongMethod(f"Metode {method[:10]!a} tidak berlaku untuk alamat ini.")
    values = _parameters(query)
    return Call(method, endpoint, _serial(values), _table(method, endpoint, values), values)


def announced_dialect(call: Call) -> Dialect | None:
    """Return the dialect that a request gives away, or None when it does not."""
    if call.endpoint in (Endpoint.REGISTRY, Endpoint.PUSH, Endpoint.RTDATA, Endpoint.QUERYDATA):
        return Dialect.ACCESS
    named = call.query.get("devicetype", "").strip().lower()
    if named in (Dialect.ACCESS, Dialect.ATTENDANCE):
        return Dialect(named)
    version = call.query.get("pushver", "").strip()
    if not version:
        return None
    return Dialect.ACCESS if version.startswith("3.") else Dialect.ATTENDANCE


def _endpoint(path: str) -> Endpoint:
    match = PATH.fullmatch(path)
    name = match.group(1).lower() if match else ""
    try:
        return Endpoint(name)
    except ValueError:
        raise UnknownPath("Alamat ini tidak dikenal.") from None


def _parameters(query: bytes) -> dict[str, str]:
    """Return the first value of each parameter; a serial that is given twice must be the same."""
    values: dict[str, str] = {}
    for part in query.split(b"&")[:MAX_PARAMETERS]:
        key, _, value = (
            unquote_to_bytes(piece) for piece in part.replace(b"+", b" ").partition(b"=")
        )
        name, text = decode(key)[0].strip().lower(), decode(value)[0]
        if name == "sn" and values.get(name, text) != text:
            raise BadSerial("Nomor seri disebut dua kali dan berbeda.")
        values.setdefault(name, text)
    return values


def _serial(values: Mapping[str, str]) -> str:
    serial = values.get("sn", "")
    if not SERIAL.fullmatch(serial):
        raise BadSerial("Nomor seri tidak ada atau berisi karakter yang tidak wajar.")
    return serial


def _table(method: str, endpoint: Endpoint, values: Mapping[str, str]) -> str:
    name = values.get("table", "").strip().upper()
    kind = values.get("type", "").strip().upper()
    # 3.x names the table of an answer, or of a finger just recorded, as a type.
    if not name and (endpoint is Endpoint.QUERYDATA or (method == "POST" and kind == "BIODATA")):
        name = kind
    if name == "TABLEDATA" and values.get("tablename", "").strip().upper() == "TRANSACTION":
        return "TRANSACTION"
    if not name or TABLE.fullmatch(name):
        return name
    return UNNAMED_TABLE
