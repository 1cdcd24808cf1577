"""Start, claim, put back, hand over, complete: who may, in which order, and what is recorded."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from foundation import ledger
from foundation.models import Event, OutboxJob
from organization.models import User
from processes import queries, services
from processes.definitions import definition_of
from processes.exceptions import (
    AlreadyDone,
    DuplicateInstance,
    GuardRefused,
    InvalidAnswers,
    NotAllowed,
    NotReady,
)
from processes.models import Definition, Instance, Task
from processes.services.instances import subject_label
from tests.cast import NOW, Cast
from tests.processes.conftest import SOPS, World, begin
from workflows.definitions import SubjectKind
from workflows.registry import Missing

LATER = NOW + timedelta(minutes=7)


def open_task(instance: Instance) -> Task:
    return Task.objects.get(instance=instance, status__in=["ready", "claimed"])


def claim(instance: Instance, user: User) -> Task:
    return services.claim_task(task_id=open_task(instance).pk, actor_user=user, now=NOW)


def complete(task: Task, user: User, **answers: Any) -> services.Completion:
    return services.complete_task(task_id=task.pk, actor_user=user, answers=answers, now=LATER)


def prepare(instance: Instance, cast: Cast) -> Task:
    """Do the first step and the system's note; return the task of the decision."""
    complete(claim(instance, cast.operator), cast.operator, isi="mohon cuti")
    services.perform_task(task_id=open_task(instance).pk, now=LATER)
    return open_task(instance)


def decide(instance: Instance, cast: Cast, value: str, reason: str = "") -> services.Completion:
    return complete(claim(instance, cast.kadis), cast.kadis, keputusan=value, alasan=reason)


def verbs(instance: Instance) -> list[str]:
    events = Event.objects.filter(stream=instance.stream).order_by("sequence")
    return list(events.values_list("verb", flat=True))


def test_a_process_runs_from_start_to_end_and_its_ledger_verifies(
    instance: Instance, cast: Cast
) -> None:
    prepare(instance, cast)
    decide(instance, cast, "ya")
    services.run_timer(task_id=open_task(instance).pk, now=LATER + timedelta(hours=1))
    instance.refresh_from_db()
    assert instance.status == Instance.Status.FINISHED
    assert verbs(instance) == [
        "instance_started", "task_opened", "task_claimed", "task_completed", "task_opened",
        "task_claimed", "task_completed", "task_opened", "task_claimed", "task_completed",
        "task_opened", "task_completed", "instance_finished",
    ]  # fmt: skip
    assert list(ledger.verify()) == []


def test_the_same_subject_is_started_only_once_unless_cancelled(
    instance: Instance, cast: Cast
) -> None:
    with pytest.raises(DuplicateInstance):
        begin(cast)
    services.cancel_process(
        instance_id=instance.pk, actor_user=cast.kadis, reason="keliru", now=LATER
    )
    assert begin(cast).pk != instance.pk


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        *((SubjectKind.MONTH, text) for text in ("2026-13", "2026-4", "0000-04", "9999-12")),
        (SubjectKind.MONTH, "\uff12026-04"),  # would be April 2026 a second time
        *((SubjectKind.DAY, text) for text in ("2026-02-30", "0001-01-01", "9999-12-31")),
        (SubjectKind.DAY, "2026-04"),
        (SubjectKind.TEXT, "  "),
    ],
)
def test_a_subject_that_cannot_be_is_refused(kind: SubjectKind, subject: str) -> None:
    with pytest.raises(InvalidAnswers, match="tidak sesuai bentuknya"):
        subject_label(kind, subject)


def test_spaces_around_a_subject_make_no_other_subject(instance: Instance, cast: Cast) -> None:
    with pytest.raises(DuplicateInstance):
        begin(cast, subject=" Cuti Joko ")


def test_the_same_request_to_start_is_answered_once(instance: Instance, cast: Cast) -> None:
    first = begin(cast, subject="Cuti Budi", idempotency_key="tab-1")
    assert begin(cast, subject="Cuti Budi", idempotency_key="tab-1") == first
    with pytest.raises(DuplicateInstance):
        begin(cast, subject="Cuti Budi", idempotency_key="tab-2")
    assert verbs(first).count("instance_started") == 1


@pytest.mark.fault("F19")
def test_the_version_that_ran_is_kept_whole_once(instance: Instance, cast: Cast) -> None:
    begin(cast, subject="Cuti Budi")
    (kept,) = Definition.objects.all()
    assert set(kept.files) == {
        "process.bpmn", "sop.toml", "forms/siapkan.toml", "forms/putuskan.toml",
    }  # fmt: skip


def test_only_a_role_that_starts_processes_may_start_one(
    cast: Cast, settings: LazySettings, world: World
) -> None:
    settings.SOP_ROOTS = [SOPS]
    with pytest.raises(NotAllowed):
        begin(cast, actor_user=cast.employee)
    with pytest.raises(NotAllowed):
        begin(cast, actor_user=cast.outsider)


