import os

import time_machine
from django.apps import AppConfig


class ClockConfig(AppConfig):
    name = "tests.e2e.clock"
    label = "e2e_clock"

    def ready(self) -> None:
        """Start at the moment the walk asks for; from there time passes as always."""
        if start := os.environ.get("SOPAN_TEST_CLOCK"):
            time_machine.travel(start, tick=True).start()
