"""Work in threads of the door, each of which keeps a database connection."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import connection

T = TypeVar("T")


class Threads:
    """A few threads for what would hold up the event loop."""

    def __init__(self, count: int, name: str) -> None:
        self._pool = ThreadPoolExecutor(count, name)

    def __call__(self, function: Callable[..., T], *arguments: Any) -> Awaitable[T]:
        loop = asyncio.get_running_loop()
        return loop.run_in_executor(self._pool, run, function, *arguments)


def run(function: Callable[..., T], *arguments: Any) -> T:
    """Run in a thread of ours; after a failure the next run gets a new database connection."""
    try:
        return function(*arguments)
    except Exception:
        if not connection.in_atomic_block:
            connection.close()
        raise
