"""Many requests, one durable commit: whatever arrives while a commit runs goes with the next."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Generic, TypeVar

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


class Overloaded(Exception):
    """So much waits already that more would only wait in vain; the sender comes again."""


class GroupCommit(Generic[ItemT, ResultT]):
    """Collects items in the event loop and writes them, batch by batch, in one thread.

    `write` stores a whole batch durably and returns one result per item. All state lives in the
    event loop, so nothing here needs a lock.
    """

    def __init__(
        self,
        write: Callable[[Sequence[ItemT]], Sequence[ResultT | Exception]],
        thread: Executor,
        *,
        weigh: Callable[[ItemT], int],
        batch_items: int = 256,
        batch_weight: int = 4 * 1024 * 1024,
        most_waiting: int = 64 * 1024 * 1024,
    ) -> None:
        self._write, self._thread, self._weigh = write, thread, weigh
        self._batch_items, self._batch_weight = batch_items, batch_weight
        self._most_waiting = most_waiting
        self._items: list[ItemT] = []
        self._futures: list[asyncio.Future[ResultT]] = []
        self._weight = 0
        self._pump: asyncio.Task[None] | None = None

    def commit(self, item: ItemT) -> "asyncio.Future[ResultT]":
        """Return what is done once the item is stored; it fails as the store failed."""
        if self._weight > self._most_waiting:
            raise Overloaded
        loop = asyncio.get_running_loop()
        future: asyncio.Future[ResultT] = loop.create_future()
        self._items.append(item)
        self._futures.append(future)
        self._weight += self._weigh(item)
        if self._pump is None:
            self._pump = loop.create_task(self._run())
        return future

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while self._items:
            items, futures = self._take()
            try:
                results = await loop.run_in_executor(self._thread, self._write, items)
            except Exception as error:
                results = [error] * len(items)
            for future, result in zip(futures, results, strict=True):
                if future.done():  # its sender hung up meanwhile; the row is stored all the same
                    continue
                if isinstance(result, Exception):
                    future.set_exception(result)
                else:
                    future.set_result(result)
        self._pump = None

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