def test_a_task_is_claimed_by_its_lane_in_its_agency_only(instance: Instance, cast: Cast) -> None:
    for stranger in (cast.kadis, cast.admin, cast.employee, cast.outsider):
        with pytest.raises(NotAllowed):
            claim(instance, stranger)
    assert claim(instance, cast.operator).owner == cast.operator


def test_a_second_claimer_is_told_who_was_faster(instance: Instance, cast: Cast) -> None:
    claim(instance, cast.operator)
    with pytest.raises(AlreadyDone, match=r"diambil oleh Sari Benu pukul 09\.00"):
        claim(instance, cast.operator2)


def test_claiming_again_is_no_second_event(instance: Instance, cast: Cast) -> None:
    claim(instance, cast.operator)
    claim(instance, cast.operator)
    assert verbs(instance).count("task_claimed") == 1


def test_completing_needs_a_claim_first(instance: Instance, cast: Cast) -> None:
    with pytest.raises(NotReady, match="Kerjakan"):
        complete(open_task(instance), cast.operator, isi="x")


def test_a_task_that_was_put_back_goes_to_the_queue_of_all(instance: Instance, cast: Cast) -> None:
    task = claim(instance, cast.operator)
    assert not queries.queue(cast.operator2, NOW).exists()
    services.unclaim_task(task_id=task.pk, actor_user=cast.operator, now=LATER)
    assert queries.queue(cast.operator2, NOW).get() == task
    assert not queries.inbox(cast.operator).exists()


def test_missing_work_refuses_and_names_the_rows(
    instance: Instance, cast: Cast, world: World
) -> None:
    task = claim(instance, cast.operator)
    world.missing = [Missing("Pegawai Joko Tallo belum berfoto", "/pegawai/1/")]
    with pytest.raises(GuardRefused) as refusal:
        complete(task, cast.operator, isi="x")
    assert refusal.value.missing == world.missing
    task.refresh_from_db()
    assert task.status == Task.Status.CLAIMED


def test_an_empty_form_is_refused_with_a_sentence_per_field(instance: Instance, cast: Cast) -> None:
    with pytest.raises(InvalidAnswers) as refusal:
        complete(claim(instance, cast.operator), cast.operator)
    assert refusal.value.errors == {"isi": "“Isi permohonan” wajib diisi."}


def test_sending_back_needs_a_reason_and_opens_a_second_visit_that_shows_it(
    instance: Instance, cast: Cast
) -> None:
    prepare(instance, cast)
    with pytest.raises(InvalidAnswers, match="alasan"):
        decide(instance, cast, "ulang")
    decide(instance, cast, "ulang", "Lampiran kurang")
    again = open_task(instance)
    assert (again.step, again.visit) == ("siapkan", 2)
    assert again.returned_by is not None
    assert again.returned_by.comment == "Lampiran kurang"
    assert again.returned_by.outcome_kind == "return"


@pytest.mark.fault("F53")
def test_who_prepared_may_not_decide(instance: Instance, cast: Cast) -> None:
    prepare(instance, cast)
    Task.objects.filter(step="siapkan").update(owner=cast.kadis)
    with pytest.raises(NotAllowed, match="orang lain"):
        decide(instance, cast, "ya")


def test_the_same_request_twice_is_answered_once(instance: Instance, cast: Cast) -> None:
    task = claim(instance, cast.operator)
    request: dict[str, Any] = {
        "task_id": task.pk, "actor_user": cast.operator, "answers": {"isi": "x"}, "now": LATER,
        "idempotency_key": "tab-1",
    }  # fmt: skip
    assert not services.complete_task(**request).repeated
    assert services.complete_task(**request).repeated
    assert verbs(instance).count("task_completed") == 1


def test_a_stale_form_is_told_who_did_it_and_when(instance: Instance, cast: Cast) -> None:
    task = claim(instance, cast.operator)
    complete(task, cast.operator, isi="x")
    with pytest.raises(AlreadyDone, match=r"diselesaikan oleh Sari Benu pukul 09\.07"):
        complete(task, cast.operator2, isi="y")


@pytest.mark.fault("F6")
def test_a_future_or_a_finished_step_cannot_be_completed(instance: Instance, cast: Cast) -> None:
    decision = prepare(instance, cast)
    first = Task.objects.get(step="siapkan")
    for task in (first, Task.objects.get(step="catat")):
        with pytest.raises((AlreadyDone, NotReady, NotAllowed)):
            complete(task, cast.operator, isi="x")
    assert open_task(instance) == decision


def test_a_reassigned_task_is_offered_to_one_person_with_the_reason(
    instance: Instance, cast: Cast
) -> None:
    task = claim(instance, cast.operator)
    services.reassign_task(
        task_id=task.pk, actor_user=cast.operator, to_user=cast.operator2, reason="sakit", now=LATER
    )
    assert queries.inbox(cast.operator2).get() == task
    with pytest.raises(NotAllowed):
        claim(instance, cast.operator)
    assert claim(instance, cast.operator2).owner == cast.operator2


