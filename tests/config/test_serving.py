"""What a server process does once it is up."""

import gc
from collections.abc import Iterator

import pytest

from config import serving


@pytest.fixture
def collector() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.mark.usefixtures("collector")
def test_what_lives_as_long_as_the_process_is_not_looked_through_for_waste() -> None:
    serving.post_worker_init(worker=None)
    loaded = gc.get_freeze_count()
    assert loaded > 50_000
    assert len(gc.get_objects()) < loaded / 10


@pytest.mark.usefixtures("collector")
def test_waste_of_pages_is_still_found() -> None:
    serving.post_worker_init(worker=None)
    ring: list[object] = []
    ring.append(ring)
    del ring
    assert gc.collect() > 0
