"""The page of measures: what the processes counted, and what the rows say, in Prometheus' words."""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator

from django.db import connections
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from config.metrics.rows import rows
from config.serving import MEASURES
from foundation.measures import REGISTRY

logger = logging.getLogger(__name__)

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
SECONDS = 5.0  # that the database is given
KEEP = 10.0  # seconds; several may measure at once


class Rows(Collector):
    """What the rows say, asked in a thread so that a database that hangs holds nobody up."""

    def __init__(self, ask: Callable[[], Iterator[Metric]] = rows) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._told: list[Metric] = []
        self._until = 0.0

    def collect(self) -> Iterator[Metric]:
        with self._lock:
            fresh = time.monotonic() < self._until or self._asked()
            if fresh:
                yield from self._told
        yield GaugeMetricFamily(
            "sopan_database_up", "1 while the database answers.", value=int(fresh)
        )

    def _asked(self) -> bool:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._fetch, name="metrics-rows", daemon=True)
            self._thread.start()
        self._thread.join(SECONDS)
        return time.monotonic() < self._until

    def _fetch(self) -> None:
        try:
            self._told = list(self._ask())
            self._until = time.monotonic() + KEEP
        except Exception as error:
            # Never its words: they may hold the address of the database.
            logger.warning("metrics: rows were not read: %s", type(error).__name__)
        finally:
            connections.close_all()


ROWS = Rows()


def written() -> bytes:
    """Return all measures as text: of every server process, and of the rows."""
    registry = CollectorRegistry()
    if os.environ.get(MEASURES):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(_Own())
    registry.register(ROWS)
    return generate_latest(registry)


class _Own(Collector):
    """What this process counted, where it is the only one."""

    def collect(self) -> Iterator[Metric]:
        return iter(REGISTRY.collect())
