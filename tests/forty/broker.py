"""A broker that nobody else uses, for as long as it is needed.

`SOPAN_TEST_BROKER` is "redis" (or nothing): an empty database of the Redis here; or the URL of a
RabbitMQ ("amqp://guest:guest@127.0.0.1:5672//") in which nobody has any messages or workers.
"""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Any

import kombu
import redis

from tests.servers import HOST

BROKER = os.environ.get("SOPAN_TEST_BROKER") or "redis"
DATABASES = range(15, 0, -1)  # 0 is where an installation would work
TAKEN = "sopan-uji"
QUEUE = "celery"  # of every Celery that names no other
untyped: Any = kombu


def own_broker() -> AbstractContextManager[str]:
    """Take a broker for oneself; gives its URL, leaves it empty."""
    if BROKER == "redis":
        return _own_redis()
    if BROKER.startswith("amqp"):
        return _own_rabbitmq(BROKER)
    raise RuntimeError(f"SOPAN_TEST_BROKER is {BROKER!r}: neither redis nor amqp://...")


@contextmanager
def _own_redis() -> Iterator[str]:
    for number in DATABASES:
        url = f"redis://{HOST}:6379/{number}"
        with closing(redis.Redis.from_url(url)) as client:
            if client.dbsize() or not client.set(TAKEN, os.getpid(), nx=True):
                continue
            try:
                yield url
            finally:
                client.flushdb()
            return
    raise RuntimeError("no database of this Redis is empty")


@contextmanager
def _own_rabbitmq(url: str) -> Iterator[str]:
    with untyped.Connection(url, connect_timeout=10) as connection:
        connection.ensure_connection(max_retries=1)
        with connection.channel() as channel:
            _refuse_if_used(channel)
        try:
            yield url
        finally:
            with connection.clone() as afterwards, afterwards.channel() as channel:
                channel.queue_delete(QUEUE)


def _refuse_if_used(channel: Any) -> None:
    told = channel.queue_declare(QUEUE, durable=True, auto_delete=False)
    if told.message_count or told.consumer_count:
        raise RuntimeError(
            f"this RabbitMQ is somebody's: {told.message_count} messages wait in {QUEUE!r},"
            f" {told.consumer_count} workers listen"
        )
