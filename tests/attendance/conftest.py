"""The day after April, and a short SOP over one month, played through the services."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.conf import LazySettings

from processes.models import Instance
from processes.services import start_process
from tests.attendance.people import AFTER_APRIL
from tests.cast import Cast

SOPS = Path(__file__).parent / "sops"


@pytest.fixture
def instance(cast: Cast, settings: LazySettings) -> Instance:
    """An instance for April 2026 that waits for the letters of the period."""
    settings.SOP_ROOTS = [SOPS]
    return start_process(
        definition_key="rekap_singkat",
        agency=cast.agency,
        subject="2026-04",
        actor_user=cast.operator,
        now=AFTER_APRIL,
    )


@pytest.fixture
def the_fourth_of_may() -> Iterator[None]:
    """April is over; the clock goes on from there."""
    with time_machine.travel(AFTER_APRIL, tick=True):
        yield
