"""A way for errors: what the system cannot do leads on instead of standing still."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from foundation import ledger, outbox
from foundation.models import Event
from processes import services
from processes.audit.measured import conformance
from processes.audit.measured.refreshing import refresh
from processes.definitions import definition_of
from processes.exceptions import AlreadyDone
from processes.models import Instance, InstanceAudit
from processes.progress import progress
from processes.services import migration
from tests.cast import NOW, Cast
from tests.pages import browser
from tests.processes.pages import text_of
from tests.processes.small_sops import do, offer, sop, start, status, task_of, waiting
from tests.workflows.elements.making import FAILS, on_edge
from workflows import registry
from workflows.registry import Result, StepContext

LATER = NOW + timedelta(minutes=7)
FILES = sop(
    {"minta": "U", "tarik": "S", "galat": "B", "manual": "U"},
    ["mulai>minta", "minta>tarik", "tarik>selesai", "galat>manual", "manual>selesai"],
    {
        "minta": "number = 1",
        "tarik": 'operation = { use = "tests.pull" }\nserves = "minta"',
        "manual": "number = 2",
    },
    head='subject = "text"',
    inside={"galat": FAILS},
    attributes={"galat": on_edge("tarik")},
)


def pull(context: StepContext) -> Result:
    raise outbox.Refused("Mesin tidak menjawab.")


@pytest.fixture
def left(cast: Cast, tmp_path: Path, settings: LazySettings) -> Iterator[Instance]:
    """An instance whose task of the system failed and was left by the way for errors."""
    offer(tmp_path, settings, penarikan=FILES)
    registry.operation("tests.pull")(pull)
    instance = start(cast, "penarikan")
    do(instance, cast, "minta")
    outbox.drain()
    yield instance
    del registry.operation._functions["tests.pull"]


def test_the_process_goes_on_and_the_failure_stays_readable(left: Instance, cast: Cast) -> None:
    task = task_of(left, "tarik")
    assert (task.status, task.note, task.was_left) == ("failed", "Mesin tidak menjawab.", True)
    assert waiting(left) == ["manual"]
    event = Event.objects.get(subject=f"processes.task:{task.pk}", verb="task_failed")
    assert (event.after["left_by"], event.after["error"]) == ("galat", "Mesin tidak menjawab.")
    do(left, cast, "manual")
    assert status(left) == Instance.Status.FINISHED
    assert list(ledger.verify()) == []
    assert list(ledger.disagreements()) == []


def test_what_was_left_is_not_tried_again_and_not_cancelled(left: Instance, cast: Cast) -> None:
    task = task_of(left, "tarik")
    with pytest.raises(AlreadyDone, match="sudah berlanjut"):
        services.retry_task(task_id=task.pk, actor_user=cast.operator, now=LATER)
    services.cancel_process(instance_id=left.pk, actor_user=cast.kadis, reason="keliru", now=LATER)
    assert task_of(left, "tarik").status == "failed"


def test_the_pages_say_that_it_went_on(left: Instance, cast: Cast) -> None:
    page = text_of(browser(cast.operator).get(f"/tugas/{task_of(left, 'tarik').pk}/"))
    assert "Mesin tidak menjawab." in page
    assert "berlanjut lewat jalan untuk kegagalan" in page
    assert "Coba lagi" not in page
    listed = text_of(browser(cast.operator).get("/proses/"))
    assert "Gagal - perlu tindakan" not in listed
    assert "Langkah manual · Operator" in listed
    tasks = list(left.tasks.order_by("id"))
    states = [row.key for row in progress(definition_of(left), tasks, is_over=False)]
    assert states == ["done", "current"]


def test_the_audit_finds_the_run_in_order(left: Instance, cast: Cast) -> None:
    do(left, cast, "manual")
    refresh(now=LATER)
    assert InstanceAudit.objects.get(instance=left).conforms
    tasks = list(left.tasks.order_by("id"))
    done = conformance.in_order(tasks, migration.completions_of(left, tasks))
    assert [task.step for task in done] == ["minta", "tarik", "manual"]
    played = conformance.played(definition_of(left), conformance.course(tasks, done))
    assert (played.out_of_order, played.complete) == (frozenset(), True)
