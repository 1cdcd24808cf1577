"""What the ledger tells of rows of this room: the events of many subjects with one query."""

from collections.abc import Iterable, Mapping
from typing import Any

from foundation.models import Event

EventsOf = Mapping[str, list[Event]]


def events_of(subjects: Iterable[str]) -> EventsOf:
    """Return the events of each subject, the oldest first."""
    found: dict[str, list[Event]] = {subject: [] for subject in subjects}
    for event in Event.objects.filter(subject__in=list(found)).order_by("pk"):
        found[event.subject].append(event)
    return found


def last_told(events: Iterable[Event], *verbs: str) -> Mapping[str, Any]:
    """Return what the last event of these verbs says; nothing where there is none."""
    said: Mapping[str, Any] = {}
    for event in events:
        if event.verb in verbs:
            said = event.after
    return said
