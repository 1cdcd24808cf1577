"""Messages have two ends: who sends one that nobody awaits, or awaits one that nobody sends."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core import checks

from tests.processes.small_sops import sop
from tests.workflows.elements.making import HEARS
from tests.workflows.sop_files import write_folder
from workflows import registry
from workflows.checks import check_processes

SENDER = sop(
    {"tulis": "U", "kirim": "T"},
    ["mulai>tulis", "tulis>kirim", "kirim>selesai"],
    {"tulis": "number = 1", "kirim": ""},
    head='subject = "text"',
    inside={"kirim": HEARS},
)
WAITER = sop(
    {"minta": "U", "tunggu": "C"},
    ["mulai>minta", "minta>tunggu", "tunggu>selesai"],
    {"minta": "number = 1", "tunggu": ""},
    head='subject = "text"',
    inside={"tunggu": HEARS},
)


def begun(subject: str) -> dict[str, bytes]:
    return sop(
        {"balas": "U"},
        ["mulai>balas", "balas>selesai"],
        {"balas": "number = 1"},
        head=f'subject = "{subject}"',
        inside={"mulai": HEARS},
    )


def told(root: Path, settings: LazySettings, **sops: dict[str, bytes]) -> list[tuple[str, str]]:
    """Return number and place of what `manage.py check` says of messages."""
    for key, files in sops.items():
        write_folder(root, files, key)
    settings.SOP_ROOTS = [root]
    found: list[checks.CheckMessage] = check_processes()
    assert all(not one.is_serious(checks.ERROR) for one in found), found
    pairs = [(str(one.id), str(one.obj)) for one in found]
    return [pair for pair in pairs if pair[0] in ("workflows.W074", "workflows.W075")]


def test_a_message_with_both_ends_is_in_order(tmp_path: Path, settings: LazySettings) -> None:
    assert told(tmp_path, settings, pengirim=SENDER, penunggu=WAITER) == []
    assert told(tmp_path, settings, pengirim=SENDER, pembuka=begun("text")) == []


def test_what_nobody_awaits_is_warned_of(tmp_path: Path, settings: LazySettings) -> None:
    assert told(tmp_path, settings, pengirim=SENDER) == [
        ("workflows.W074", "pengirim/process.bpmn [kirim]")
    ]


def test_what_nobody_sends_is_warned_of(tmp_path: Path, settings: LazySettings) -> None:
    assert told(tmp_path, settings, penunggu=WAITER, pembuka=begun("text")) == [
        ("workflows.W075", "pembuka/process.bpmn"),
        ("workflows.W075", "penunggu/process.bpmn [tunggu]"),
    ]


def test_what_is_begun_on_the_page_of_its_room_needs_no_sender(
    tmp_path: Path, settings: LazySettings
) -> None:
    assert told(tmp_path, settings, pembuka=begun("row")) == []


@pytest.fixture
def room() -> Iterator[None]:
    registry.tells("Penerimaan surat")(lambda: ["surat_masuk"])
    yield
    del registry.tells._functions["Penerimaan surat"]


def test_a_room_that_tells_it_is_a_sender(
    room: None, tmp_path: Path, settings: LazySettings
) -> None:
    assert told(tmp_path, settings, penunggu=WAITER) == []


def test_the_sops_that_come_along_have_both_ends() -> None:
    found = [one for one in check_processes() if one.id in ("workflows.W074", "workflows.W075")]
    assert found == []
