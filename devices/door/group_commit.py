"""Many requests, one durable commit: whatever arrives while a commit runs goes with the next."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


class Overloaded(Exception):
    """So much waits already that more would only wait in vain; the sender comes again."""


class GroupCommit(Generic[ItemT, ResultT]):
    """Collects items in the event loop and hands them, batch by batch, to its writers.

    A writer stores a whole batch durably and returns one result per item; each works on one batch
    at a time. All state lives in the event loop, so nothing here needs a lock.
    """

    def __init__(
        self,
        writers: Sequence[Callable[[list[ItemT]], Awaitable[Sequence[ResultT | Exception]]]],
        *,
        weigh: Callable[[ItemT], int],
        batch_items: int = 256,
        batch_weight: int = 4 * 1024 * 1024,
        gather_seconds: float = 0.003,
        most_waiting: int = 64 * 1024 * 1024,
    ) -> None:
        self._idle, self._weigh = list(writers), weigh
        self._batch_items, self._batch_weight = batch_items, batch_weight
        self._most_waiting, self._gather_seconds = most_waiting, gather_seconds
        self._items: list[ItemT] = []
        self._futures: list[asyncio.Future[ResultT]] = []
        self._weight = 0
        self._at_work: set[asyncio.Task[None]] = set()
        self._gathered: asyncio.Future[None] | None = None
        self._expected = 0

    def commit(self, item: ItemT) -> "asyncio.Future[ResultT]":
        """Return what is done once the item is stored; it fails as its writer failed."""
        if self._weight > self._most_waiting:
            raise Overloaded
        loop = asyncio.get_running_loop()
        future: asyncio.Future[ResultT] = loop.create_future()
        self._items.append(item)
        self._futures.append(future)
        self._weight += self._weigh(item)
        if self._idle:
            task = loop.create_task(self._run(self._idle.pop()))
            self._at_work.add(task)
            task.add_done_callback(self._at_work.discard)
        elif self._gathered is not None and len(self._items) >= self._expected:
            _finish(self._gathered)
        return future

    async def _run(
        self, write: Callable[[list[ItemT]], Awaitable[Sequence[ResultT | Exception]]]
    ) -> None:
        while self._items:
            items, futures = self._take()
            try:
                results = await write(items)
            except Exception as error:
                results = [error] * len(items)
            for future, result in zip(futures, results, strict=True):
                if future.done():  # its sender hung up meanwhile; the row is stored all the same
                    continue
                if isinstance(result, Exception):
                    future.set_exception(result)
                else:
                    future.set_result(result)
            if len(items) > 1:
                await self._gather(len(items) + len(self._items))
        self._idle.append(write)

    async def _gather(self, expected: int) -> None:
        """Wait for those that were just answered, a moment at most: they are about to come again.

        One commit for all of them costs less than a small one now and a large one after it.
        """
        loop = asyncio.get_running_loop()
        self._gathered, self._expected = loop.create_future(), expected
        timer = loop.call_later(self._gather_seconds, _finish, self._gathered)
        await self._gathered
        timer.cancel()

    def _take(self) -> "tuple[list[ItemT], list[asyncio.Future[ResultT]]]":
        count = weight = 0
        for item in self._items[: self._batch_items]:
            weight += self._weigh(item)
            if count and weight > self._batch_weight:
                weight -= self._weigh(item)
                break
            count += 1
        self._weight -= weight
        items, self._items = self._items[:count], self._items[count:]
        futures, self._futures = self._futures[:count], self._futures[count:]
        return items, futures


def _finish(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)
