"""The tables that a run makes once are those of all migrations, on both databases."""

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.db.migrations.loader import MigrationLoader

from organization.models import User
from tests import tables
from tests.servers import scratch_database

APPLIED = "SELECT app, name FROM django_migrations"


def all_migrations() -> set[tuple[str, str]]:
    return set(MigrationLoader(None).graph.nodes)


def test_a_new_installation_with_the_tables_lacks_no_migration(tmp_path: Path) -> None:
    tables.lay(tmp_path)
    with closing(sqlite3.connect(tmp_path / tables.SQLITE)) as database:
        assert set(database.execute(APPLIED)) == all_migrations()


@pytest.mark.postgresql
def test_a_copy_on_postgresql_lacks_no_migration() -> None:
    with (
        scratch_database(like=tables.postgresql_tables()) as url,
        psycopg.connect(url) as database,
    ):
        assert set(database.execute(APPLIED)) == all_migrations()


@pytest.mark.django_db
def test_the_database_of_a_test_has_nobody_in_it() -> None:
    assert not User.objects.exists()


def test_who_asks_at_the_same_time_gets_what_was_made_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(tables.SHARED, str(tmp_path))
    made: list[Path] = []

    def make(folder: Path) -> str:
        made.append(folder)
        return f"number {len(made)}"

    with ThreadPoolExecutor(4) as many:
        answers = list(many.map(lambda _: tables.once("something", make), range(8)))
    assert answers == ["number 1"] * 8
    assert made == [tmp_path]


def test_after_a_failure_the_next_one_makes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(tables.SHARED, str(tmp_path))

    def fail(folder: Path) -> str:
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        tables.once("something", fail)
    assert tables.once("something", lambda folder: "made") == "made"


def test_a_bench_outside_of_a_run_finds_nothing_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(tables.SHARED)
    tables.lay(tmp_path)
    assert os.listdir(tmp_path) == []
    assert tables.postgresql_tables() == ""
