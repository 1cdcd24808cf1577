"""What a check of a machine tells."""

import pytest
from django.utils import timezone

from devices import services
from foundation.actors import SYSTEM
from tests.cast import Cast
from tests.devices.make import device_at
from tests.devices.simulators import simulator


def test_a_check_tells_how_far_the_clock_is_off(cast: Cast) -> None:
    with simulator(clock_offset=-3600) as machine:
        device = device_at(cast.agency, machine)
        services.check_device(device=device, actor=SYSTEM, now=timezone.now())
        device.refresh_from_db()
        assert device.clock_offset == pytest.approx(-3600, abs=2)
        services.set_clock(device=device, actor=SYSTEM, now=timezone.now())
        device.refresh_from_db()
        assert device.clock_offset == pytest.approx(0, abs=2)
