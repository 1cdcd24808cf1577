"""One database full of measured visits; run by `python -m bench.audit`."""

import json
import os
import sys
from typing import Any

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()

from django.core.management import call_command
from django.utils.http import urlencode

from bench.measure import probe
from bench.pages import browser, measure_page
from bench.tasks_office import LAST, MONTHS, SOP, grow, make_office, settle
from processes.models import Task, VisitTiming
from workflows.definitions import TaskKind

PAGES = {
    "summary": "/audit/",
    "heat": "/audit/peta/",
    "returns": "/audit/pengembalian/",
    "waiting": "/audit/menunggu/",
    "trends": "/audit/tren/",
    "conformance": "/audit/kepatuhan/",
    "rows": "/audit/baris/",
}
LATEST = f"{LAST:%Y-%m}"
SCOPES = {
    "year": {"sop": SOP, "dari": f"{LAST.year - 1}-{LAST.month + 1:02}", "sampai": LATEST},
    "agency": {"sop": SOP, "sampai": LATEST, "pd": "pd01"},
    "everything": {"sop": SOP, "dari": f"{LAST.year - MONTHS // 12}-01", "sampai": LATEST},
}


def measure(rounds: int, tasks: int) -> dict[str, Any]:
    """Return the figures of every page in every scope."""
    call_command("migrate", verbosity=0)
    office = make_office()
    grow(office, tasks=tasks, waiting=tasks // 60, timings=True)
    settle()
    client = browser(office.auditor)
    return {
        "tasks": Task.objects.count(),
        "visits": VisitTiming.objects.filter(kind=TaskKind.USER).count(),
        "scopes": {
            scope: {
                name: measure_page(client, f"{address}?{urlencode(chosen)}", rounds=rounds)
                for name, address in PAGES.items()
            }
            for scope, chosen in SCOPES.items()
        },
        "cpu_probe_ms": probe(),
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
