"""A task that stands for a whole SOP: begun, its results taken, cancelled, tried again."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from foundation import ledger, outbox
from foundation.models import OutboxJob
from processes import services
from processes.exceptions import NotReady
from processes.models import Instance
from tests.cast import NOW, Cast
from tests.processes.small_sops import do, offer, sop, start, status, task_of, waiting
from tests.workflows.elements.making import FAILS, field, on_edge

LATER = NOW + timedelta(minutes=7)
CHILD = sop(
    {"periksa": "U"},
    ["mulai>periksa", "periksa>selesai"],
    {"periksa": "number = 1"},
    head='subject = "text"',
    forms={"periksa": field("hasil", "baik", "buruk")},
)


def parent(*, leaves: bool = False) -> dict[str, bytes]:
    """A SOP that calls the other and does it again until the result is good."""
    elements = {"minta": "U", "panggil": "A", "baik": "X"}
    flows = [
        "mulai>minta",
        "minta>panggil",
        "panggil>baik",
        "baik>selesai if form.temuan == 'baik'",
        "baik>minta",
    ]
    if leaves:
        elements |= {"galat": "B", "urus": "U"}
        flows += ["galat>urus", "urus>selesai"]
    steps = {
        "minta": "number = 1",
        "panggil": 'subject = "subject"\nresults = { temuan = "hasil" }\nserves = "minta"',
    }
    return sop(
        elements,
        flows,
        steps | ({"urus": "number = 2"} if leaves else {}),
        head='subject = "text"',
        inside={"galat": FAILS} if leaves else {},
        attributes={
            "panggil": 'calledElement="anak"',
            "baik": 'default="baik__minta"',
            "galat": on_edge("panggil"),
        },
    )


@pytest.fixture
def calling(cast: Cast, tmp_path: Path, settings: LazySettings) -> Instance:
    """An instance whose other SOP is at work."""
    offer(tmp_path, settings, induk=parent(), anak=CHILD)
    return called(cast)


def called(cast: Cast) -> Instance:
    instance = start(cast, "induk")
    do(instance, cast, "minta")
    services.begin_called(task_id=task_of(instance, "panggil").pk, now=NOW)
    return instance


def child_of(instance: Instance) -> Instance:
    return Instance.objects.filter(called_by__instance=instance).order_by("-id")[0]


def finish(child: Instance, cast: Cast, result: str = "baik") -> None:
    do(child, cast, "periksa", hasil=result)
    services.finish_call(instance_id=child.pk, now=LATER)


def test_the_other_sop_is_begun_once_and_knows_who_waits(calling: Instance, cast: Cast) -> None:
    child, task = child_of(calling), task_of(calling, "panggil")
    assert (child.subject, child.agency, child.called_by) == ("Cuti Joko", cast.agency, task)
    assert (child.started_by, task.status) == (None, "claimed")
    assert services.begin_called(task_id=task.pk, now=LATER) == child
    assert Instance.objects.count() == 2


def test_its_results_are_answers_of_ours(calling: Instance, cast: Cast) -> None:
    finish(child_of(calling), cast)
    assert status(calling) == Instance.Status.FINISHED
    task = task_of(calling, "panggil")
    assert (task.answers, calling.form) == ({"temuan": "baik"}, {"temuan": "baik"})
    assert (task.note, task.link) == (
        "Kecil - Cuti Joko selesai.", f"/proses/{child_of(calling).pk}/",
    )  # fmt: skip
    assert list(ledger.verify()) == []
    assert list(ledger.disagreements()) == []


def test_a_step_done_again_calls_again_for_the_same_subject(calling: Instance, cast: Cast) -> None:
    finish(child_of(calling), cast, "buruk")
    do(calling, cast, "minta")
    services.begin_called(task_id=task_of(calling, "panggil").pk, now=LATER)
    assert Instance.objects.filter(called_by__instance=calling).count() == 2
    finish(child_of(calling), cast)
    assert status(calling) == Instance.Status.FINISHED


def test_through_the_worker_the_whole_goes_by_itself(
    cast: Cast, tmp_path: Path, settings: LazySettings
) -> None:
    offer(tmp_path, settings, induk=parent(), anak=CHILD)
    instance = start(cast, "induk")
    do(instance, cast, "minta")
    outbox.drain()
    do(child_of(instance), cast, "periksa", hasil="baik")
    outbox.drain()
    assert status(instance) == Instance.Status.FINISHED


def test_a_called_sop_that_is_cancelled_fails_the_task_and_may_be_begun_anew(
    calling: Instance, cast: Cast
) -> None:
    child = child_of(calling)
    services.cancel_process(instance_id=child.pk, actor_user=cast.kadis, reason="keliru", now=LATER)
    services.finish_call(instance_id=child.pk, now=LATER)
    task = task_of(calling, "panggil")
    assert (task.status, task.note) == ("failed", "Kecil - Cuti Joko dibatalkan: keliru")
    services.retry_task(task_id=task.pk, actor_user=cast.operator, now=LATER)
    assert OutboxJob.objects.get(key=f"task:{task.pk}:1").kind == "processes.call"
    outbox.drain()
    assert child_of(calling) != child
    finish(child_of(calling), cast)
    assert status(calling) == Instance.Status.FINISHED


def test_who_cancels_the_whole_cancels_what_it_called(calling: Instance, cast: Cast) -> None:
    services.cancel_process(
        instance_id=calling.pk, actor_user=cast.kadis, reason="keliru", now=LATER
    )
    outbox.drain()
    assert status(child_of(calling)) == Instance.Status.CANCELLED
    assert task_of(calling, "panggil").status == "cancelled"


def test_what_ended_while_the_whole_was_cancelled_changes_nothing(
    calling: Instance, cast: Cast
) -> None:
    do(child_of(calling), cast, "periksa", hasil="baik")
    services.cancel_process(
        instance_id=calling.pk, actor_user=cast.kadis, reason="keliru", now=LATER
    )
    outbox.drain()
    assert (status(calling), status(child_of(calling))) == ("cancelled", "finished")


def test_one_that_is_at_work_for_the_subject_is_not_begun_a_second_time(
    cast: Cast, tmp_path: Path, settings: LazySettings
) -> None:
    offer(tmp_path, settings, induk=parent(), anak=CHILD)
    start(cast, "anak")
    instance = start(cast, "induk")
    do(instance, cast, "minta")
    outbox.drain()
    task = task_of(instance, "panggil")
    assert task.status == "failed"
    assert "sedang berjalan; tunggu selesai" in task.note


def test_with_a_way_for_errors_the_process_goes_on_by_it(
    cast: Cast, tmp_path: Path, settings: LazySettings
) -> None:
    offer(tmp_path, settings, induk=parent(leaves=True), anak=CHILD)
    instance = called(cast)
    services.cancel_process(
        instance_id=child_of(instance).pk, actor_user=cast.kadis, reason="keliru", now=LATER
    )
    outbox.drain()
    assert waiting(instance) == ["urus"]
    assert task_of(instance, "panggil").was_left


def test_no_person_completes_a_called_sop(calling: Instance, cast: Cast) -> None:
    with pytest.raises(NotReady, match="menunggu SOP lain"):
        services.complete_task(
            task_id=task_of(calling, "panggil").pk, actor_user=cast.operator, answers={}, now=LATER
        )
