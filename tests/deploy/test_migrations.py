"""A migration may be applied while the version before it still runs, and holds no long lock.

What a migration must not do is said in docs/operations.md ("Memperbarui"). Those that were there
before the rule stand in migrations_before.txt; a new one never gets in there: it is split instead.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.example import ROOT

ROOMS = ("foundation", "organization", "processes", "devices", "documents", "attendance")
BEFORE = (Path(__file__).with_name("migrations_before.txt")).read_text().split()
# One of those before the rule, by which the test knows that the linter looks.
OFFENDER = "processes.0006_message_about"


def migrations() -> list[str]:
    return [
        f"{room}.{path.stem}"
        for room in ROOMS
        for path in sorted((ROOT / room / "migrations").glob("0*.py"))
    ]


@pytest.mark.postgresql
def test_a_new_migration_locks_nobody_out_and_lets_the_old_version_go_on(
    postgresql_database: str, tmp_path: Path
) -> None:
    newer = [name for name in migrations() if name not in BEFORE]
    environment = os.environ | {"DATABASE_URL": postgresql_database, "SOPAN_DATA": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.deploy.lint_migrations", *newer, OFFENDER],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.rpartition("FOUND ")[2])
    assert [what for what in found if not what.startswith(OFFENDER)] == []
    assert found, "the linter found nothing at a migration that it must find something at"


def test_the_list_of_those_before_the_rule_names_nothing_that_is_gone() -> None:
    assert set(BEFORE) - set(migrations()) == set()
