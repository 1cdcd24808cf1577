"""Every variable that the code reads is explained in deploy/sopan.env.example, and no other."""

import re
from itertools import pairwise
from pathlib import Path

from config.env import IN_FILES
from tests.deploy.example import DEPLOY, ROOT, named

READ = re.compile(
    r"""(?:environ\.get\(|environ\[|getenv\(|env_[a-z]+\()\s*["']([A-Z][A-Z0-9_]+)["']"""
)
ROOMS = (
    "config",
    "attendance",
    "documents",
    "devices",
    "processes",
    "organization",
    "workflows",
    "foundation",
)
NOT_OURS = {
    "DJANGO_SETTINGS_MODULE",  # Django's own
    "HOME",
    "PATH",
    "SOPAN_QUANTILES",  # of the measurements alone
}


def read_by_the_code() -> set[str]:
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    found = {name for path in files for name in READ.findall(Path(path).read_text())}
    return (found | set(IN_FILES) | {f"{name}_FILE" for name in IN_FILES}) - NOT_OURS


def test_the_example_names_every_variable_that_the_code_reads() -> None:
    assert read_by_the_code() - set(named()) == set()


def test_the_example_names_no_variable_that_nobody_reads() -> None:
    assert set(named()) - read_by_the_code() == set()


def test_the_example_names_each_variable_once_and_explains_it() -> None:
    assert sorted(named()) == sorted(set(named()))
    blocks = (DEPLOY / "sopan.env.example").read_text().split("\n")
    unexplained = [line for above, line in pairwise(blocks) if "=" in line and not above]
    assert unexplained == []


def test_the_example_holds_no_secret() -> None:
    text = (DEPLOY / "sopan.env.example").read_text()
    values = dict(re.findall(r"^#?(\w+)=(.*)$", text, re.MULTILINE))
    assert {name: values[name] for name in IN_FILES if values.get(name)} == {}
    assert values["SOPAN_DEMO_PASSWORD"] == ""
