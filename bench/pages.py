"""Pages as Django's test client opens them, in this process: time of the server alone."""

import statistics
import time
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organization.models import User

WARMING = 8  # PostgreSQL settles on a plan with the sixth time it is asked


def browser(user: User) -> Client:
    """Return a client that is signed in."""
    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.force_login(user)
    return client


def measure_page(client: Client, address: str, *, rounds: int) -> dict[str, Any]:
    """Return milliseconds (median, lowest, highest), queries and bytes of a page.

    RuntimeError where the page is not shown.
    """
    times = []
    for number in range(WARMING + rounds):
        begun = time.perf_counter()
        response = client.get(address)
        if number >= WARMING:
            times.append(1000 * (time.perf_counter() - begun))
    with CaptureQueriesContext(connection) as asked:
        response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address}: {response.status_code}")
    return {
        "median": statistics.median(times),
        "lowest": min(times),
        "highest": max(times),
        "queries": len(asked),
        "bytes": len(response.content),
    }
