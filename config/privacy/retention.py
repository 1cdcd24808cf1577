"""The table of how long what is kept, read and kept to."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction

from config.backups.making import first_agency
from foundation import ledger
from foundation.actors import SYSTEM, Actor
from foundation.retention import sweeps

TABLE = Path(__file__).with_name("retention.toml")
OWN = "retensi.toml"  # in the data folder: the office's own days
THEN = {"delete": "dihapus", "empty": "dikosongkan", "keep": "disimpan"}


class RetentionError(ValueError):
    """The table cannot be kept to; a sentence for whoever wrote it."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One line of the table. `days` None: kept until somebody decides."""

    key: str
    title: str
    models: tuple[str, ...]
    then: str
    ground: str
    days: int | None = None
    since: str = ""
    sweep: str = ""
    by: str = ""  # the task of the clock that does it already (config/tasks.py)

    def before(self, now: datetime) -> datetime:
        return now - timedelta(days=self.days or 0)


@dataclass(frozen=True, kw_only=True)
class Swept:
    """What one rule took away, or would."""

    rule: Rule
    count: int


def own_path() -> Path:
    return Path(settings.DATA_DIR) / OWN


@cache
def standard_rules() -> tuple[Rule, ...]:
    """Return the table as it came along."""
    return read(tomllib.loads(TABLE.read_text(encoding="utf-8")))


def read(table: Mapping[str, Any]) -> tuple[Rule, ...]:
    """Return the rules of a table. Raises RetentionError for a form that cannot be read."""
    try:
        return tuple(Rule(**row | {"models": tuple(row["models"])}) for row in table["rule"])
    except (KeyError, TypeError) as error:
        raise RetentionError(f"Tabel retensi tidak dapat dibaca: {error}.") from None


def rules() -> tuple[Rule, ...]:
    """Return the table with the office's own days. Raises RetentionError."""
    found = {rule.key: rule for rule in standard_rules()}
    for key, days in _own_days().items():
        rule = found.get(key)
        if rule is None or not rule.sweep or sweeps()[rule.sweep].days is not None:
            raise RetentionError(f"{OWN}: {key!r} tidak dapat diatur; lihat docs/privacy.md.")
        if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= 36_500:
            raise RetentionError(f"{OWN}: hari untuk {key!r} harus bilangan 1 sampai 36500.")
        found[key] = replace(rule, days=days)
    return tuple(found.values())


def _own_days() -> dict[str, Any]:
    try:
        return tomllib.loads(own_path().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise RetentionError(f"{OWN} tidak dapat dibaca: {error}.") from None


def faults(table: tuple[Rule, ...]) -> Iterator[str]:
    """Yield what is wrong with a table: names that are not there, days that two places tell."""
    from config.celery import REGULARLY

    for rule in table:
        for label in rule.models:
            try:
                apps.get_model(label)
            except (LookupError, ValueError):
                yield f"{rule.key}: tidak ada tabel {label!r}."
        if rule.then not in THEN:
            yield f"{rule.key}: `then` {rule.then!r} tidak dikenal."
        if rule.sweep and rule.sweep not in sweeps():
            yield f"{rule.key}: tidak ada pembersih {rule.sweep!r}."
        elif rule.sweep and sweeps()[rule.sweep].days not in (None, rule.days):
            yield f"{rule.key}: {rule.days} hari, sedangkan halamannya mengatakan lain."
        if rule.by and rule.by not in REGULARLY:
            yield f"{rule.key}: tidak ada tugas jam {rule.by!r}."
        if (rule.then == "keep") == bool(rule.sweep or rule.by):
            yield f"{rule.key}: yang disimpan tidak dibersihkan, yang lain harus ada pembersihnya."
        if (rule.days is None) != (rule.then == "keep"):
            yield f"{rule.key}: `days` ada bila dan hanya bila ada yang dibersihkan."
    told = {rule.sweep for rule in table}
    yield from (f"{key}: pembersih ini tidak ada dalam tabel." for key in set(sweeps()) - told)


def would_go(*, now: datetime) -> list[Swept]:
    """Return how much each rule would take away now; nothing is touched. Raises RetentionError."""
    return [
        Swept(rule=rule, count=sweeps()[rule.sweep].count(rule.before(now)))
        for rule in rules()
        if rule.sweep
    ]


def tidy(*, now: datetime, actor: Actor = SYSTEM) -> list[Swept]:
    """Take away whose time is over, rule by rule, with an event for each that found something.

    Safe to repeat and to kill: what was taken away stays so. Raises RetentionError.
    """
    done = []
    for rule in rules():
        if not rule.sweep:
            continue
        swept = Swept(rule=rule, count=sweeps()[rule.sweep].remove(rule.before(now)))
        if swept.count:
            _record(swept, actor, now)
        done.append(swept)
    return done


@transaction.atomic
def _record(swept: Swept, actor: Actor, now: datetime) -> None:
    """How many, of what, by which days; nobody is named."""
    if (owner := first_agency()) is None:
        return
    ledger.record(
        stream=owner,
        actor=actor,
        verb="retention_kept",
        subject=owner.stream,
        after={"rule": swept.rule.key, "days": swept.rule.days, "count": swept.count},
        now=now,
    )
