"""A poll costs no query and no write of its own."""

import asyncio
import gc
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from devices.door.app import MachineDoor
from devices.door.book import DeviceBook, write_contacts
from devices.models import Device
from tests.cast import Cast
from tests.devices.make import make_device


def test_all_machines_and_their_waiting_commands_are_one_query(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        make_device(cast.agency, f"BOCK{number}", protocol="push")
    book = DeviceBook()
    with django_assert_num_queries(1):
        book.read()
    assert book.get("BOCK4") is not None
    assert not book.is_stale


def test_last_contacts_are_written_together_and_never_backwards(cast: Cast) -> None:
    device = make_device(cast.agency, "BOCK1", protocol="push")
    other = make_device(cast.agency, "BOCK2", protocol="push")
    now = timezone.now()
    write_contacts({"BOCK1": (now, "10.0.0.1"), "BOCK2": (now, ""), "NOBODY": (now, "10.0.0.3")})
    write_contacts({"BOCK1": (now - timedelta(minutes=5), "10.0.0.9")})
    device.refresh_from_db()
    other.refresh_from_db()
    assert (device.last_contact_at, device.last_address) == (now, "10.0.0.1")
    assert (other.last_contact_at, other.last_address) == (now, None)


class Desk:
    """Stands where the door's threads stand and counts what they would be asked to do."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()

    async def __call__(self, function: Callable[..., Any], *arguments: Any) -> Any:
        self.asked[function.__name__] += 1
        return function(*arguments)


async def nothing(*arguments: Any) -> None:
    raise AssertionError("the site was asked")


async def poll(door: MachineDoor, serial: str) -> bytes:
    status, body = await asked(door, serial)
    assert status == 200
    return body


async def asked(door: MachineDoor, serial: str) -> tuple[int, bytes]:
    """Ask for work as a terminal does; return status and body."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(dict(message))

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {
        "type": "http", "method": "GET", "path": "/iclock/getrequest", "headers": [],
        "query_string": f"SN={serial}".encode(), "client": ("10.0.0.7", 40000),
    }  # fmt: skip
    await door(scope, receive, send)
    return sent[0]["status"], sent[1]["body"]


def test_a_hundred_polls_in_a_second_ask_the_database_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_device(cast.agency, "BOCK1", protocol="push", state=Device.State.ACTIVE)
    desk = Desk()

    async def work(door: MachineDoor) -> set[bytes]:
        answers = {await poll(door, "BOCK1") for _ in range(100)}
        if door._flushing:
            door._flushing.cancel()
        return answers

    door = MachineDoor(nothing)
    door.book.read()
    monkeypatch.setattr(door, "_in_hands", desk)
    assert asyncio.run(work(door)) == {b"OK"}
    assert desk.asked == {}


def test_a_book_that_cannot_be_read_beside_is_told_without_the_words_of_the_error(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    make_device(cast.agency, "BOCK1", protocol="push", state=Device.State.ACTIVE)
    door = MachineDoor(nothing)
    door.book.read()
    monkeypatch.setattr(DeviceBook, "is_stale", True)

    async def broken(work: Callable[..., Any], *given: Any) -> Any:
        raise OperationalError("host=basis-data user=rahasia")

    monkeypatch.setattr(door, "_in_hands", broken)

    async def one_poll() -> bytes:
        answer = await poll(door, "BOCK1")
        await asyncio.sleep(0)  # the reading beside comes to its end
        if door._flushing:
            door._flushing.cancel()
        return answer

    assert asyncio.run(one_poll()) == b"OK"  # by what was read before
    gc.collect()  # when asyncio speaks of failures that nobody asked about
    assert [record.name for record in caplog.records] == ["devices.door.app"]
    assert "the book was not read: OperationalError in broken" in caplog.text
    assert "rahasia" not in caplog.text
