"""Who writes the batches of punches: a thread, or on PostgreSQL the event loop itself.

A thread between loop and database costs two wake-ups for each commit, which is more than the work
of a small one. SQLite lives in this process and needs the thread.
"""

import fcntl
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from devices.door.threads import run
from devices.services import storing, storing_sql
from devices.services.storing import Stored, Telling

LANES = 1
InThread = Callable[..., Awaitable[Any]]
Results = Sequence[Stored | Exception]


def writers(in_thread: InThread) -> list[Callable[[list[Telling]], Awaitable[Results]]]:
    """Return the writers of this process; each keeps a connection of its own."""
    if connection.vendor == "postgresql":
        return [LoopWriter(in_thread).write for _ in range(LANES)]
    return [ThreadWriter(in_thread).write]


class ThreadWriter:
    """Writes in a thread, through Django's connection there, in turn with other processes."""

    def __init__(self, in_thread: InThread) -> None:
        self._in_thread = in_thread

    async def write(self, tellings: list[Telling]) -> Results:
        results: Results = await self._in_thread(store_in_turn, tellings)
        return results


class LoopWriter:
    """Writes what is nothing but new punches without leaving the event loop.

    Whatever else a batch needs (bad lines, punches told otherwise, a body to blame) is done in a
    thread: storing again what is stored changes nothing.
    """

    def __init__(self, in_thread: InThread) -> None:
        self._in_thread = in_thread
        self._connection: psycopg.AsyncConnection[Any] | None = None

    async def write(self, tellings: list[Telling]) -> Results:
        if not storing.all_read(tellings):
            return await self._elsewhere(store_each, tellings)
        rows = storing.prepare(tellings)
        try:
            written = await self._execute(storing_sql.as_json(rows))
        except (psycopg.OperationalError, psycopg.InterfaceError):
            await self._close()
            raise
        except psycopg.Error:
            return await self._elsewhere(store_each, tellings)
        if any(map(storing.was_known, tellings, written)):
            return await self._elsewhere(storing.conclude, tellings, rows, written)
        return storing.conclude(tellings, rows, written)

    async def _elsewhere(self, function: Callable[..., Results], *arguments: Any) -> Results:
        results: Results = await self._in_thread(function, *arguments)
        return results

    async def _execute(self, told: str) -> list[storing_sql.Written]:
        if self._connection is None or self._connection.closed:
            self._connection = await _connect()
        cursor = await self._connection.execute(storing_sql.WRITE, [told])
        return storing_sql.in_order(await cursor.fetchall())

    async def _close(self) -> None:
        if self._connection is not None:
            await self._connection.close()
            self._connection = None


async def _connect() -> "psycopg.AsyncConnection[Any]":
    """Connect as Django does, without what belongs to its cursors."""
    parameters = connection.get_connection_params()
    for name in ("cursor_factory", "context"):
        parameters.pop(name, None)
    return await psycopg.AsyncConnection.connect(**parameters, autocommit=True)


def store_in_turn(tellings: Sequence[Telling]) -> Results:
    """Store a batch when no other door writes.

    SQLite has one writer at a time, and whoever finds another sleeps up to a tenth of a second
    before he asks again; waiting for a lock of the system ends when the other does.
    """
    with (Path(settings.DATA_DIR) / "door-turn.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        return store_each(tellings)


def store_each(tellings: Sequence[Telling]) -> Results:
    """Store a batch; when it fails for another reason than the database, find the one to blame."""
    try:
        return run(storing.store, tellings)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        if len(tellings) == 1:
            return [error]
        return [result for telling in tellings for result in store_each([telling])]
