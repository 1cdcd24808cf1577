"""One database that grows from size to size; run by `python -m bench.inbox`.

Each argument is a size: task rows and how many of them wait in the person's queue, `1000000:16000`.
"""

import json
import os
import sys
from typing import Any

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()

from django.core.management import call_command
from django.utils import timezone

from bench.measure import probe
from bench.pages import browser, measure_page
from bench.tasks_office import grow, make_office, settle
from processes import queries
from processes.models import Task

PAGES = {
    "queue": "/tugas/antrean/",
    "inbox": "/tugas/",
    "archive": "/tugas/riwayat/",
    "page_40": "/tugas/antrean/?page=40",
    "search": "/tugas/antrean/?q=gajah",
}


def measure(rounds: int, sizes: list[tuple[int, int]]) -> list[dict[str, Any]]:
    """Return the figures of the pages at each size; the sizes ascend."""
    call_command("migrate", verbosity=0)
    office = make_office()
    client, found = browser(office.person), []
    for tasks, waiting in sizes:
        grow(office, tasks=tasks, waiting=waiting)
        settle()
        mandates = queries.queue_parts(queries.lanes_of(office.person, timezone.now()))
        found.append(
            {
                "tasks": Task.objects.count(),
                "queue": sum(part.count() for part in mandates),
                "pages": {
                    name: measure_page(client, address, rounds=rounds)
                    for name, address in PAGES.items()
                },
                "cpu_probe_ms": probe(),
            }
        )
    return found


if __name__ == "__main__":
    pairs = [(int(tasks), int(queue)) for tasks, queue in (a.split(":") for a in sys.argv[2:])]
    print(json.dumps(measure(int(sys.argv[1]), pairs)))
