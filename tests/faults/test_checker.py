"""The checker of the fault tests finds what it is there to find."""

from dataclasses import replace

import pytest
from django.conf import LazySettings

from documents.models import Document, LetterNumber
from foundation.models import Event, OutboxJob
from foundation.prepared import insert_rows
from processes.models import Instance, Task
from processes.services import claim_task, complete_task, perform_task, start_process
from tests.cast import NOW, Cast
from tests.faults.checker import check
from tests.faults.clerks import Told
from tests.office_settings import SOP_ROOTS

RETURN = {"putusan": "dikembalikan", "alasan": "Lampiran belum lengkap"}
APPROVAL = {"putusan": "disetujui", "catatan": "sudah"}
CLEAN: dict[str, list[str]] = {}


@pytest.fixture
def told(cast: Cast, settings: LazySettings) -> list[Told]:
    """One instance played to its end with one return, and what its people were told."""
    settings.SOP_ROOTS = SOP_ROOTS
    instance = start_process(
        definition_key="persetujuan",
        agency=cast.agency,
        subject="usulan 1",
        actor_user=cast.kadis,
        now=NOW,
    )
    history = [Told("start", "ratna", "usulan 1", "usulan 1", "ok", 302)]
    while task := Task.objects.filter(instance=instance, status="ready").first():
        if task.kind == "automatic":
            perform_task(task_id=task.pk, now=NOW)
            OutboxJob.objects.update(state=OutboxJob.State.DONE)
            continue
        user = cast.kadis if task.step == "memutuskan" else cast.operator
        claim_task(task_id=task.pk, actor_user=user, now=NOW)
        complete_task(
            task_id=task.pk,
            actor_user=user,
            answers=RETURN if len(history) == 1 else APPROVAL,
            now=NOW,
            idempotency_key=f"klik {task.pk}",
        )
        for act in ("claim", "complete"):
            history.append(Told(act, user.username, str(task.pk), f"klik {task.pk}", "ok", 302))
    return history


def found(history: list[Told]) -> dict[str, list[str]]:
    answer = check(history=[one.as_json() for one in history])
    return {broken: cases for broken, cases in answer.items() if cases}


def test_an_honest_history_has_no_faults(told: list[Told]) -> None:
    assert found(told) == CLEAN


def test_a_start_that_was_acknowledged_and_is_gone_is_found(told: list[Told]) -> None:
    assert "acknowledged but missing" in found([*told, replace(told[0], target="usulan 2")])


def test_a_completion_acknowledged_to_somebody_else_is_found(told: list[Told]) -> None:
    stranger = replace(told[-1], person="yohanes", key="klik lain")
    assert set(found([*told, stranger])) == {"acknowledged but missing", "done twice"}


def test_a_refusal_of_what_was_done_is_found(told: list[Told]) -> None:
    assert "refused but done" in found([*told[:-1], replace(told[-1], outcome="fail", status=409)])


def test_an_effect_that_happened_twice_is_found(told: list[Told]) -> None:
    mark = Event.objects.filter(verb="mark_left")[0]
    mark.pk, mark.sequence = None, mark.sequence + 100
    insert_rows([mark])
    assert {"done twice", "ledger"} <= set(found(told))


def test_work_that_stopped_is_found(told: list[Told]) -> None:
    Instance.objects.update(status=Instance.Status.RUNNING)
    assert "not at its end" in found(told)


def test_a_row_that_tells_another_story_than_its_event_is_found(told: list[Told]) -> None:
    Task.objects.filter(step="memutuskan", visit=2).update(
        outcome="dikembalikan", outcome_kind="return"
    )
    assert "stories that differ" in found(told)


def test_a_letter_that_lost_its_number_or_changed_its_file_is_found(told: list[Told]) -> None:
    Document.objects.update(sha256="0" * 64)
    LetterNumber.objects.update(last=7)
    assert len(found(told)["letters"]) == 2
