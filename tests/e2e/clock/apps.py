import os
import time
from datetime import datetime, timedelta

import time_machine
from django.apps import AppConfig


class ClockConfig(AppConfig):
    name = "tests.e2e.clock"
    label = "e2e_clock"

    def ready(self) -> None:
        """Start at the moment the walk asks for; from there time passes as always.

        The processes of one office begin seconds apart and yet have one clock: it stood at that
        moment when the walk typed `make run` (`SOPAN_TEST_CLOCK_SINCE`, seconds of the real clock).
        """
        if start := os.environ.get("SOPAN_TEST_CLOCK"):
            passed = time.time() - float(os.environ["SOPAN_TEST_CLOCK_SINCE"])
            now = datetime.fromisoformat(start) + timedelta(seconds=passed)
            time_machine.travel(now, tick=True).start()
            # It begins to tick when it is first asked. That may be seconds later on a busy machine:
            # then what one process sends has expired, or is yet to come, for the next.
            time.time()
