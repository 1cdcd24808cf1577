"""Wrong passwords: who is locked, by name and address, and until when (django-axes counts them)."""

import math
from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Q, QuerySet, Sum

LONGEST_NAME = 150


def name_key(username: str | None) -> str:
    """Return a name as it is counted: however it is spelt, it is the same guess."""
    return (username or "").replace("\0", "").strip().casefold()[:LONGEST_NAME]


def cool_off() -> timedelta:
    """Return how long a lock lasts after the last wrong try that was counted."""
    return timedelta(minutes=settings.LOCK_MINUTES)


def locked_until(
    *, now: datetime, username: str | None = None, address: str | None = None
) -> datetime | None:
    """Return when this name, from this address, is listened to again; None if it is now.

    With a name alone: whether the account is locked from any address. Three counts, each with its
    own limit: the name from the address, the name from everywhere, the address whatever the name.
    """
    told = AccessAttempt.objects.filter(attempt_time__gt=now - cool_off())
    key = name_key(username)
    ends = []
    if username is not None and address is not None:
        own = Q(username=key, ip_address=address)
        ends.append(_end(told.filter(own), settings.LOCK_AFTER))
    if username is not None and address is None:
        ends += [
            _end(told.filter(username=key, ip_address=one), settings.LOCK_AFTER)
            for one in told.filter(username=key).values_list("ip_address", flat=True).distinct()
        ]
    if username is not None:
        ends.append(_end(told.filter(username=key), settings.LOCK_NAME_AFTER))
    if address is not None:
        ends.append(_end(told.filter(ip_address=address), settings.LOCK_ADDRESS_AFTER))
    return max((end for end in ends if end is not None), default=None)


def _end(rows: QuerySet[AccessAttempt], limit: int) -> datetime | None:
    found = rows.order_by().aggregate(count=Sum("failures_since_start"), last=Max("attempt_time"))
    if (found["count"] or 0) < limit:
        return None
    end: datetime = found["last"] + cool_off()
    return end


def forget_failures(*, username: str) -> bool:
    """Take away what was counted against a name; whether there was something."""
    return bool(AccessAttempt.objects.filter(username=name_key(username)).delete()[0])


def minutes_left(until: datetime, now: datetime) -> int:
    """Return whole minutes to wait, one at least."""
    return max(math.ceil((until - now).total_seconds() / 60), 1)
