"""What pages can do beside completing: handed on, rested, tried again, cancelled; each once."""

from typing import Any

import pytest

from foundation import outbox
from foundation.models import Event, OutboxJob
from processes import services
from processes.models import Instance, Task
from tests.api.programs import Program, program_of
from tests.api.test_tasks import start, taken
from tests.cast import NOW, Cast, appoint

pytestmark = pytest.mark.django_db


def act(program: Program, task: dict[str, Any], name: str, key: str, **more: str) -> Any:
    body = {"version": task["version"], **more}
    return program.post(f"/tasks/{task['id']}/{name}", body, key=key)


def count(verb: str) -> int:
    return Event.objects.filter(verb=verb).count()


def test_a_task_rests_and_goes_on_once_for_each_key(hall: Cast) -> None:
    start(hall)
    program = program_of(hall.admin)
    task = taken(program)
    for _ in range(3):
        assert act(program, task, "pause", "jeda-1", reason="rapat").status == 200
    assert count("task_paused") == 1
    assert act(program, task, "pause", "jeda-2", reason="rapat").status == 409
    assert act(program, task, "pause", "jeda-1", reason="lain").status == 409
    fresh = program.get(f"/tasks/{task['id']}").body
    assert act(program, fresh, "resume", "lanjut-1").status == 200
    assert (count("task_paused"), count("task_resumed")) == (1, 1)


def test_a_refused_act_leaves_its_key_free(hall: Cast) -> None:
    start(hall)
    program = program_of(hall.admin)
    task = taken(program)
    assert act(program, task, "resume", "kunci").status == 409
    assert act(program, task, "pause", "kunci", reason="rapat").status == 200


def test_a_task_is_handed_to_a_holder_of_its_role_and_nobody_else(hall: Cast) -> None:
    start(hall)
    appoint(hall.operator, "Resepsionis", hall.agency)
    program = program_of(hall.admin)
    task = taken(program)
    wrong = act(program, task, "reassign", "alih-1", to=hall.kadis.username, reason="cuti")
    assert (wrong.status, list(wrong.body["errors"])) == (422, ["to"])
    to = hall.operator.username
    for _ in range(2):
        assert act(program, task, "reassign", "alih-1", to=to, reason="cuti").status == 200
    assert Task.objects.get(pk=task["id"]).assignee == hall.operator
    assert count("task_reassigned") == 1


def test_whoever_read_it_before_it_changed_is_told_409(hall: Cast) -> None:
    start(hall)
    program = program_of(hall.admin)
    old = program.get("/tasks", box="queue").body["items"][0]
    taken(program)
    assert act(program, old, "pause", "jeda", reason="rapat").status == 409
    assert count("task_paused") == 0


def test_a_step_of_the_system_is_tried_again_by_who_may(hall: Cast) -> None:
    start(hall)
    task = Task.objects.get(status="ready")
    Task.objects.filter(pk=task.pk).update(kind="automatic", status="claimed")
    outbox.enqueue(
        kind="processes.perform", key=f"task:{task.pk}", payload={"task": task.pk}, run_after=NOW
    )
    OutboxJob.objects.update(state=OutboxJob.State.INCIDENT)
    services.fail_task(task_id=task.pk, error="Mesin mati", now=NOW)
    program = program_of(hall.kadis)
    read = program.get(f"/tasks/{task.pk}").body
    assert act(program_of(hall.outsider), read, "retry", "ulang").status == 404
    assert act(program, read, "retry", "ulang").status == 200
    assert act(program, read, "retry", "ulang").status == 200
    assert count("task_retried") == 1


def test_a_file_is_cancelled_once_by_who_may(hall: Cast) -> None:
    begun = start(hall).body
    path, body = f"/instances/{begun['id']}/cancel", {"reason": "salah mulai"}
    assert program_of(hall.admin).post(path, body, key="batal").status == 403
    assert program_of(hall.outsider).post(path, body, key="batal").status == 404
    program = program_of(hall.kadis)
    assert program.post(path, {"reason": " "}, key="batal").status == 422
    answers = [program.post(path, body, key="batal") for _ in range(2)]
    assert [answer.body["status"] for answer in answers] == ["cancelled", "cancelled"]
    assert program.post(path, body, key="batal-2").status == 409
    assert program.post(path, body).status == 422
    assert count("instance_cancelled") == 1
    assert Instance.objects.get().cancel_reason == "salah mulai"


def test_a_file_goes_back_once_by_who_may(hall: Cast) -> None:
    begun = start(hall).body
    path, body = f"/instances/{begun['id']}/rewind", {"task": 1, "reason": "salah isi"}
    assert program_of(hall.outsider).post(path, body, key="mundur").status == 404
    assert program_of(hall.operator).post(path, body, key="mundur").status == 403
    refused = program_of(hall.kadis).post(path, body, key="mundur")
    assert refused.status == 409
    assert count("task_rewound") == 0
