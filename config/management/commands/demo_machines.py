"""Run the demo's fingerprint machines beside the site: `manage.py demo_machines`.

In them lives what an office has people for: whoever becomes a user of the first machine presses a
finger there within seconds, and people come and go at the terminal that calls by itself, so that
the stages of the SOP can be tried without a machine.
"""

import os
import random
import signal
import time
from types import FrameType
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.db import OperationalError
from django.utils import timezone

from config.demo.fleet import PORTS
from config.demo.machines import SimulatedMachine, calling, running
from config.demo.office import read_script
from config.demo.passwords import demo_password_file
from devices.models import Device, DeviceUser

PRESS_EVERY = 3.0  # seconds
FOREFINGER = 6
OPEN_HOURS = range(6, 18)
CHANCE = random.Random()  # noqa: S311  who comes when is no secret
SOMEBODY_COMES = 0.1  # how likely at each turn


class Command(BaseCommand):
    help = (
        "Menjalankan mesin sidik jari simulasi milik demo: tiga yang ditarik (127.0.0.1, port "
        "43701-43703) dan satu yang memanggil server ini (ADMS)."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, _stop)
        try:
            if not demo_password_file().exists():
                _wait_forever()  # no demo here: nothing to run, and nothing to stop the others for
            self._run()
        except KeyboardInterrupt:
            return

    def _run(self) -> None:
        script = read_script()
        serials = [row["serial"] for row in script["machines"]]
        serial = script["terminal"]["serial"]
        server = f"http://127.0.0.1:{os.environ.get('SOPAN_PORT', '8000')}"
        with (
            running(serials, first_port=PORTS) as machines,
            calling(serial, server=server, control_port=PORTS + 100 + len(serials)) as terminal,
        ):
            while True:
                self._live(machines[serials[0]], terminal)
                time.sleep(PRESS_EVERY)

    def _live(self, machine: SimulatedMachine, terminal: SimulatedMachine) -> None:
        """Do what people do in a moment; what fails on a busy computer is done at the next.

        The site, which runs beside, would stop with this command.
        """
        try:
            machine.tell(f"enrol_all {FOREFINGER}")
            _let_somebody_come(terminal)
        except (OSError, OperationalError) as error:
            self.stderr.write(f"Mesin simulasi: {error}; dicoba lagi.")


def _let_somebody_come(terminal: SimulatedMachine) -> None:
    """Let one of the people on the terminal press a finger now and then, in the day."""
    at = timezone.localtime()
    if at.hour not in OPEN_HOURS or at.weekday() > 4 or CHANCE.random() > SOMEBODY_COMES:
        return
    there = DeviceUser.objects.filter(
        device__serial=terminal.serial, device__state=Device.State.ACTIVE
    )
    if pins := list(there.values_list("pin__number", flat=True)):
        terminal.tell(f"punch {CHANCE.choice(pins)}")


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _wait_forever() -> NoReturn:
    while True:
        time.sleep(3600)
