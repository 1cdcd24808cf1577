"""On both databases: five tricks of five are found, and forged hashes by what was anchored."""

import pytest

from tests.office import Office

ACTS = "tests.foundation.ledger_acts"


@pytest.mark.fault("F55")
def test_edit_delete_insert_reorder_and_cut_are_each_found_at_their_place(office: Office) -> None:
    found = office.call(f"{ACTS}:tamper")
    assert found.pop("nothing") == []
    places = {trick: [fault.split(":")[0] for fault in faults] for trick, faults in found.items()}
    assert places == {
        "edit": ["3"],
        "delete": ["3"],
        "insert": ["4"],
        "reorder": ["3"],
        "cut": ["4"],
    }


@pytest.mark.fault("F55")
def test_forged_hashes_are_found_by_the_anchor_if_they_are_older(office: Office) -> None:
    found = office.call(f"{ACTS}:forge")
    assert [fault.split(": ")[1] for fault in found["older"]] == [
        "berbeda dari jangkar 1 (2026-04-20)"
    ]
    assert found["younger"] == []  # until the next anchor: hence one every day
