"""The ASGI application of the server: machines at /iclock/, the site for everybody else.

No middleware, session or cookie stands before a machine. Every body is stored, durably, before it
is answered; a machine that gets no good answer sends the same body again.
"""

import asyncio
import logging
import time
import traceback
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeVar

import psycopg
from django.db import InterfaceError, OperationalError

from devices.adms.calls import (
    PUNCH_TABLES,
    BadSerial,
    Call,
    Endpoint,
    UnknownPath,
    WrongMethod,
    read_call,
)
from devices.adms.handshake import OK, counted_reply
from devices.adms.rtlog import read_rtlog
from devices.attlog import read_punches
from devices.door import answers, http, measures
from devices.door.book import Contacts, DeviceBook, Known, write_contacts
from devices.door.group_commit import GroupCommit, Overloaded
from devices.door.pace import Pace
from devices.door.threads import Threads
from devices.door.writers import writers
from devices.models import RawUpload
from devices.services.callers import NoRoom
from devices.services.storing import Stored, Telling

T = TypeVar("T")

# What is raised while the database does not answer, by Django and by the writer beside it.
AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)

logger = logging.getLogger(__name__)

PREFIX = "/iclock"
MAX_BODY = 16 * 1024 * 1024  # well above what machines post at once (MaxPostSize, 1 MiB)
FLUSH_SECONDS = 10.0
HANDS = 4  # threads, each with a database connection, for all that is not a punch
DATA = (Endpoint.CDATA, Endpoint.FDATA, Endpoint.QUERYDATA)


@dataclass(frozen=True, slots=True)
class Visit:
    """One call of one machine."""

    call: Call
    known: Known | None  # None for a serial that nobody registered
    address: str
    now: datetime


