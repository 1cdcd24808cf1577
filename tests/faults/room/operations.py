"""An operation that shows whether it was done twice, and how often it was begun."""

import os
import random
import time
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from foundation import ledger
from foundation.actors import SYSTEM
from foundation.models import Event
from organization.models import Agency
from workflows.registry import Result, StepContext, operation

VERB = "mark_left"
LONGEST = 240  # seconds that an operation lingers


def attempts_file() -> Path:
    return Path(settings.DATA_DIR, "attempts")


def linger_file() -> Path:
    """As long as this file is there, operations that were begun come no further."""
    return Path(settings.DATA_DIR, "linger")


def poison_file() -> Path:
    """Holds the number of the task whose operation always fails."""
    return Path(settings.DATA_DIR, "poison")


def _linger() -> None:
    end = time.monotonic() + LONGEST
    while linger_file().exists() and time.monotonic() < end:
        time.sleep(0.05)


@operation("faults.leave_mark")
def leave_mark(context: StepContext) -> Result:
    """Leave one event in the agency's stream for this task; slow enough to be killed within.

    Nothing in the database forbids a second one; only looking before, under the lock, does.
    """
    with attempts_file().open("a") as file:
        file.write(f"{context.task_id} {os.getpid()}\n")
    if poison_file().exists() and int(poison_file().read_text()) == context.task_id:
        raise ConnectionError("nobody answers")
    _linger()
    time.sleep(random.uniform(0, 0.2))
    subject = f"processes.task:{context.task_id}"
    with transaction.atomic():
        agency = ledger.lock(Agency(pk=context.agency_id))
        if not Event.objects.filter(verb=VERB, subject=subject).exists():
            ledger.record(
                stream=agency, actor=SYSTEM, verb=VERB, subject=subject, now=timezone.now()
            )
    time.sleep(random.uniform(0, 0.1))
    return Result(note="Tanda ditinggalkan")
