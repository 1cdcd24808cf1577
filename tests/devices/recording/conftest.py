"""Two machines, and the procedure played between them."""

from collections.abc import Iterator

import pytest

from devices.services import sessions
from tests.cast import Cast
from tests.devices.anew_runs import Run
from tests.devices.simulators import Simulator, simulator


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "TIMEOUT", 2.0)
    monkeypatch.setattr(sessions, "CALL_TIMEOUT", 4.0)


@pytest.fixture
def lobby() -> Iterator[Simulator]:
    with simulator("LOBBY0001") as machine:
        yield machine


@pytest.fixture
def hall() -> Iterator[Simulator]:
    with simulator("AULA00002") as machine:
        yield machine


@pytest.fixture
def run(cast: Cast, lobby: Simulator, hall: Simulator) -> Run:
    return Run(cast, (lobby, hall))
