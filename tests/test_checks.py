"""The checks of the house, each as one test: style, types, rooms, SOP files, migrations."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent  # the environment that runs the tests has them all

# One after the other on one worker: together they would take the whole machine.
pytestmark = [pytest.mark.xdist_group("checks"), pytest.mark.timeout(600)]


def run(*command: str) -> None:
    """Fail with what the program says, unless it is content."""
    environment = os.environ | {"PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.fail(f"{' '.join(command)}\n{done.stdout}{done.stderr}", pytrace=False)


def test_the_code_has_no_mistakes_that_ruff_finds() -> None:
    run("ruff", "check", ".")


def test_the_code_is_formatted() -> None:
    run("ruff", "format", "--check", ".")


def test_the_code_has_no_weakness_that_bandit_finds() -> None:
    run("bandit", "--quiet", "--configfile", "pyproject.toml", "--recursive", ".")


def test_the_types_hold() -> None:
    run("mypy", ".")


def test_each_room_imports_only_the_rooms_below_it() -> None:
    run("lint-imports")


def test_django_and_the_sop_files_have_no_mistakes() -> None:
    run(sys.executable, "manage.py", "check", "--fail-level", "WARNING")


def test_every_change_of_a_model_has_its_migration() -> None:
    run(sys.executable, "manage.py", "makemigrations", "--check", "--dry-run")
