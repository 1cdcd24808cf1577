"""Every fault that SOPan promises to live with has a test that carries its number, or is open."""

import re
import warnings

from tests.faults.table import DOCUMENT, ROW, faults, shown


def test_the_table_has_the_sixty_faults() -> None:
    assert [fault.number for fault in faults()] == [f"F{number}" for number in range(1, 61)]
    assert all(fault.promise.endswith(".") for fault in faults())


def test_no_test_shows_a_fault_that_nobody_knows() -> None:
    assert set(shown()) <= {fault.number for fault in faults()}


def test_every_fault_is_shown_by_a_test_or_says_why_not() -> None:
    tests = shown()
    assert [f.number for f in faults() if f.number not in tests and not f.open] == []
    still_open = {f.number: f.open for f in faults() if f.number not in tests}
    if still_open:
        told = "; ".join(f"{number}: {reason}" for number, reason in still_open.items())
        warnings.warn(f"{len(still_open)} of 60 faults are open: {told}", stacklevel=1)


def test_the_document_names_tests_that_show_what_it_says() -> None:
    """`python -m tests.faults.table` writes it anew."""
    table, tests = {fault.number: fault for fault in faults()}, shown()
    told = {number: (promise, by) for number, promise, by in ROW.findall(DOCUMENT.read_text())}
    assert list(told) == list(table)
    for number, (promise, by) in told.items():
        assert promise == table[number].promise
        names = re.findall(r"`(.+?)`", by)
        assert {f"tests/{name}" for name in names} <= set(tests[number]), number
        assert names or by == f"open: {table[number].open}", number
