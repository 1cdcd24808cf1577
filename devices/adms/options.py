"""What a machine says of itself: posted options, the registry body of 3.x, INFO on a poll."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from devices.adms.fields import integer, is_secret, printable
from devices.adms.text import LINE_END, decode

MAX_OPTIONS, MAX_VALUE = 300, 200
KEY = re.compile(r"\s*~?([A-Za-z_]\w{0,39})\s*", re.ASCII)
FINGERPRINTS = 1  # place in the lists that are told by type of biometry


@dataclass(frozen=True)
class Info:
    """Figures of a machine; None where it said nothing. `algorithm` is of its fingers."""

    firmware: str
    users: int | None
    fingers: int | None
    punches: int | None
    address: str
    algorithm: int | None


@dataclass(frozen=True)
class Capacities:
    """How much a machine can hold; None where it said nothing."""

    users: int | None
    fingers: int | None
    punches: int | None


def read_options(body: bytes) -> dict[str, str]:
    """Return options by name, without the `~` that some carry and without secrets.

    They come as `a=1,b=2` or one to a line. A value may hold a comma: a piece without a name
    belongs to the value before it. Never raises.
    """
    options: dict[str, str] = {}
    for line in LINE_END.split(decode(body)[0]):
        name = ""
        for piece in line.split(","):
            key, equals, value = piece.partition("=")
            match = KEY.fullmatch(key) if equals else None
            if match:
                name = match.group(1)
                options[name] = value
            elif name:
                options[name] += "," + piece
    kept = [(name, value) for name, value in options.items() if not is_secret(name)]
    return {name: printable(value, MAX_VALUE) for name, value in kept[:MAX_OPTIONS]}


def read_info(text: str) -> Info | None:
    """Return the INFO of a poll (firmware, users, fingers, punches, address, algorithm, ...).

    None when it is no such list.
    """
    pieces = [piece.strip() for piece in text.split(",")]
    figures = [integer(piece) for piece in pieces[1:4]]
    if len(pieces) < 4 or not pieces[0] or any(n is None or n < 0 for n in figures):
        return None
    pieces += [""] * 2
    users, fingers, punches = figures
    firmware, address = printable(pieces[0], 80), printable(pieces[4], 45)
    return Info(firmware, users, fingers, punches, address, integer(pieces[5]))


def info_of(options: Mapping[str, str]) -> Info:
    """Return the same figures out of posted options or the answer to the INFO command."""
    return Info(
        firmware=_first(options, "FWVersion", "FirmVer", "FirmwareVersion")[:80],
        users=_count(options, "UserCount"),
        fingers=_by_type(options, "MultiBioDataCount") or _count(options, "FPCount"),
        punches=_count(options, "TransactionCount"),
        address=options.get("IPAddress", "")[:45],
        algorithm=_algorithm(options),
    )


def capacities(options: Mapping[str, str]) -> Capacities:
    """Return what a machine can hold.

    Machines count punches in units of 10,000, users and fingers in hundreds; a number too large
    for that is taken as it is.
    """
    return Capacities(
        users=_scaled(options, "MaxUserCount", 100),
        fingers=_by_type(options, "MaxMultiBioDataCount")
        or _scaled(options, "MaxFingerCount", 100),
        punches=_scaled(options, "MaxAttLogCount", 10_000),
    )


def _first(options: Mapping[str, str], *names: str) -> str:
    return next((options[name] for name in names if options.get(name)), "")


def _count(options: Mapping[str, str], name: str) -> int | None:
    number = integer(options.get(name, ""))
    return number if number is not None and number >= 0 else None


def _scaled(options: Mapping[str, str], name: str, unit: int) -> int | None:
    number = _count(options, name)
    if number is None:
        return None
    return number if number >= 2000 else number * unit


def _by_type(options: Mapping[str, str], name: str) -> int | None:
    figures = options.get(name, "").split(":")
    return integer(figures[FINGERPRINTS]) if len(figures) > FINGERPRINTS else None


def _algorithm(options: Mapping[str, str]) -> int | None:
    versions = options.get("MultiBioVersion", "").split(":")
    of_fingers = versions[FINGERPRINTS] if len(versions) > FINGERPRINTS else ""
    for text in (of_fingers, options.get("FPVersion", ""), options.get("ZKFPVersion", "")):
        number = integer(text.partition(".")[0])
        if number:
            return number
    return None
