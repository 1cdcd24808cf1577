"""Tests that show one of the sixty faults carry its number in their name: `test_...[F7]`.

`@pytest.mark.fault("F7")`, or a name like `test_f59_...`; `make faults` runs them all. The faults,
and which of them are open, stand in tests/faults/faults.toml; tests/test_faults.py holds both
together.
"""

import re

import pytest

BY_NAME = re.compile(r"^test_f(\d\d?)_")
PARAMETER = "fault_numbers"


def named(function: str) -> list[str]:
    """Return the fault that the name of a test says it shows."""
    found = BY_NAME.match(function)
    return [f"F{int(found[1])}"] if found else []


@pytest.fixture
def fault_numbers() -> str:
    """Take the parameter that puts the numbers into a test's name."""
    return ""


@pytest.hookimpl(trylast=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    marked = [number for mark in metafunc.definition.iter_markers("fault") for number in mark.args]
    numbers = sorted({*marked, *named(metafunc.function.__name__)}, key=lambda told: int(told[1:]))
    if numbers:
        metafunc.fixturenames.append(PARAMETER)
        told = pytest.param("-".join(numbers), marks=pytest.mark.fault(*numbers))
        metafunc.parametrize(PARAMETER, [told])
