"""One database: events written and checked, in turn; run by `python -m bench.ledger`.

The variants of a round follow each other in random order, so that whatever else the machine does
hits all of them; compared are the figures of the same round.
"""

import hashlib
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()

from django.core.management import call_command
from django.db import connection, models, transaction

from foundation import ledger
from foundation.actors import Actor
from foundation.ledger.text import EVENT_HASH_SQL, EVENT_TEXT_SQL
from foundation.prepared import insert_rows, update_rows
from organization.models import Agency, Unit
from processes.models import Definition, Instance
from tests.cast import NOW, make_agency

CHECKS = 5  # rounds of checking: each reads everything
PER_STREAM = 20  # events of one instance, about
BUDI = Actor(user_id=7, name="Budi Manafe", acting_as="Plh. Operator")
BEFORE = {"status": "claimed"}
AFTER = {
    "status": "completed", "step": "meneliti_dan_mencetak", "visit": 1, "outcome": "disetujui",
    "comment": "Lengkap.", "reused": False, "answers_sha256": "a" * 64,
}  # fmt: skip


class PlainLog(models.Model):
    """What an application without a ledger writes: the same, without chain."""

    stream = models.CharField(max_length=60)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150)
    acting_as = models.CharField(max_length=150, blank=True)
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        app_label = "foundation"
        indexes = [
            models.Index(fields=["stream", "at"], name="plain_log_stream"),
            models.Index(fields=["subject"], name="plain_log_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.verb}"


class Office:
    """The rows that are written, and a counter that makes every write a new one."""

    def __init__(self) -> None:
        self.agency = make_agency()
        self.unit = Unit.objects.create(agency=self.agency, name="Aplikasi")
        self.number = 0

    def values(self) -> dict[str, Any]:
        self.number += 1
        return {
            "verb": "task_completed", "subject": f"processes.task:{self.number}",
            "before": BEFORE, "after": AFTER,
        }  # fmt: skip

    def log(self) -> None:
        now = NOW + timedelta(seconds=self.number)
        actor = {"actor_id": 7, "actor_name": BUDI.name, "acting_as": BUDI.acting_as}
        insert_rows([PlainLog(stream=self.agency.stream, at=now, **actor, **self.values())])

    @transaction.atomic
    def chain(self) -> None:
        entry = ledger.Entry(actor=BUDI, **self.values())
        ledger.chain(self.agency, [entry], now=NOW + timedelta(seconds=self.number))
        head = {
            "ledger_length": self.agency.ledger_length,
            "ledger_hash": self.agency.ledger_hash,
        }
        update_rows(Agency, where={"id": self.agency.pk}, changes=head | self._business())

    @transaction.atomic
    def chain_plain(self) -> None:
        self.log()
        update_rows(Agency, where={"id": self.agency.pk}, changes=self._business())

    @transaction.atomic
    def record(self) -> None:
        update_rows(Unit, where={"id": self.unit.pk}, changes={"name": f"Unit {self.number}"})
        now = NOW + timedelta(seconds=self.number)
        ledger.record(stream=self.agency, actor=BUDI, now=now, **self.values())

    @transaction.atomic
    def record_plain(self) -> None:
        update_rows(Unit, where={"id": self.unit.pk}, changes={"name": f"Unit {self.number}"})
        self.log()

    def _business(self) -> dict[str, Any]:
        return {"city": f"Kupang {self.number}"}


def measure_writing(rounds: int, transactions: int) -> dict[str, Any]:
    """Return transactions per second by variant, and ratios of the same rounds."""
    with connection.schema_editor() as editor:
        editor.create_model(PlainLog)
    office = Office()
    names = ("chain", "chain_plain", "record", "record_plain")
    rates: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds + 1):
        for name in random.sample(names, len(names)):
            act: Callable[[], None] = getattr(office, name)
            begun = time.perf_counter()
            for _ in range(transactions):
                act()
            if number:  # the first round plans and warms up
                rates[name].append(transactions / (time.perf_counter() - begun))
    return {
        "per_second": {name: _summary(values) for name, values in rates.items()},
        "ratio": {
            name: _ratio(rates[name], rates[f"{name}_plain"]) for name in ("chain", "record")
        },
    }


def fill(events: int) -> int:
    """Write instances with whole chains, all their first events, then all their second, and so on.

    Return how many instances there are.
    """
    agency = Agency.objects.get()
    definition = Definition.objects.create(
        key="ukur", version="1", title="Ukur", files={}, kept_at=NOW
    )
    streams = max(1, events // PER_STREAM)
    Instance.objects.bulk_create(
        (
            Instance(
                definition=definition, definition_key="ukur", definition_version="1",
                agency=agency, title=f"Berkas {number}", state=b"", started_at=NOW,
            )
            for number in range(streams)
        ),
        batch_size=1000,
    )  # fmt: skip
    columns = (
        "stream, sequence, at, actor_id, actor_name, acting_as, verb, subject, before, after,"
        " previous_hash"
    )
    row = """
        SELECT 'processes.instance:' || id AS stream, ledger_length + 1 AS sequence,
               %s::timestamptz + id * interval '7 milliseconds' AS at, 7::bigint AS actor_id,
               %s::varchar AS actor_name, %s::varchar AS acting_as,
               'task_completed'::varchar AS verb, 'processes.task:' || id AS subject,
               %s::jsonb AS before, %s::jsonb AS after, ledger_hash AS previous_hash
        FROM processes_instance"""
    for number in range(PER_STREAM):
        at = datetime(2026, 1, 2, tzinfo=UTC) + timedelta(hours=number)
        values: list[Any] = [at, BUDI.name, BUDI.acting_as, json.dumps(BEFORE), json.dumps(AFTER)]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO foundation_event ({columns}, hash)"  # noqa: S608  own names
                f" SELECT {columns}, {EVENT_HASH_SQL} FROM ({row}) event",
                values,
            )
            cursor.execute(
                "UPDATE processes_instance SET ledger_length = sequence, ledger_hash = hash"
                " FROM foundation_event WHERE sequence = %s"
                " AND stream = 'processes.instance:' || processes_instance.id",
                [number + 1],
            )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE foundation_event")
        cursor.execute("VACUUM ANALYZE processes_instance")
    return streams


def measure_checking(events: int) -> dict[str, Any]:
    """Return seconds of a check of everything, and of hashing the same bytes in memory."""
    streams = fill(events)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT convert_to({EVENT_TEXT_SQL}, 'UTF8') FROM foundation_event",  # noqa: S608
            [],
        )
        contents = [bytes(row[0]) for row in cursor]
    checking, hashing = [], []
    for _ in range(CHECKS):
        for variant in random.sample(("check", "hash"), 2):
            begun = time.perf_counter()
            if variant == "hash":
                for content in contents:
                    hashlib.sha256(content).hexdigest()
                hashing.append(time.perf_counter() - begun)
            else:
                if faults := list(ledger.verify()):
                    raise RuntimeError(f"rantai yang baru ditulis tidak utuh: {faults[0]}")
                checking.append(time.perf_counter() - begun)
    return {
        "events": len(contents),
        "streams": streams,
        "verify": _summary(checking),
        "hash": _summary(hashing),
        "ratio": _ratio(checking, hashing),
    }


def measure(rounds: int, transactions: int, events: int) -> dict[str, Any]:
    call_command("migrate", verbosity=0)
    writing = measure_writing(rounds, transactions)
    return {
        "database": connection.vendor,
        "rounds": rounds,
        **writing,
        "checking": measure_checking(events),
    }


def _ratio(ours: Sequence[float], limit: Sequence[float]) -> dict[str, float]:
    return _summary([a / b for a, b in zip(ours, limit, strict=True)])


def _summary(values: Sequence[float]) -> dict[str, float]:
    return {"median": statistics.median(values), "lowest": min(values), "highest": max(values)}


if __name__ == "__main__":
    print(json.dumps(measure(*(int(argument) for argument in sys.argv[1:4]))))
