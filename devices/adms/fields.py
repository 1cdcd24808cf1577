"""Fields as machines write them: `Key=value` between TABs, keys in any letter case."""

import re

# Passwords of users and doors, keys of the connection: dropped wherever they appear.
SECRET_ENDINGS = "pass(?:wd|word)?|pwd|key|secret|token"  # noqa: S105 names, no value
SECRET = re.compile(rf"[~\w]*(?:{SECRET_ENDINGS})", re.IGNORECASE | re.ASCII)
NUMBER = re.compile(r"-?[0-9]{1,9}", re.ASCII)
MAX_PIN = 24  # characters in the machine's own database


def split_fields(text: str) -> dict[str, str]:
    """Return the fields of a line by key in lower case; the first of two equal keys wins."""
    fields: dict[str, str] = {}
    for part in text.split("\t"):
        key, equals, value = part.partition("=")
        if equals:
            fields.setdefault(key.strip().lower(), value.strip())
    return fields


def printable(text: str, length: int) -> str:
    """Return a text as it can be stored and shown: no control characters, at most so long."""
    return "".join(c for c in text[: 4 * length] if c.isprintable())[:length].strip()


def integer(text: str) -> int | None:
    """Return a number of at most nine digits, or None."""
    text = text.strip()
    return int(text) if NUMBER.fullmatch(text) else None


def is_pin(text: str) -> bool:
    """Tell whether a text can be the number of a user: short, printable, without spaces."""
    return 0 < len(text) <= MAX_PIN and text.isprintable() and " " not in text


def is_secret(key: str) -> bool:
    """Tell whether a field of this name holds a password or a key of the connection."""
    return bool(SECRET.fullmatch(key.strip()))
