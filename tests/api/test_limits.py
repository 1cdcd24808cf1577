"""Requests are counted by all processes of a server together where they share a cache."""

import os
import subprocess
import sys
from uuid import uuid4

import pytest

COUNTING = """
import sys, django
django.setup()
from organization.api import limits
from organization.api.problems import ApiProblem
limits.time.time = lambda: 1_700_000_000.0  # both processes in the same minute
told = []
for _ in range(int(sys.argv[2])):
    try:
        limits.count(sys.argv[1], most=5)
        told.append("200")
    except ApiProblem as problem:
        told.append(str(problem.status))
print(*told)
"""


def counted(name: str, times: int, **environment: str) -> list[str]:
    """Count in a process of its own; return what each request was told."""
    given = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", **environment}
    done = subprocess.run(
        [sys.executable, "-c", COUNTING, name, str(times)],
        env=given, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.split()


@pytest.mark.redis
def test_two_processes_count_together_on_redis() -> None:
    name, shared = f"uji:{uuid4().hex}", {"CACHE_URL": "redis://127.0.0.1:6379/0"}
    assert counted(name, 4, **shared) == ["200"] * 4
    assert counted(name, 3, **shared) == ["200", "429", "429"]


def test_without_it_each_process_counts_for_itself() -> None:
    name = f"uji:{uuid4().hex}"
    assert counted(name, 4, CACHE_URL="") == ["200"] * 4
    assert counted(name, 3, CACHE_URL="") == ["200"] * 3
