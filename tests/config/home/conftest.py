"""Numbers that are kept for a moment are not kept from one test to the next."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.core.cache import cache

from processes.models import Instance
from processes.services import start_process
from tests.attendance.conftest import SOPS
from tests.cast import NOW, Cast


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def three_months(cast: Cast, settings: LazySettings) -> list[Instance]:
    """Three months of a short SOP, each of which waits in a queue."""
    settings.SOP_ROOTS = [SOPS]
    return [
        start_process(
            definition_key="rekap_singkat",
            agency=cast.agency,
            subject=f"2026-0{month}",
            actor_user=cast.operator,
            now=NOW,
        )
        for month in (2, 3, 4)
    ]
