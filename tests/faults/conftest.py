"""An office on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.office import Office
from tests.servers import postgresql_url, scratch_database


@pytest.fixture(
    scope="module",
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)],
)
def office(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """An office with its people, on SQLite (a file) and on PostgreSQL where there is one."""
    folder: Path = tmp_path_factory.mktemp("office")
    if request.param == "sqlite":
        yield prepared(Office(folder))
        return
    if not postgresql_url():
        pytest.skip("PostgreSQL: tidak ada server di localhost")
    with scratch_database() as url:
        yield prepared(Office(folder, url))


def prepared(office: Office) -> Office:
    office.call("staging:prepare")
    return office
