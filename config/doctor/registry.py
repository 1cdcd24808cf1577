"""The list of checks, and how they are gone through."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, connection
from django.db.models import TextChoices


class Level(TextChoices):
    """How bad a finding is; only what is grave must be mended before people work."""

    FINE = "ok", "OK"
    NOTICE = "perhatian", "PERHATIAN"
    GRAVE = "gawat", "GAWAT"


@dataclass(frozen=True)
class Found:
    """What one check saw, and what is to be done where something is."""

    level: Level
    text: str
    advice: str = ""


@dataclass(frozen=True)
class Row:
    """A finding with the name of what was looked at."""

    subject: str
    level: Level
    text: str
    advice: str


Check = Callable[[datetime], Iterator[Found]]


@dataclass(frozen=True)
class _Listed:
    subject: str
    check: Check
    needs_database: bool


_checks: list[_Listed] = []


def examines(subject: str, *, needs_database: bool = False) -> Callable[[Check], Check]:
    """Put a check on the list, under the name that people read."""

    def put(check: Check) -> Check:
        _checks.append(_Listed(subject, check, needs_database))
        return check

    return put


def fine(text: str) -> Found:
    return Found(Level.FINE, text)


def notice(text: str, advice: str) -> Found:
    return Found(Level.NOTICE, text, advice)


def grave(text: str, advice: str) -> Found:
    return Found(Level.GRAVE, text, advice)


def examine(*, now: datetime) -> Iterator[Row]:
    """Go through the list. A check that fails itself is a finding; the others go on."""
    reachable = _database_is_reachable()
    for listed in _checks:
        if listed.needs_database and not reachable:
            continue
        try:
            for found in listed.check(now):
                yield Row(listed.subject, found.level, found.text, found.advice)
        except Exception as error:
            # Never its words: they may quote an address with its password.
            yield Row(
                listed.subject,
                Level.GRAVE,
                f"Tidak dapat diperiksa ({type(error).__name__}).",
                "Perbaiki dahulu yang lain di daftar ini, lalu ulangi.",
            )


def _database_is_reachable() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True
