"""How often a program may ask: so many requests in each minute, counted in the cache.

With Django's cache in memory each server process counts for itself; `CACHE_URL` makes them count
together.
"""

import time

from django.core.cache import cache

from organization.api.problems import ApiProblem

WINDOW = 60  # seconds


def count(name: str, *, most: int) -> None:
    """Count one more under this name; raise `ApiProblem` 429 when that is too many."""
    now = time.time()
    window, left = int(now // WINDOW), WINDOW - int(now % WINDOW)
    key = f"api:{name}:{window}"
    # What runs out is only forgotten: nothing depends on it beyond its minute.
    cache.add(key, 0, timeout=2 * WINDOW)
    try:
        used = cache.incr(key)
    except ValueError:
        return  # the cache forgot it in between
    if used > most:
        raise ApiProblem(
            429,
            f"Paling banyak {most} permintaan per menit; coba lagi dalam {left} detik.",
            headers={"Retry-After": str(left)},
        )
