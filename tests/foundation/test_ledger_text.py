"""The text of an event is the same from Python and from PostgreSQL, and no other event has it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from foundation.fields import json_text
from foundation.ledger import digest_of, hash_event, plain
from foundation.ledger.text import EVENT_HASH_SQL, EVENT_TEXT_SQL, event_text
from foundation.models import Event
from tests.servers import postgresql_url

Connection = psycopg.Connection[tuple[Any, ...]]

# What both databases can hold: no NUL, no half of a surrogate pair.
texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | texts
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
documents = st.dictionaries(texts, values, max_size=5)
events = st.builds(
    Event,
    stream=texts,
    sequence=st.integers(0, 2**31 - 1),
    at=st.datetimes(datetime(1900, 1, 1), datetime(2300, 1, 1), timezones=st.just(UTC)),
    actor_id=st.none() | st.integers(0, 2**63 - 1),
    actor_name=texts,
    acting_as=texts,
    verb=texts,
    subject=texts,
    before=documents.map(plain),
    after=documents.map(plain),
    previous_hash=texts,
)


@pytest.fixture(scope="module")
def server() -> Iterator[Connection]:
    with psycopg.connect(postgresql_url().replace("postgres://", "postgresql://")) as connection:
        connection.execute("SET TIME ZONE 'Asia/Makassar'")  # the text does not depend on it
        yield connection


@pytest.mark.postgresql
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(document=documents)
def test_any_json_is_written_as_postgresql_writes_it(
    server: Connection, document: dict[str, Any]
) -> None:
    kept = plain(document)
    (text,) = server.execute("SELECT %s::jsonb::text", [Jsonb(kept)]).fetchone() or ("",)
    assert json_text(kept) == text


@pytest.mark.postgresql
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(event=events)
def test_any_event_has_one_text_and_one_hash(server: Connection, event: Event) -> None:
    row = {
        "stream": event.stream, "sequence": event.sequence, "at": event.at,
        "actor_id": event.actor_id, "actor_name": event.actor_name, "acting_as": event.acting_as,
        "verb": event.verb, "subject": event.subject, "before": Jsonb(event.before),
        "after": Jsonb(event.after), "previous_hash": event.previous_hash,
    }  # fmt: skip
    types = {
        "sequence": "int",
        "at": "timestamptz",
        "actor_id": "bigint",
        "before": "jsonb",
        "after": "jsonb",
    }
    columns = ", ".join(f"%s::{types.get(name, 'varchar')} AS {name}" for name in row)
    statement = f"SELECT {EVENT_TEXT_SQL}, {EVENT_HASH_SQL} FROM (SELECT {columns}) event"  # noqa: S608
    found = server.execute(statement.encode(), list(row.values())).fetchone()
    assert found == (event_text(event), hash_event(event))


@given(first=events, second=events)
def test_two_events_that_differ_have_two_texts(first: Event, second: Event) -> None:
    names = [field.attname for field in Event._meta.concrete_fields]
    same = all(getattr(first, name) == getattr(second, name) for name in names)
    assert (event_text(first) == event_text(second)) == same


def event(**values: Any) -> Event:
    given = {
        "stream": "organization.agency:1", "sequence": 1, "at": datetime(2026, 4, 20, tzinfo=UTC),
        "actor_id": 1, "actor_name": "Budi", "acting_as": "Admin", "verb": "unit_created",
        "subject": "organization.unit:1", "before": {}, "after": {}, "previous_hash": "",
    }  # fmt: skip
    return Event(**given | values)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            {"actor_name": "Budi", "acting_as": "Admin"},
            {"actor_name": "BudiA", "acting_as": "dmin"},
        ),
        ({"actor_name": "A\nB", "acting_as": ""}, {"actor_name": "A", "acting_as": "\nB"}),
        ({"actor_id": None}, {"actor_id": 0}),
        ({"before": {"a": 1}, "after": {}}, {"before": {}, "after": {"a": 1}}),
        ({"previous_hash": "{}"}, {"previous_hash": ""}),
        ({"after": {"a": "1"}}, {"after": {"a": 1}}),
        ({"sequence": 11, "actor_id": 2}, {"sequence": 1, "actor_id": 12}),
    ],
)
def test_what_moves_from_one_field_to_the_next_is_another_event(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert event_text(event(**one)) != event_text(event(**other))


def test_a_moment_is_the_same_in_every_zone() -> None:
    there = datetime(2026, 4, 20, 8, 0, 0, 120, tzinfo=timezone(timedelta(hours=8)))
    assert event_text(event(at=there)) == event_text(event(at=there.astimezone(UTC)))
    assert event_text(event(at=there)).startswith("1 1776643200.000120 1 21 4 5 12 19\n")


def test_numbers_that_are_not_whole_are_kept_as_text_and_no_number_is_refused() -> None:
    assert plain({"share": 0.1, "n": 3, "at": datetime(2026, 4, 20, tzinfo=UTC)}) == {
        "share": "0.1",
        "n": 3,
        "at": "2026-04-20T00:00:00Z",
    }
    with pytest.raises(ValueError, match="JSON compliant"):
        plain({"share": float("inf")})


def test_the_digest_of_answers_does_not_depend_on_their_order() -> None:
    assert digest_of({"b": [1, "é"], "aa": None}) == digest_of({"aa": None, "b": [1, "é"]})
    assert digest_of({"a": 1}) != digest_of({"a": "1"})
