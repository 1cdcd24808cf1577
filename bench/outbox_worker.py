"""One process of `python -m bench.outbox`: lays jobs down, or does them until none is left."""

import json
import os
import sys
import time
from typing import Any

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()

from django.db import connection, transaction
from django.utils import timezone

from foundation import outbox
from foundation.models import OutboxJob

KIND = "bench.outbox"
TAKE = """
UPDATE foundation_outboxjob SET leased_until = now() + interval '30 s', attempts = attempts + 1
WHERE id = (
    SELECT id FROM foundation_outboxjob
    WHERE state = 'waiting' AND run_after <= now() AND (leased_until IS NULL)
    ORDER BY run_after, id LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING id
"""
DONE = "UPDATE foundation_outboxjob SET state = 'done', done_at = now() WHERE id = %s"


def fill(kind: str, jobs: int) -> None:
    """Lay so many jobs of this kind down and nothing else."""
    OutboxJob.objects.all().delete()
    now = timezone.now()
    payload = {"seconds": 0.02 if kind == "outside" else 0}
    with transaction.atomic():
        OutboxJob.objects.bulk_create(
            OutboxJob(
                kind=KIND, key=f"{KIND}:{number}", payload=payload, run_after=now, created_at=now
            )
            for number in range(jobs)
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE foundation_outboxjob")


def work(kind: str) -> dict[str, Any]:
    """Do jobs, once told to, until none is left; return how many, and when the last ended."""
    done = 0

    @outbox.handles(KIND)
    def handle(payload: Any) -> None:
        nonlocal done
        if payload["seconds"]:
            time.sleep(payload["seconds"])
        done += 1

    connection.ensure_connection()
    print("ready", flush=True)
    sys.stdin.readline()
    if kind == "floor":
        done = _least()
    else:
        while outbox.drain():
            pass
    return {"done": done, "ended": time.time()}


def _least() -> int:
    done = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(TAKE)
            row = cursor.fetchone()
            if row is None:
                return done
            cursor.execute(DONE, [row[0]])
            done += 1


if __name__ == "__main__":
    if sys.argv[1] == "fill":
        fill(sys.argv[2], int(sys.argv[3]))
    else:
        print(json.dumps(work(sys.argv[2])))