def test_a_task_is_reassigned_only_to_a_holder_of_its_role(instance: Instance, cast: Cast) -> None:
    task = claim(instance, cast.operator)
    for wrong in (cast.employee, cast.outsider, cast.kadis):
        with pytest.raises(NotAllowed):
            services.reassign_task(
                task_id=task.pk, actor_user=cast.operator, to_user=wrong, reason="sakit", now=LATER
            )


@pytest.mark.fault("F52")
def test_an_expired_appointment_ends_the_right_to_act(instance: Instance, cast: Cast) -> None:
    cast.operator.appointments.update(valid_until="2026-04-19")
    with pytest.raises(NotAllowed):
        claim(instance, cast.operator)


def test_a_cancelled_process_offers_nothing_and_says_why(instance: Instance, cast: Cast) -> None:
    task = claim(instance, cast.operator)
    services.cancel_process(
        instance_id=instance.pk, actor_user=cast.kadis, reason="Perihal keliru", now=LATER
    )
    with pytest.raises(AlreadyDone, match="dibatalkan"):
        complete(task, cast.operator, isi="x")
    instance.refresh_from_db()
    assert (instance.status, instance.cancel_reason) == ("cancelled", "Perihal keliru")
    assert list(ledger.verify()) == []


def test_cancelling_needs_the_right_and_a_reason(instance: Instance, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        services.cancel_process(
            instance_id=instance.pk, actor_user=cast.operator, reason="x", now=LATER
        )
    with pytest.raises(InvalidAnswers):
        services.cancel_process(
            instance_id=instance.pk, actor_user=cast.kadis, reason=" ", now=LATER
        )


@pytest.mark.fault("F51")
def test_the_answers_live_under_one_key_and_unknown_names_are_dropped(
    instance: Instance, cast: Cast
) -> None:
    hostile = {"isi": "x", "__builtins__": "y", "len": "z"}
    services.complete_task(
        task_id=claim(instance, cast.operator).pk,
        actor_user=cast.operator,
        answers=hostile,
        now=LATER,
    )
    instance.refresh_from_db()
    assert instance.form == {"isi": "x"}


@pytest.mark.fault("F14")
def test_a_failed_operation_is_shown_and_can_be_tried_again(
    instance: Instance, cast: Cast, world: World
) -> None:
    complete(claim(instance, cast.operator), cast.operator, isi="x")
    task = open_task(instance)
    world.broken = True
    with pytest.raises(ConnectionError):
        services.perform_task(task_id=task.pk, now=LATER)
    services.fail_task(task_id=task.pk, error="mesin tidak menjawab", now=LATER)
    OutboxJob.objects.filter(key=f"task:{task.pk}").update(state="incident")
    task.refresh_from_db()
    assert (task.status, task.note) == ("failed", "mesin tidak menjawab")
    world.broken = False
    with pytest.raises(NotAllowed, match="mencoba lagi"):  # who may only look
        services.retry_task(task_id=task.pk, actor_user=cast.secretary, now=LATER)
    services.retry_task(task_id=task.pk, actor_user=cast.admin, now=LATER)
    services.perform_task(task_id=task.pk, now=LATER)
    assert open_task(instance).step == "putuskan"
    assert world.noted == [1]


def test_an_operation_that_is_done_is_not_done_again(
    instance: Instance, cast: Cast, world: World
) -> None:
    prepare(instance, cast)
    services.perform_task(task_id=Task.objects.get(step="catat").pk, now=LATER)
    assert world.noted == [1]


def test_nobody_completes_the_systems_step_by_hand(instance: Instance, cast: Cast) -> None:
    complete(claim(instance, cast.operator), cast.operator, isi="x")
    with pytest.raises(NotReady, match="sistem"):
        complete(open_task(instance), cast.operator)


def test_a_timer_that_allows_it_is_ended_early_by_its_lane(instance: Instance, cast: Cast) -> None:
    prepare(instance, cast)
    decide(instance, cast, "ya")
    timer = open_task(instance)
    assert timer.due_at == LATER + timedelta(hours=1)
    with pytest.raises(NotAllowed):
        complete(timer, cast.operator)
    assert complete(timer, cast.kadis).instance_ended
    services.run_timer(task_id=timer.pk, now=LATER)  # the clock comes later and finds it done


def test_a_definition_is_not_known_by_a_number_that_a_rollback_gave_back(
    instance: Instance, cast: Cast
) -> None:
    own = definition_of(instance)
    instance.definition_version = "0" * 64
    with pytest.raises(Definition.DoesNotExist):
        definition_of(instance)
    instance.refresh_from_db()
    assert definition_of(instance) is own
