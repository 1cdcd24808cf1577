"""Run the demo's fingerprint machines beside the site: `manage.py demo_machines`.

In them lives what an office has people for: whoever becomes a user of the first machine presses a
finger there within seconds, so that the stages of the SOP can be tried without a terminal.
"""

import signal
import time
from types import FrameType
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from config.demo.fleet import PORTS
from config.demo.machines import running
from config.demo.office import read_script
from config.demo.passwords import demo_password_file

PRESS_EVERY = 3.0  # seconds
FOREFINGER = 6


class Command(BaseCommand):
    help = "Menjalankan tiga mesin sidik jari simulasi milik demo (127.0.0.1, port 43701-43703)."

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, _stop)
        try:
            if not demo_password_file().exists():
                _wait_forever()  # no demo here: nothing to run, and nothing to stop the others for
            serials = [row["serial"] for row in read_script()["machines"]]
            with running(serials, first_port=PORTS) as machines:
                while True:
                    machines[serials[0]].tell(f"enrol_all {FOREFINGER}")
                    time.sleep(PRESS_EVERY)
        except KeyboardInterrupt:
            return


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _wait_forever() -> NoReturn:
    while True:
        time.sleep(3600)
