"""An installation that pulls a log twice: run by `python -m bench.pulling --store`."""

import json
import os
import sys
import time

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

from django.core.management import call_command
from django.utils import timezone

from bench.pulling_child import peak_mb
from devices import services
from foundation.actors import SYSTEM
from tests.cast import make_agency
from tests.devices.make import make_device


def main(serial: str, port: int) -> None:
    call_command("migrate", verbosity=0)
    device = make_device(make_agency(), serial, port=port)
    seconds, accepted = [], []
    for _ in range(2):
        started = time.perf_counter()
        report = services.pull_punches(device=device, actor=SYSTEM, now=timezone.now())
        seconds.append(time.perf_counter() - started)
        accepted.append(report.accepted)
    print(
        json.dumps(
            {
                "first_seconds": seconds[0], "again_seconds": seconds[1],
                "accepted": accepted[0], "again_accepted": accepted[1],
                "peak_mb": peak_mb("self"),
            }
        )
    )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
