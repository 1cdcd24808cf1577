"""When those who work beside the web server were last seen: a row each, written now and then."""

from datetime import datetime, timedelta

from foundation.models import Heartbeat

EVERY = timedelta(seconds=5)  # many workers write the same row: none more often than this

WORKER = "worker"
CLOCK = "clock"


def beat(*, name: str, now: datetime) -> None:
    """Note that somebody of this name is at work. No event: it says nothing about anybody."""
    row = Heartbeat.objects.filter(name=name).first()
    # A row that a wrong clock wrote ahead of time is set right as well.
    if row is None or abs(now - row.at) >= EVERY:
        Heartbeat.objects.update_or_create(name=name, defaults={"at": now})


def last_beats() -> dict[str, datetime]:
    return dict(Heartbeat.objects.values_list("name", "at"))
