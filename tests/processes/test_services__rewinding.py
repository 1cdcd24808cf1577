"""A file goes back to a step that was done: what is undone, who may, what holds it back."""

from datetime import timedelta

import pytest

from foundation import ledger
from foundation.models import Event
from processes import services
from processes.audit.agreement import instances_slice
from processes.audit.measured.refreshing import refresh
from processes.definitions import definition_of
from processes.exceptions import AlreadyDone, InvalidAnswers, NotAllowed, NotReady
from processes.models import Instance, InstanceAudit, Task, VisitTiming
from processes.progress import progress
from processes.services.machinery import begin_operation
from processes.services.rewinding import targets
from processes.timeline import timeline
from tests.cast import Cast
from tests.pages import browser
from tests.processes.conftest import World
from tests.processes.pages import text_of
from tests.processes.test_services__tasks import LATER, claim, complete, decide, open_task, prepare
from workflows import registry

WHY = "Cutinya salah tanggal."


def first_step(instance: Instance) -> Task:
    return Task.objects.filter(instance=instance, step="siapkan").earliest("pk")


def rewind(instance: Instance, cast: Cast, reason: str = WHY) -> Instance:
    return services.rewind(
        instance_id=instance.pk,
        task_id=first_step(instance).pk,
        actor_user=cast.kadis,
        reason=reason,
        now=LATER,
    )


def test_the_step_is_offered_again_with_the_reason_and_the_answers(
    instance: Instance, cast: Cast
) -> None:
    waited = prepare(instance, cast)
    rewind(instance, cast)
    again = open_task(instance)
    assert (again.step, again.visit, again.status) == ("siapkan", 2, "ready")
    assert again.note == f"Berkas dimundurkan ke tahap ini oleh {cast.kadis.get_full_name()}: {WHY}"
    waited.refresh_from_db()
    assert waited.status == Task.Status.CANCELLED
    done = Task.objects.filter(instance=instance, status=Task.Status.COMPLETED)
    assert {task.undone_at for task in done} == {LATER}
    claim(instance, cast.operator)
    page = text_of(browser(cast.operator).get(f"/tugas/{again.pk}/"))
    assert WHY in page
    assert "mohon cuti" in page
    assert "Putaran 2" in page


def test_it_is_done_again_and_the_record_agrees(instance: Instance, cast: Cast) -> None:
    prepare(instance, cast)
    rewind(instance, cast)
    prepare(instance, cast)
    decide(instance, cast, "ya")
    services.run_timer(task_id=open_task(instance).pk, now=LATER + timedelta(hours=1))
    instance.refresh_from_db()
    assert instance.status == Instance.Status.FINISHED
    assert list(ledger.verify()) == []
    assert instances_slice("").faults == []
    refresh(now=LATER)
    audit = InstanceAudit.objects.get(instance=instance)
    assert audit.conforms
    assert [row["kind"] for row in audit.deviations].count("undone") == 2
    assert VisitTiming.objects.filter(instance=instance, undone=True).count() == 2


def test_a_row_that_hides_what_was_undone_is_found(instance: Instance, cast: Cast) -> None:
    prepare(instance, cast)
    rewind(instance, cast)
    Task.objects.filter(pk=first_step(instance).pk).update(undone_at=None)
    assert ["tanda dimundurkan" in fault.reason for fault in instances_slice("").faults] == [True]


def test_the_history_says_who_and_why_once(instance: Instance, cast: Cast) -> None:
    prepare(instance, cast)
    rewind(instance, cast)
    tasks = list(instance.tasks.order_by("pk"))
    rows = [row for row in timeline(instance, definition_of(instance), tasks) if row.quote == WHY]
    assert [(row.text, row.who) for row in rows] == [
        ("Memundurkan berkas ke “Menyiapkan permohonan”", cast.kadis.get_full_name())
    ]
    event = Event.objects.get(stream=instance.stream, verb="task_rewound")
    assert len(event.after["undone"]) == 2
    states = [row.key for row in progress(definition_of(instance), tasks, is_over=False)]
    assert states == ["current", "waiting"]