class MachineDoor:
    """Answers machines; gives every other request to `site`."""

    def __init__(self, site: http.Application) -> None:
        self.site = site
        self.book, self.contacts = DeviceBook(), Contacts()
        self.alarms, self.pace = answers.Alarms(), Pace()
        self._in_hands = Threads(HANDS, "machine-door")
        self._punches: GroupCommit[Telling, Stored] = GroupCommit(
            writers(Threads(1, "machine-punches")),
            weigh=lambda telling: len(telling.content) + 500,
        )
        self._reading: asyncio.Task[None] | None = None
        self._flushing: asyncio.Task[None] | None = None

    async def __call__(self, scope: http.Scope, receive: http.Receive, send: http.Send) -> None:
        if scope["type"] == "lifespan":
            await http.live(receive, send, at_end=self._flush)
        elif scope["type"] == "http" and scope["path"][: len(PREFIX)].lower() == PREFIX:
            await self._serve(scope, receive, send)
        else:
            await self.site(scope, receive, send)

    async def _serve(self, scope: http.Scope, receive: http.Receive, send: http.Send) -> None:
        """Answer whatever happens: 503 without a database and 500 only when nothing was stored."""
        with measures.SECONDS.time():
            try:
                status, body = await self._answer(scope, receive)
            except (Overloaded, NoRoom):
                status, body = 503, b""
            except http.CutOff:
                return
            except Exception as error:
                logger.error("machine door: %s", _where(error))
                status, body = 503 if isinstance(error, AWAY) else 500, b""
            await http.answer(send, status, body)
        measures.CALLS.labels(status).inc()

    async def _answer(self, scope: http.Scope, receive: http.Receive) -> tuple[int, bytes]:
        try:
            call = _read_call(scope["method"], scope["path"], scope["query_string"])
        except WrongMethod:
            return 405, b""
        except BadSerial:
            return 400, b""
        except UnknownPath:
            await self._in_hands(self.alarms.unknown_path, scope["path"], datetime.now(UTC))
            return 404, b""
        address = scope["client"][0] if scope["client"] else ""
        # Until the book is read for the first time nobody is known, and nobody a stranger.
        known = not self.book.was_read or self.book.get(call.serial) is not None
        if not self.pace.allows(call.serial, address=address, known=known, now=time.monotonic()):
            return 429, b""  # it comes again after its ErrorDelay; nothing was read or stored
        visit = await self._meet(call, address)
        if call.method != "POST":
            return 200, await self._reply(visit)
        try:
            body = await http.read_body(scope, receive, limit=MAX_BODY)
        except http.TooLarge:
            await self._in_hands(self.alarms.body_too_large, call.serial, visit.known, visit.now)
            return 413, b""
        return 200, await self._take(visit, body)

    async def _meet(self, call: Call, address: str) -> Visit:
        """Tell who calls, and remember that he called."""
        now = datetime.now(UTC)
        known = await self._look_up(call.serial)
        if self.contacts.note(call.serial, address, now):
            places = self.contacts.addresses(call.serial)
            await self._in_hands(self.alarms.cloned, call.serial, places, known, now)
        if self._flushing is None:
            self._flushing = asyncio.create_task(self._flush_later())
        return Visit(call, known, address, now)

    async def _look_up(self, serial: str) -> Known | None:
        """Find a machine. The book is read anew beside; only unknown serials wait for that."""
        if self.book.is_stale and self._reading is None:
            self._reading = asyncio.create_task(self._read_book())
            self._reading.add_done_callback(_note_failure)
        known = self.book.get(serial)
        if known is None and self._reading is not None:
            await self._reading
            known = self.book.get(serial)
        return known

    async def _read_book(self) -> None:
        try:
            await self._in_hands(self.book.read)
        finally:
            self._reading = None

    async def _take(self, visit: Visit, body: bytes) -> bytes:
        """Store what a machine posts, then say so."""
        call = visit.call
        if call.endpoint is Endpoint.DEVICECMD:
            return await self._in_hands(answers.settle, visit.known, body, visit.now)
        if call.endpoint is Endpoint.REGISTRY:
            return await self._in_hands(
                answers.register, call, visit.known, body, visit.address, visit.now
            )
        if call.endpoint not in DATA:
            return await self._reply(visit)
        if not call.table or call.table in answers.UNWANTED or not body.strip():
            return OK
        known = visit.known
        if known is None or not known.in_service:
            # Approved a moment ago, it must not find its punches among those of strangers.
            known = await self._in_hands(self.book.read_one, call.serial)
        if known is None or not known.in_service:
            return await self._in_hands(
                answers.keep_apart, call, known, body, visit.address, visit.now
            )
        if call.table in PUNCH_TABLES and not answers.is_misplaced(call, body):
            return await self._take_punches(visit, known, body)
        return await self._in_hands(answers.keep_table, call, known, body, visit.address, visit.now)

    async def _take_punches(self, visit: Visit, known: Known, body: bytes) -> bytes:
        read = read_punches if visit.call.table == "ATTLOG" else read_rtlog
        telling = Telling(
            machine=known.key,
            content=body,
            log=read(body),
            received_at=visit.now,
            channel=RawUpload.Channel.PUSH,
            table=visit.call.table,
            address=visit.address or None,
        )
        stored = await self._punches.commit(telling)
        measures.count_punches(stored)
        if telling.log.bad and not telling.log.lines:
            await self._in_hands(self.alarms.unreadable, known, visit.now)
        return counted_reply(visit.call, stored.total)

    async def _reply(self, visit: Visit) -> bytes:
        """Answer a question of a machine."""
        call, known, now = visit.call, visit.known, visit.now
        if call.endpoint is Endpoint.GETREQUEST:
            if known is None or not known.in_service:
                return OK
            if info := call.query.get("info"):
                await self._in_hands(answers.note_info, known, info, now)
            if known.has_commands:
                return await self._in_hands(answers.hand_out, known, now)
            return OK
        if call.query.get("type") == "time":
            return answers.tell_time(call, known, now)
        if call.endpoint is Endpoint.CDATA and "options" in call.query:
            return await self._in_hands(answers.greet, call, known, visit.address, now)
        if call.endpoint is Endpoint.PUSH:
            return answers.configure(call, known)
        return OK

    async def _flush_later(self) -> None:
        await asyncio.sleep(FLUSH_SECONDS)
        self._flushing = None
        await self._flush()

    async def _flush(self) -> None:
        try:
            await self._in_hands(write_contacts, self.contacts.unwritten())
        except Exception as error:
            # Only "last seen" is late by that; the next contact brings it.
            logger.error("machine door: contacts were not written: %s", _where(error))


def _note_failure(reading: "asyncio.Task[None]") -> None:
    """Say that the book stays as it was. Nobody may have waited for it; asyncio would quote it."""
    if not reading.cancelled() and (error := reading.exception()):
        logger.error("machine door: the book was not read: %s", _where(error))


def _where(error: BaseException) -> str:
    """Return the kind and place of a failure, never its words: they may quote a finger."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {frame.name}, {frame.filename}:{frame.lineno}"


@lru_cache(maxsize=4096)
def _read_call(method: str, path: str, query: bytes) -> Call:
    # A terminal sends the same few request lines all day.
    return read_call(method, path, query)
