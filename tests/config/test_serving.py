"""What a server process does once it is up."""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from config import serving
from workflows import repository


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


def test_the_sops_are_read_before_anybody_asks_for_one(tmp_path: Path) -> None:
    asked = (
        "from config import asgi; from workflows import repository;"
        "print(*sorted(folder.name for folder in repository._signatures))"
    )
    environment = os.environ | {"SOPAN_DATA": str(tmp_path), "SOPAN_DEMO": "none"}
    done = subprocess.run(
        [sys.executable, "-c", asked], env=environment, cwd=settings.BASE_DIR,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    names = done.stdout.split()
    assert "pengelolaan_e_absensi" in names
    assert len(names) == sum(1 for _ in repository.folders())
