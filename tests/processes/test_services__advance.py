"""What a move opens remembers the decision that sent it back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from foundation import outbox
from processes.models import Instance
from tests.cast import Cast
from tests.pages import browser
from tests.processes.pages import text_of
from tests.processes.small_sops import do, offer, sop, start, task_of, waiting
from workflows import registry
from workflows.registry import Result, StepContext

DECISION = """[[fields]]
name = "keputusan"
label = "Keputusan"
type = "outcome"

[[fields.options]]
value = "ya"
label = "Setujui"
kind = "approve"

[[fields.options]]
value = "ulang"
label = "Kembalikan"
kind = "return"
comment_required = true

[[fields]]
name = "alasan"
label = "Alasan"
type = "comment"
required = false
"""
OPERATION = 'operation = { use = "tests.apply" }\nserves = "putus"'
FILES = sop(
    {"minta": "U", "putus": "U", "terap": "S", "catat": "S", "lagi": "X"},
    ["mulai>minta", "minta>putus", "putus>terap", "terap>catat", "catat>lagi",
     "lagi>minta if form.keputusan == 'ulang'", "lagi>selesai"],
    {"minta": "number = 1", "putus": "number = 2", "terap": OPERATION, "catat": OPERATION},
    head='subject = "text"',
    forms={"putus": DECISION},
    attributes={"lagi": 'default="lagi__selesai"'},
)  # fmt: skip
COMES_BACK = sop(
    {"putus": "U", "terap": "S", "lagi": "X"},
    ["mulai>putus", "putus>terap", "terap>lagi",
     "lagi>putus if form.keputusan == 'ulang'", "lagi>selesai"],
    {"putus": "number = 1", "terap": OPERATION},
    head='subject = "text"',
    forms={"putus": DECISION},
    attributes={"lagi": 'default="lagi__selesai"'},
)  # fmt: skip


def apply(context: StepContext) -> Result:
    return Result()


@pytest.fixture
def applied(tmp_path: Path, settings: LazySettings) -> Iterator[None]:
    registry.operation("tests.apply")(apply)
    offer(tmp_path, settings, permintaan=FILES, bahan=COMES_BACK)
    yield
    del registry.operation._functions["tests.apply"]


@pytest.fixture
def returned(cast: Cast, applied: None) -> Instance:
    """An instance that was sent back; the system applied the decision before its gateway."""
    instance = start(cast, "permintaan")
    do(instance, cast, "minta")
    do(instance, cast, "putus", keputusan="ulang", alasan="Foto absen belum dilampirkan.")
    outbox.drain()
    return instance


def test_a_return_is_remembered_past_what_the_system_does_with_it(
    returned: Instance, cast: Cast
) -> None:
    again = task_of(returned, "minta")
    assert (again.visit, again.returned_by) == (2, task_of(returned, "putus"))
    page = text_of(browser(cast.operator).get(f"/tugas/{again.pk}/"))
    assert "Dikembalikan oleh Sari Benu (Operator)" in page
    assert "Foto absen belum dilampirkan." in page


def test_what_is_handed_in_again_is_not_returned(returned: Instance, cast: Cast) -> None:
    do(returned, cast, "minta")
    assert task_of(returned, "putus").returned_by is None
    do(returned, cast, "putus", keputusan="ya")
    outbox.drain()
    assert task_of(returned, "catat").returned_by is None
    assert waiting(returned) == []


def test_work_that_comes_back_to_who_asked_for_it_is_no_return(cast: Cast, applied: None) -> None:
    instance = start(cast, "bahan")
    do(instance, cast, "putus", keputusan="ulang", alasan="Berkas kosong.")
    outbox.drain()
    assert waiting(instance) == ["putus"]
    assert task_of(instance, "putus").returned_by is None
