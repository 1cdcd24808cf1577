"""The Celery tasks: do what is due in the outbox, and look at the machines."""

from django.utils import timezone

from config.celery import app
from devices.services.leaving import retire_left_people
from devices.services.pulling import schedule_pulls
from devices.services.watching import watch
from foundation import outbox


@app.task
def drain_outbox() -> int:
    return outbox.drain()


@app.task
def watch_machines() -> None:
    watch(timezone.now())


@app.task
def pull_machines() -> None:
    schedule_pulls(now=timezone.now())


@app.task
def retire_people() -> None:
    retire_left_people(now=timezone.now())
