"""Tests that show one of the sixty faults carry its number in their name: `test_…[F7]`.

`@pytest.mark.fault("F7")`, or a name like `test_f59_…`; `make faults` runs them all. The faults, and
which of them are open, stand in tests/faults/faults.toml; tests/test_faults.py holds both together.
"""

import re
from collections.abc import Generator
from typing import Any

import pytest

BY_NAME = re.compile(r"^test_f(\d\d?)_")


def numbers_of(item: pytest.Item) -> list[str]:
    """Return the faults that a test shows, in order."""
    marked = [str(number) for mark in item.iter_markers("fault") for number in mark.args]
    if named := BY_NAME.match(getattr(item, "originalname", "") or item.name):
        marked.append(f"F{int(named[1])}")
    return sorted(set(marked), key=lambda number: int(number[1:]))


@pytest.hookimpl(wrapper=True)
def pytest_pycollect_makeitem() -> Generator[None, Any, Any]:
    made = yield
    for item in made if isinstance(made, list) else []:
        if isinstance(item, pytest.Function) and (numbers := numbers_of(item)):
            _rename(item, "-".join(numbers))
            if item.get_closest_marker("fault") is None:
                item.add_marker(pytest.mark.fault(*numbers))
    return made


def _rename(item: pytest.Function, told: str) -> None:
    """Write the numbers into the name, where a report and the command line read it."""
    name = f"{item.name[:-1]}-{told}]" if item.name.endswith("]") else f"{item.name}[{told}]"
    item._nodeid = item.nodeid[: -len(item.name)] + name
    item.name = name
