"""What the room offers SOP files to do: passing a step that still holds."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from foundation.actors import SYSTEM
from processes import operations
from processes.context import instance_context, with_parameters
from processes.definitions import definition_of
from processes.models import Instance
from tests.cast import NOW
from workflows.definitions import Call
from workflows.registry import Fact, Result, fact


@pytest.fixture(autouse=True)
def facts() -> Iterator[None]:
    """Offer two facts for as long as a test runs."""
    offered = {
        "tests.people": Fact(True, "Data 90 pegawai lengkap.", "/pegawai/"),
        "tests.machines": Fact(True, "3 mesin terdaftar", "/mesin/"),
    }
    for name, value in offered.items():
        fact(name)(lambda context, value=value: value)  # type: ignore[misc]
    yield
    for name in offered:
        del fact._functions[name]


def passed(instance: Instance, monkeypatch: pytest.MonkeyPatch, **parameters: object) -> Result:
    definition = replace(
        definition_of(instance),
        facts={"pegawai": Call("tests.people"), "mesin": Call("tests.machines")},
    )
    monkeypatch.setattr(operations, "definition_of", lambda found: definition)
    context = instance_context(instance, definition, actor=SYSTEM, now=NOW)
    return operations.note_reuse(with_parameters(context, Call("x", parameters)))


def test_a_step_that_still_holds_says_why_with_a_link_to_the_record(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = passed(instance, monkeypatch, fact="pegawai")
    assert result == Result("Masih berlaku: Data 90 pegawai lengkap.", "/pegawai/", reused=True)


def test_a_step_passed_for_several_reasons_says_all_of_them(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = passed(instance, monkeypatch, fact="pegawai", also=("mesin",))
    assert result.note == "Masih berlaku: Data 90 pegawai lengkap; 3 mesin terdaftar."
