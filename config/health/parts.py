"""The parts of an installation, and what each is found to be."""

import os
import shutil
import socket
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from config.health.findings import Finding, Part, State
from devices.models import Device
from documents.renditions.office import program
from foundation import incidents, outbox
from foundation.heartbeats import CLOCK, WORKER, last_beats
from foundation.models import Anchor

MIB = 1024 * 1024
LITTLE, NONE = 1024 * MIB, 64 * MIB  # free bytes from which somebody should look; nothing is stored
LATE_JOB = timedelta(minutes=5)
# A worker does one thing at a time, of at most 110 seconds (config/celery.py), before it is seen.
SILENT = timedelta(minutes=5)
SILENT_MACHINES = timedelta(hours=2)  # one that is called is read hourly outside office hours
OLD_ANCHOR = timedelta(hours=36)
BROKER_SECONDS = 1.5
PORTS = {"redis": 6379, "rediss": 6379, "amqp": 5672, "amqps": 5671}


def database() -> Finding:
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return Finding(
        state=State.OK, figures={"milliseconds": round((time.perf_counter() - begun) * 1000, 1)}
    )


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def migrations() -> Finding:
    missing = _known_migrations() - set(MigrationRecorder(connection).applied_migrations())
    return Finding(state=State.DOWN if missing else State.OK, figures={"unapplied": len(missing)})


def work() -> Finding:
    """Look at the outbox: how long what is due has been waiting, and what failed for good."""
    now = timezone.now()
    oldest = outbox.due(now).values_list("run_after", flat=True).first()
    age = now - oldest if oldest else timedelta()
    return Finding(
        state=State.DEGRADED if age > LATE_JOB else State.OK,
        figures={
            "oldest_due_seconds": _seconds(age),
            "incidents": incidents.open_jobs().count(),
        },
    )


def seen(name: str) -> Callable[[], Finding]:
    """Return what looks when a worker, or the clock by way of one, was last at work."""

    def ask() -> Finding:
        return _aged(last_beats().get(name), SILENT)

    return ask


def machines() -> Finding:
    """Look at the machines in service: when the last of them was heard."""
    rows = Device.objects.filter(state=Device.State.ACTIVE, last_contact_at__isnull=False)
    newest = rows.order_by("-last_contact_at").values_list("last_contact_at", flat=True).first()
    count = Device.objects.filter(state=Device.State.ACTIVE).count()
    found = _aged(newest, SILENT_MACHINES)
    state = found.state if count else State.OK
    return Finding(state=state, figures={"in_service": count, **found.figures})


def anchor() -> Finding:
    last = Anchor.objects.order_by("-number").values_list("at", flat=True).first()
    found = _aged(last, OLD_ANCHOR)
    # A new installation has its first within an hour.
    return found if last else Finding(state=State.OK, figures=found.figures)


def _aged(at: datetime | None, oldest: timedelta) -> Finding:
    age = timezone.now() - at if at else None
    late = age is None or age > oldest
    return Finding(
        state=State.DEGRADED if late else State.OK,
        figures={"seconds_ago": None if age is None else _seconds(age)},
    )


def _seconds(age: timedelta) -> int:
    return max(0, int(age.total_seconds()))


def broker() -> Finding:
    """Knock at the broker. Without one pages serve, and what they ask for waits in the outbox."""
    url = urlsplit(settings.CELERY_BROKER_URL)
    if url.scheme == "filesystem":
        writable = os.access(Path(settings.BROKER_FOLDER) / "messages", os.W_OK | os.X_OK)
        return Finding(state=State.OK if writable else State.DOWN)
    begun = time.perf_counter()
    address = (url.hostname or "127.0.0.1", url.port or PORTS.get(url.scheme, 0))
    with closing(socket.create_connection(address, timeout=BROKER_SECONDS)):
        pass
    return Finding(
        state=State.OK, figures={"milliseconds": round((time.perf_counter() - begun) * 1000, 1)}
    )


def disk() -> Finding:
    usage = shutil.disk_usage(settings.DATA_DIR)
    state = State.OK
    if usage.free < LITTLE:
        state = State.DEGRADED if usage.free >= NONE else State.DOWN
    return Finding(
        state=state,
        figures={
            "free_mebibytes": usage.free // MIB,
            "free_percent": round(100 * usage.free / max(1, usage.total), 1),
        },
    )


def office() -> Finding:
    """Look for LibreOffice: without one there are letters in Word, no PDFs."""
    return Finding(state=State.OK if program() else State.DEGRADED)


# The parts of a group are asked in turn, the groups at once.
GROUPS = [
    [
        Part(name="database", ask=database, needed=True),
        Part(name="migrations", ask=migrations, needed=True),
        Part(name="outbox", ask=work),
        Part(name="worker", ask=seen(WORKER)),
        Part(name="clock", ask=seen(CLOCK)),
        Part(name="machines", ask=machines),
        Part(name="anchor", ask=anchor),
    ],
    [Part(name="broker", ask=broker)],
    [Part(name="disk", ask=disk, needed=True), Part(name="office", ask=office)],
]
