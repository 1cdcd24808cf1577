"""The text that the hash of an event is taken over: the same from Python and from PostgreSQL.

    sequence seconds actor_id lengths-of-the-next-five
    stream actor_name acting_as verb subject        (written together, UTF-8 bytes counted above)
    previous_hash
    before
    after

The actor is left out where there is none: seven numbers, not eight. Lengths, and JSON without line
breaks, keep the fields apart: two different events never have the same text.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from foundation.fields import json_text
from foundation.models import Event

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = 1_000_000  # microseconds

# As `event_text`, over columns of these names. To be hashed: sha256(convert_to(..., 'UTF8')).
EVENT_TEXT_SQL = r"""concat_ws(' ',
    sequence, extract(epoch FROM at), actor_id, octet_length(stream), octet_length(actor_name),
    octet_length(acting_as), octet_length(verb), octet_length(subject)) || E'\n'
    || stream || actor_name || acting_as || verb || subject || E'\n' || previous_hash || E'\n'
    || before::text || E'\n' || after::text"""
EVENT_HASH_SQL = f"encode(sha256(convert_to({EVENT_TEXT_SQL}, 'UTF8')), 'hex')"


def plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data as JSON keeps it, so that the hash is the same before and after storing.

    A number that is not whole becomes text: no two programs need to agree how to write it. Raises
    `ValueError` for one that is none, like infinity.
    """
    if not data:
        return {}
    text = json.dumps(data, cls=DjangoJSONEncoder, allow_nan=False)
    restored: dict[str, Any] = json.loads(text, parse_float=str)
    return restored


def event_text(event: Event) -> str:
    """Return every column of the event but its id and own hash, as one text."""
    microseconds = (event.at - _EPOCH) // timedelta(microseconds=1)
    seconds, rest = divmod(abs(microseconds), _SECOND)
    told = (event.stream, event.actor_name, event.acting_as, event.verb, event.subject)
    head = (
        event.sequence,
        f"{'-' if microseconds < 0 else ''}{seconds}.{rest:06d}",
        *([] if event.actor_id is None else [event.actor_id]),
        *(len(text.encode()) for text in told),
    )
    return "\n".join(
        (
            " ".join(map(str, head)),
            "".join(told),
            event.previous_hash,
            json_text(event.before),
            json_text(event.after),
        )
    )


def hash_event(event: Event) -> str:
    """Return the SHA-256 over the event's text."""
    return hashlib.sha256(event_text(event).encode()).hexdigest()


def digest_of(value: Any) -> str:
    """Return the SHA-256 of JSON, for an event that must hold data without telling them."""
    restored = json.loads(json.dumps(value, cls=DjangoJSONEncoder), parse_float=str)
    return hashlib.sha256(json_text(restored).encode()).hexdigest()
