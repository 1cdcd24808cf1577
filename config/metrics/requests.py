"""Requests of people and programs, counted and timed by the name of the page."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Gauge, Histogram

from foundation.measures import BUCKETS, REGISTRY

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NOWHERE = "none"  # refused before a page was found

REQUESTS = Counter(
    "sopan_requests", "Requests answered.", ["view", "method", "status"], registry=REGISTRY
)
SECONDS = Histogram(
    "sopan_request_seconds", "Time until a request was answered.", ["view", "method"],
    buckets=BUCKETS, registry=REGISTRY,
)  # fmt: skip
PROCESSES = Gauge(
    "sopan_web_processes", "Processes of the web server.", multiprocess_mode="livesum",
    registry=REGISTRY,
)  # fmt: skip


class MeasuringMiddleware:
    """Counts and times what the site answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        PROCESSES.set(1)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        view = (match.view_name if match else "") or NOWHERE
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(view, method, response.status_code).inc()
        SECONDS.labels(view, method).observe(time.perf_counter() - begun)
        return response
