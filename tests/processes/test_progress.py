"""Where an instance stands, step by step."""

import pytest

from processes import services
from processes.definitions import definition_of
from processes.models import Instance, Task
from processes.progress import marks, progress
from tests.cast import NOW, Cast
from tests.processes.pages import claimed, to_decision
from workflows.drawing.diagram import MarkKind

pytestmark = pytest.mark.django_db


def keys(instance: Instance, *, is_over: bool = False) -> list[tuple[str, int]]:
    tasks = list(instance.tasks.order_by("id"))
    return [
        (row.key, row.visits) for row in progress(definition_of(instance), tasks, is_over=is_over)
    ]


def test_a_new_instance_stands_at_its_first_step(instance: Instance) -> None:
    assert keys(instance) == [("current", 1), ("waiting", 0)]


def test_what_the_system_does_belongs_to_the_step_it_serves(instance: Instance, cast: Cast) -> None:
    services.complete_task(
        task_id=claimed(instance, cast.operator).pk,
        actor_user=cast.operator,
        answers={"isi": "mohon cuti"},
        now=NOW,
    )
    assert keys(instance) == [("current", 1), ("waiting", 0)]
    found = marks(definition_of(instance), instance.tasks.order_by("id"))
    assert sorted(mark.kind for mark in found.values()) == [MarkKind.CURRENT, MarkKind.DONE]


def test_a_return_makes_the_steps_behind_it_due_again(instance: Instance, cast: Cast) -> None:
    task = to_decision(instance, cast)
    assert keys(instance) == [("done", 1), ("current", 1)]
    services.claim_task(task_id=task.pk, actor_user=cast.kadis, now=NOW)
    services.complete_task(
        task_id=task.pk,
        actor_user=cast.kadis,
        answers={"keputusan": "ulang", "alasan": "Tanggalnya keliru"},
        now=NOW,
    )
    assert keys(instance) == [("current", 2), ("again", 1)]


def test_what_a_cancelled_instance_never_reached_is_called_so(
    instance: Instance, cast: Cast
) -> None:
    services.cancel_process(
        instance_id=instance.pk, actor_user=cast.kadis, reason="keliru", now=NOW
    )
    assert keys(instance, is_over=True) == [("skipped", 1), ("skipped", 0)]


def test_a_step_that_still_holds_is_neither_done_nor_waiting(
    instance: Instance, cast: Cast
) -> None:
    """As if the system had passed the first step on the strength of an earlier record."""
    to_decision(instance, cast)
    people = instance.tasks.get(kind="user", status="completed")
    people.delete()
    instance.tasks.filter(kind="automatic").update(reused=True)
    assert keys(instance)[0] == ("reused", 0)
    found = marks(definition_of(instance), instance.tasks.order_by("id"))
    assert [mark.kind for mark in found.values()].count(MarkKind.REUSED) == 2


def test_a_step_that_was_reused_and_is_then_worked_on_after_all_is_at_work(
    instance: Instance, cast: Cast
) -> None:
    definition = definition_of(instance)
    task = claimed(instance, cast.operator)
    served = definition.step_of(task.step)
    automatic = next(t for t in definition.tasks.values() if t.serves == served.id)
    passed = Task(instance=instance, step=automatic.id, status="completed", reused=True)
    assert marks(definition, [passed, task])[served.id].kind == MarkKind.CURRENT


def test_work_that_ended_undone_is_not_done_by_what_the_system_did_beside_it(
    instance: Instance, cast: Cast
) -> None:
    to_decision(instance, cast)
    instance.tasks.filter(kind="user", status="completed").update(status="cancelled")
    assert keys(instance)[0] == ("lapsed", 1)
