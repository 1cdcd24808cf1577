"""Between processes: numbers given at the same moment, a rotation of keys that is killed."""

import signal
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import pytest

from devices.simulator.machine import synthetic_template
from tests import tables
from tests.office import Office
from tests.servers import postgresql_url, scratch_database

pytestmark = [
    pytest.mark.xdist_group("device-processes"),
    pytest.mark.long,
    pytest.mark.timeout(600),
]
ACTS = "tests.devices.office_acts"


@dataclass(frozen=True)
class KeyedOffice(Office):
    """An office whose keys are these, the newest first."""

    keys: str = "kunci-lama"

    def environment(self, **more: str) -> dict[str, str]:
        return super().environment(SOPAN_FIELD_KEYS=self.keys, **more)

    def with_keys(self, keys: str) -> "KeyedOffice":
        return KeyedOffice(self.folder, self.database_url, keys)


@pytest.fixture(
    scope="module",
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)],
)
def office(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[KeyedOffice]:
    """Two agencies, on SQLite (a file) and on PostgreSQL where there is one."""
    folder = tmp_path_factory.mktemp("office")
    if request.param == "sqlite":
        tables.lay(folder)
        yield _founded(KeyedOffice(folder))
        return
    if not postgresql_url():
        pytest.skip("PostgreSQL: tidak ada server di localhost")
    with scratch_database(like=tables.postgresql_tables()) as url:
        yield _founded(KeyedOffice(folder, url))


def _founded(office: KeyedOffice) -> KeyedOffice:
    office.call(f"{ACTS}:found", codes=["satu", "dua"], people=40)
    return office


def test_numbers_given_by_four_processes_at_once_are_all_different(office: KeyedOffice) -> None:
    children = [
        office.begin(f"{ACTS}:give_numbers", code=code) for code in ("satu", "dua", "satu", "dua")
    ]
    for child in children:
        child.wait_until_ready()
    for child in children:
        child.go("")
    given = [child.answer() for child in children]
    assert sorted(chain(*given)) == list(range(1001, 1081))
    stored = office.call(f"{ACTS}:numbers")
    assert sorted(number for _, number in stored) == list(range(1001, 1081))
    assert sorted(map(len, given)) == [0, 0, 40, 40]  # each agency was served once


def in_clear(office: KeyedOffice) -> list[str]:
    """Return the files of the office in which a finger or a body with fingers can be read."""
    data = synthetic_template("0")
    shapes = [data[40:64], data[40:64].hex().encode(), b"FP PIN="]
    shapes += [b64encode(data[n : n + 24]) for n in (39, 40, 41)]
    files = [path for path in office.folder.rglob("*") if path.is_file()]
    return [path.name for path in files if any(shape in path.read_bytes() for shape in shapes)]


@pytest.mark.fault("F57")
def test_a_killed_rotation_leaves_all_readable_and_is_taken_up(office: KeyedOffice) -> None:
    office.call(f"{ACTS}:fill", code="satu", fingers=30, bodies=10)
    before = office.call(f"{ACTS}:look")
    assert in_clear(office) == []
    assert before["newest"] == before["total"] == 41

    rotating = office.with_keys("kunci-baru,kunci-lama")
    child = rotating.begin(f"{ACTS}:rotate")
    child.wait_until_ready()
    child.go("")
    assert child.process.stdout is not None
    assert child.process.stdout.readline() == "DONE 5\n"
    child.process.send_signal(signal.SIGKILL)
    child.process.communicate()
    halfway = rotating.call(f"{ACTS}:look")
    assert 5 <= halfway["newest"] < 41
    assert halfway["content"] == before["content"]

    second = rotating.begin(f"{ACTS}:rotate")
    second.wait_until_ready()
    second.go("")
    second.answer()
    after = office.with_keys("kunci-baru").call(f"{ACTS}:look")  # the old key is gone
    assert after == {"content": before["content"], "newest": 41, "total": 41}
