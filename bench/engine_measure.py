"""One database of `bench.engine`, in a process of its own; does what its lines of input say."""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Model

from bench.measure import DECISION_FIELD, RETURNED, Round, Walk, lanes_of, probe
from bench.variants import Sopan
from foundation.models import Event
from processes.models import Instance, Task
from tests.cast import make_cast

DONE_BEFORE = 1  # tasks that every instance beside the measured ones has behind it
A_ROUND = 2  # instances from start to end
PAIRS = 15  # turns of an old instance, each beside the first of another
DECISION = "meneliti"
LOOP = 3  # tasks from where a return leads to the next decision


class Office:
    """The cast at work among many instances."""

    def __init__(self) -> None:
        call_command("migrate", verbosity=0)
        cast = make_cast()
        sopan = Sopan(cast)
        self.walk = Walk(sopan, cast, returns=0)
        self.walk.lanes = lanes_of(sopan)
        self.walk.one(Round())  # parses, compiles, connects

    def fill(self, count: int) -> int:
        """Let so many instances run, most of them copies of one that waits at its second task."""
        model = self._started()
        for _ in range(DONE_BEFORE):
            self._task(model, Round())
        with transaction.atomic(), connection.cursor() as cursor:
            # Rows that are made to fit: checking them one by one is not what is measured.
            cursor.execute("SET LOCAL session_replication_role = replica")
            _copy(cursor, model, count - _running())
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        return _running()

    def round(self) -> float:
        """Return the milliseconds per task of a few instances taken to their end."""
        taken = Round()
        for _ in range(A_ROUND):
            self.walk.one(taken)
        return taken.milliseconds_per_task

    def loop(self, returns: int) -> dict[str, Any]:
        """Return one instance so often, then once more and more beside others' first time.

        The tasks of a turn of the old one and of a first turn follow each other, so that whatever
        else the machine does hits both; compared are the times of the same pair.
        """
        old = self._started()
        for _ in range(returns):
            self._turn(old)
        first, last = [], []
        for _ in range(PAIRS):
            first.append(self._turn(self._started()))
            last.append(self._turn(old))
        return {
            "returns": returns,
            "first_ms": statistics.median(first),
            "last_ms": statistics.median(last),
            "ratio": statistics.median(b / a for a, b in zip(first, last, strict=True)),
            "state_bytes": len(Instance.objects.get(pk=old).state),
        }

    def _started(self) -> int:
        self.walk.started += 1
        return self.walk.variant.start(self.walk.started)

    def _turn(self, process_id: int) -> float:
        """Take an instance to its decision and return it; the milliseconds per task of the loop."""
        taken = Round()
        while self._task(process_id, taken) != DECISION:
            pass
        loop = list(zip(taken.claims, taken.completions, strict=True))[-LOOP:]
        return 1000 * sum(a + b for a, b in loop) / len(loop)

    def _task(self, process_id: int, into: Round) -> str:
        """Do the task that waits, a decision by returning it; return its step."""
        task = self.walk.variant.open_task(process_id)
        assert task is not None
        task_id, step = task
        user = self.walk.people(self.walk.lanes[step])
        answers = {"catatan": "sudah dikerjakan"}
        if step == DECISION:
            answers = {DECISION_FIELD: RETURNED, "alasan": "Tanggal 3 kurang lengkap"}
        begun = time.perf_counter()
        self.walk.variant.claim(process_id, task_id, user)
        claimed = time.perf_counter()
        self.walk.variant.complete(process_id, task_id, user, answers)
        into.claims.append(claimed - begun)
        into.completions.append(time.perf_counter() - claimed)
        return step


def _running() -> int:
    return Instance.objects.filter(status=Instance.Status.RUNNING).count()


def _copy(cursor: Any, model: int, count: int) -> None:
    """Write so many copies of an instance with its tasks and its events."""
    last = Instance.objects.latest("pk").pk
    numbers = f"generate_series(1, {count}) n"
    _insert(
        cursor, Instance, {"id": f"{last} + n", "subject": "'salinan ' || n"},
        f"{numbers} CROSS JOIN processes_instance r WHERE r.id = {model}",
    )  # fmt: skip
    tasks = list(Task.objects.filter(instance=model).order_by("pk").values_list("pk", flat=True))
    top = tasks[-1]
    for place, task in enumerate(tasks, start=1):
        _insert(
            cursor, Task,
            {"id": f"{top} + {place} + (n - 1) * {len(tasks)}", "instance_id": f"{last} + n",
             "idempotency_key": "''"},
            f"{numbers} CROSS JOIN processes_task r WHERE r.id = {task}",
        )  # fmt: skip
    _insert(
        cursor, Event,
        {"id": "nextval(pg_get_serial_sequence('foundation_event', 'id'))",
         "stream": f"'processes.instance:' || ({last} + n)"},
        f"{numbers} CROSS JOIN foundation_event r WHERE r.stream = 'processes.instance:{model}'",
    )  # fmt: skip
    for row in (Instance, Task):
        name = row._meta.db_table
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"  # noqa: S608
        )


def _insert(cursor: Any, row: type[Model], changed: Mapping[str, str], source: str) -> None:
    """Insert copies of rows named `r`; the columns in `changed` get these expressions."""
    columns = [str(field.column) for field in row._meta.concrete_fields]
    values = ", ".join(changed.get(name, f'r."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    cursor.execute(f"INSERT INTO {row._meta.db_table} ({names}) SELECT {values} FROM {source}")  # noqa: S608


def main() -> None:
    office = Office()
    for line in sys.stdin:
        name, *numbers = line.split()
        acts: dict[str, Callable[..., Any]] = {
            "fill": office.fill, "round": office.round, "loop": office.loop, "probe": probe,
        }  # fmt: skip
        found = acts[name](*(int(number) for number in numbers))
        sys.stdout.write(f"{json.dumps(found)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
