"""Requests are counted from the beginning in each test; the hall's SOP has its people."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.conf import LazySettings
from django.core.cache import cache

from tests.cast import NOW, Cast, appoint

SOPS = Path(__file__).parents[1] / "sops"


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def at_work() -> Iterator[None]:
    """Let it be a moment of a working day of the cast."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def hall(cast: Cast, settings: LazySettings, at_work: None) -> Cast:
    """The cast with the roles of the hall's SOP, which no code knows."""
    settings.SOP_ROOTS = [SOPS]
    for user, role in (
        (cast.admin, "Resepsionis"),
        (cast.operator, "Pengurus Aula"),
        (cast.operator2, "Teknisi Suara"),
        (cast.superior, "Penyelia Aula"),
    ):
        appoint(user, role, cast.agency)
    return cast
