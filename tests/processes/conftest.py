"""A short SOP of two people, one automatic step and a timer, played through the services."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from foundation.outbox import Postponed
from processes.models import Instance
from processes.services import start_process
from tests.cast import NOW, Cast
from workflows.registry import Missing, Result, StepContext, guard, operation

SOPS = Path(__file__).parent / "sops"


class World:
    """What the registered test functions see and do: `missing` refuses, `noted` remembers."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.missing: list[Missing] = []
        self.noted: list[int] = []
        self.broken = False
        self.waits = ""  # what the system still waits for


WORLD = World()


@guard("tests.ready")
def ready(context: StepContext) -> list[Missing]:
    return WORLD.missing


@operation("tests.note", binding=False)
def note(context: StepContext) -> Result:
    if WORLD.broken:
        raise ConnectionError("mesin tidak menjawab")
    if WORLD.waits:
        raise Postponed(WORLD.waits, timedelta(seconds=5))
    WORLD.noted.append(context.visit)
    return Result(note=f"tercatat ({context.form['isi']})")


@pytest.fixture
def world() -> World:
    WORLD.reset()
    return WORLD


@pytest.fixture
def instance(cast: Cast, world: World, settings: LazySettings) -> Instance:
    """A running instance that waits at its first step."""
    settings.SOP_ROOTS = [SOPS]
    return begin(cast)


def begin(cast: Cast, **changes: Any) -> Instance:
    values: dict[str, Any] = {
        "definition_key": "permohonan_singkat",
        "agency": cast.agency,
        "subject": "Cuti Joko",
        "actor_user": cast.operator,
        "now": NOW,
    }
    return start_process(**(values | changes))
