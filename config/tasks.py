"""The one Celery task: do what is due in the outbox."""

from config.celery import app
from foundation import outbox


@app.task
def drain_outbox() -> int:
    return outbox.drain()