def test_a_decision_holds_it_back(instance: Instance, cast: Cast) -> None:
    prepare(instance, cast)
    decide(instance, cast, "ya")
    found = targets(instance)
    assert found.found == ()
    assert found.bound_by == "Pada “Memutuskan permohonan” sudah diputuskan."
    with pytest.raises(NotReady, match="sudah diputuskan"):
        rewind(instance, cast)


def test_what_the_system_made_for_others_holds_it_back(
    instance: Instance, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry.operation, "is_binding", lambda name: True)
    complete(claim(instance, cast.operator), cast.operator, isi="mohon cuti")
    task = open_task(instance)
    assert [one.task.step for one in targets(instance).found] == ["siapkan"]
    begin_operation(task_id=task.pk, now=LATER)
    assert "sedang mengerjakan" in targets(instance).bound_by
    services.perform_task(task_id=task.pk, now=LATER)
    assert "hasilnya dipakai orang lain" in targets(instance).bound_by


def test_what_failed_is_left_by_going_back(instance: Instance, cast: Cast, world: World) -> None:
    complete(claim(instance, cast.operator), cast.operator, isi="mohon cuti")
    task = open_task(instance)
    begin_operation(task_id=task.pk, now=LATER)
    services.fail_task(task_id=task.pk, error="mesin tidak menjawab", now=LATER)
    rewind(instance, cast)
    task.refresh_from_db()
    assert task.status == Task.Status.CANCELLED
    services.perform_task(task_id=task.pk, now=LATER)  # its job finds nothing to do
    assert world.noted == []
    assert open_task(instance).step == "siapkan"


def test_only_who_may_and_only_with_a_reason(instance: Instance, cast: Cast) -> None:
    prepare(instance, cast)
    with pytest.raises(NotAllowed):
        services.rewind(
            instance_id=instance.pk, task_id=first_step(instance).pk, actor_user=cast.operator,
            reason=WHY, now=LATER,
        )  # fmt: skip
    with pytest.raises(InvalidAnswers):
        rewind(instance, cast, reason="  ")
    assert open_task(instance).step == "putuskan"


def test_what_is_over_stays_over(instance: Instance, cast: Cast) -> None:
    services.cancel_process(
        instance_id=instance.pk, actor_user=cast.kadis, reason="keliru", now=LATER
    )
    with pytest.raises(AlreadyDone):
        rewind(instance, cast)


def test_a_step_that_is_not_done_is_nowhere_to_go_back_to(instance: Instance, cast: Cast) -> None:
    assert targets(instance).found == ()
    with pytest.raises(NotReady):
        rewind(instance, cast)


def test_the_page_asks_for_a_step_and_a_reason(instance: Instance, cast: Cast) -> None:
    prepare(instance, cast)
    kadis, page = browser(cast.kadis), f"/proses/{instance.pk}/mundur/"
    assert "Mundurkan berkas" in text_of(kadis.get(f"/proses/{instance.pk}/"))
    assert "1 langkah sesudahnya diulang" in text_of(kadis.get(page))
    assert kadis.post(page, {"task": first_step(instance).pk, "reason": ""}).status_code == 422
    assert kadis.post(page, {"task": "99999", "reason": WHY}).status_code == 422
    answer = kadis.post(page, {"task": first_step(instance).pk, "reason": WHY})
    assert answer["Location"] == f"/proses/{instance.pk}/"
    assert open_task(instance).step == "siapkan"


def test_the_page_says_why_there_is_nothing_to_choose(instance: Instance, cast: Cast) -> None:
    prepare(instance, cast)
    decide(instance, cast, "ya")
    shown = text_of(browser(cast.kadis).get(f"/proses/{instance.pk}/mundur/"))
    assert "tidak dapat dimundurkan" in shown
    assert "sudah diputuskan" in shown
