"""Everybody and everything, made once for a file of tests and left as it was."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.access.world import World, make_world
from tests.stages import AFTER_THE_MONTH

TEMPLATES = Path(__file__).parent / "templates"


@pytest.fixture(scope="module")
def world(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[World]:
    """The people and the things of two agencies; the clock stands still after their month.

    A file of tests that says `WITHOUT_FRAME` sees pages without the menu around them.
    """
    bare = ["refusals", *(["frame"] if getattr(request.module, "WITHOUT_FRAME", False) else [])]
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(AFTER_THE_MONTH, tick=False), drawn_with(bare):
            yield make_world()
        transaction.set_rollback(True)


def drawn_with(bare: list[str]) -> override_settings:
    """Let "403" and "404" be a line of text: drawing the frame two thousand times takes long."""
    engine: dict[str, Any] = settings.TEMPLATES[0]
    folders = [TEMPLATES / name for name in bare]
    return override_settings(TEMPLATES=[{**engine, "DIRS": [*folders, *engine["DIRS"]]}])
