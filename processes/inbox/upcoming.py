"""What to do next."""

from datetime import datetime

from organization.models import User
from processes import queries
from processes.models import Task


def next_task(user: User, now: datetime) -> Task | None:
    """Return what the person holds and is due first, else the oldest that he may take."""
    own = queries.inbox_page(user, start=0, count=1)
    return next(iter(own or queries.queue_page(user, now, start=0, count=1)), None)
