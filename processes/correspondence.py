"""The messages of an agency as people read them: from whom, to whom, since when nobody came."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from organization.models import Agency
from processes.models import Instance, Message
from workflows import repository
from workflows.definitions import ProcessDefinition
from workflows.files.told_messages import awaited, told_by_rooms

PATIENCE = timedelta(days=1)  # what waits longer is flagged


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One message; `receivers` are instances of the agency at hand."""

    name: str
    sender: str
    sent_by: Instance | None  # of the agency at hand
    receiver: str
    sent_at: datetime
    received_at: datetime | None
    receivers: Sequence[Instance]
    is_late: bool
    is_over: bool  # meant for its own sender alone, who has ended


def spoken(name: str) -> str:
    """Return the name of a message as people read it."""
    return name.replace("_", " ")


def messages_of(agency: Agency) -> QuerySet[Message]:
    """Return what was told to an agency and what it told others, newest first."""
    own = Q(agency=agency) | Q(sent_by_task__agency=agency)
    rows = Message.objects.filter(own).select_related("agency", "sent_by_task__instance__agency")
    return rows.prefetch_related("receipts__instance").order_by("-sent_at", "-id")


def late_letters(agency: Agency, now: datetime) -> list[Letter]:
    """Return what nobody has received for more than a day, although somebody still could."""
    rows = messages_of(agency).filter(received_at=None, sent_at__lt=now - PATIENCE)
    return [letter for letter in letters(rows, agency, now) if letter.is_late]


def letters(messages: Iterable[Message], agency: Agency, now: datetime) -> list[Letter]:
    """Return the lines of the page of one agency; what is another's is told by its name alone."""
    expected, rooms = _expecting(), told_by_rooms()
    return [_letter(message, agency, expected, rooms, now) for message in messages]


def _letter(
    message: Message,
    agency: Agency,
    expected: Mapping[str, Sequence[ProcessDefinition]],
    rooms: Mapping[str, str],
    now: datetime,
) -> Letter:
    task = message.sent_by_task
    is_own = task is not None and task.agency_id == agency.pk
    is_here = message.agency_id == agency.pk
    receivers = expected.get(message.name, [])
    waits = message.received_at is None
    is_over = waits and _is_over(message, receivers)
    return Letter(
        name=spoken(message.name),
        sender="" if is_own else _sender(message, rooms),
        sent_by=task.instance if task is not None and is_own else None,
        receiver=", ".join(one.head.title for one in receivers) if is_here else message.agency.name,
        sent_at=message.sent_at,
        received_at=message.received_at,
        receivers=[one.instance for one in message.receipts.all()] if is_here else [],
        is_late=waits and not is_over and now - message.sent_at > PATIENCE,
        is_over=is_over,
    )


def _is_over(message: Message, receivers: Sequence[ProcessDefinition]) -> bool:
    """Say whether only the sender itself could have received it, and it has ended."""
    if message.sent_by_task is None or message.agency_id != message.sent_by_task.agency_id:
        return False
    sender = message.sent_by_task.instance
    is_own = all(
        one.key == sender.definition_key and one.start_message != message.name for one in receivers
    )
    return bool(receivers) and is_own and sender.status != Instance.Status.RUNNING


def _sender(message: Message, rooms: Mapping[str, str]) -> str:
    """Say who told it: another agency, or the room of the application that did."""
    if message.sent_by_task is not None:
        return message.sent_by_task.instance.agency.name
    return rooms.get(message.name, "Sistem")


def _expecting() -> dict[str, list[ProcessDefinition]]:
    """Return the SOPs that a message is meant for, by its name."""
    found: dict[str, list[ProcessDefinition]] = {}
    for definition in repository.all():
        for name in awaited(definition):
            found.setdefault(name, []).append(definition)
    return found
