"""Timers on the edge of a task are rows: they begin, fire and are cancelled with their task."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone

from foundation import ledger, outbox
from foundation.models import Event, OutboxJob
from organization.models import PublicHoliday
from processes import services
from processes.definitions import definition_of
from processes.exceptions import AlreadyDone, NotAllowed, NotReady
from processes.models import Instance, Task
from processes.progress import marks, progress
from processes.timeline import timeline
from tests.cast import NOW, Cast
from tests.pages import browser
from tests.processes.pages import text_of
from tests.processes.waited_letter import Named, hand_in, offered, prepare, statuses, task_of
from tests.workflows import timer_sops
from tests.workflows.definitions import TIMER

LATER = NOW + timedelta(minutes=9)
DAY = timedelta(days=1)
WAITING = ["ready"]


@pytest.fixture
def named(cast: Cast, tmp_path: Path, settings: LazySettings) -> Iterator[Named]:
    with offered(tmp_path, settings) as found:
        found.people = [cast.superior.pk]
        yield found


def decide(instance: Instance, cast: Cast, value: str = "lanjut") -> services.Completion:
    task = task_of(instance, "putuskan")
    services.claim_task(task_id=task.pk, actor_user=cast.superior, now=LATER)
    answers = {"hasil": value, "alasan": "Belum lengkap."}
    return services.complete_task(
        task_id=task.pk, actor_user=cast.superior, answers=answers, now=LATER
    )


def fire(instance: Instance, step: str, at: datetime = LATER) -> None:
    services.run_timer(task_id=task_of(instance, step).pk, now=at)


def test_the_timers_are_rows_with_their_moment_and_a_job_each(named: Named, cast: Cast) -> None:
    instance = hand_in(cast)
    reminder, escalation = task_of(instance, "sehari"), task_of(instance, "tiga_hari")
    assert (reminder.kind, reminder.status) == ("timer", "ready")
    assert reminder.due_at == NOW + DAY  # Monday to Tuesday
    assert escalation.due_at == NOW + 3 * DAY
    for task in (reminder, escalation):
        job = OutboxJob.objects.get(key=f"task:{task.pk}")
        assert (job.kind, job.run_after) == ("processes.timer", task.due_at)


def test_the_reminder_runs_beside_the_decision_and_the_letter_still_waits(
    named: Named, cast: Cast
) -> None:
    instance = hand_in(cast)
    fire(instance, "sehari")
    services.perform_task(task_id=task_of(instance, "ingatkan").pk, now=LATER)
    assert named.done == ["ingatkan"]
    assert statuses(instance) == {
        "ajukan": ["completed"], "putuskan": WAITING, "tiga_hari": WAITING,
        "sehari": ["completed"], "ingatkan": ["completed"],
    }  # fmt: skip
    instance.refresh_from_db()
    assert instance.status == Instance.Status.RUNNING


@pytest.mark.parametrize("fired", [[], ["sehari"], ["sehari", "tiga_hari"]])
def test_a_decision_cancels_the_waiting_timers_and_the_letter_ends(
    named: Named, cast: Cast, fired: list[str]
) -> None:
    instance = hand_in(cast)
    for step in fired:
        fire(instance, step)
    for task in instance.tasks.filter(kind="automatic"):
        services.perform_task(task_id=task.pk, now=LATER)
    completion = decide(instance, cast)
    assert completion.instance_ended
    assert completion.next_task_ids == []
    for step in ("sehari", "tiga_hari"):
        wanted = "completed" if step in fired else "cancelled"
        assert statuses(instance)[step] == [wanted]
    events = Event.objects.filter(stream=instance.stream)
    assert events.filter(verb="timer_cancelled").count() == 2 - len(fired)
    ended = events.get(verb="instance_finished")
    assert ended.after == {"end": "selesai"}
    assert list(ledger.verify()) == []


def test_the_job_of_a_cancelled_timer_does_nothing(named: Named, cast: Cast) -> None:
    instance = hand_in(cast)
    decide(instance, cast)
    events = Event.objects.count()
    for step in ("sehari", "tiga_hari"):
        task = task_of(instance, step)
        OutboxJob.objects.filter(key=f"task:{task.pk}").update(run_after=timezone.now() - DAY)
    assert outbox.drain() >= 2
    assert Event.objects.count() == events
    jobs = OutboxJob.objects.filter(kind="processes.timer")
    assert {(job.state, job.last_error) for job in jobs} == {(OutboxJob.State.DONE, "")}
    assert named.done == []


def test_a_return_cancels_the_timers_and_the_next_round_has_its_own(
    named: Named, cast: Cast
) -> None:
    instance = hand_in(cast)
    decide(instance, cast, "ulang")
    assert statuses(instance)["sehari"] == ["cancelled"]
    later = NOW + 2 * DAY
    prepare(instance, cast, later)
    assert statuses(instance)["sehari"] == ["cancelled", "ready"]
    fresh = task_of(instance, "sehari")
    assert (fresh.visit, fresh.due_at) == (2, later + DAY)


def test_cancelling_the_letter_cancels_its_timers(named: Named, cast: Cast) -> None:
    instance = hand_in(cast)
    services.cancel_process(
        instance_id=instance.pk, actor_user=cast.kadis, reason="dicabut", now=LATER
    )
    assert statuses(instance)["sehari"] == statuses(instance)["tiga_hari"] == ["cancelled"]
    fire(instance, "sehari")
    assert named.done == []


def test_a_reminder_at_work_is_finished_after_the_decision(named: Named, cast: Cast) -> None:
    instance = hand_in(cast)
    fire(instance, "sehari")
    assert not decide(instance, cast).instance_ended
    services.perform_task(task_id=task_of(instance, "ingatkan").pk, now=LATER)
    instance.refresh_from_db()
    assert instance.status == Instance.Status.FINISHED
    ended = Event.objects.get(stream=instance.stream, verb="instance_finished")
    assert ended.after == {"end": "selesai"}


def test_nobody_fires_a_timer_by_hand(named: Named, cast: Cast) -> None:
    instance = hand_in(cast)
    task = task_of(instance, "sehari")
    for person in (cast.superior, cast.kadis, cast.operator):
        with pytest.raises((NotReady, NotAllowed)):
            services.complete_task(task_id=task.pk, actor_user=person, answers={}, now=LATER)


def test_a_timer_fires_once(named: Named, cast: Cast) -> None:
    instance = hand_in(cast)
    fire(instance, "sehari")
    fire(instance, "sehari")
    assert statuses(instance)["ingatkan"] == WAITING
    with pytest.raises(AlreadyDone):
        services.complete_task(
            task_id=task_of(instance, "sehari").pk, actor_user=None, answers={}, now=LATER
        )


def test_an_interrupting_timer_takes_the_task_out_of_the_hands_of_whoever_works_on_it(
    cast: Cast, tmp_path: Path, settings: LazySettings
) -> None:
    bpmn = timer_sops.interrupting().replace(TIMER, "<timerEventDefinition/>")
    with offered(tmp_path, settings, bpmn) as found:
        found.people = [cast.superior.pk]
        instance = hand_in(cast)
        task = task_of(instance, "putuskan")
        services.claim_task(task_id=task.pk, actor_user=cast.superior, now=LATER)
        fire(instance, "tiga_hari")
        assert statuses(instance) == {
            "ajukan": ["completed"], "putuskan": ["cancelled"], "sehari": ["cancelled"],
            "tiga_hari": ["completed"], "naikkan": WAITING,
        }  # fmt: skip
        with pytest.raises(AlreadyDone, match="tidak menunggu lagi"):
            services.complete_task(
                task_id=task.pk, actor_user=cast.superior, answers={"hasil": "lanjut"}, now=LATER
            )
        services.perform_task(task_id=task_of(instance, "naikkan").pk, now=LATER)
        instance.refresh_from_db()
        assert instance.status == Instance.Status.FINISHED
        assert list(ledger.verify()) == []


# --- working days ---


@pytest.mark.parametrize(
    ("handed_in", "days", "due"),
    [
        ("2026-04-20T09:00", 1, "2026-04-21T09:00"),  # Monday
        ("2026-04-20T09:00", 3, "2026-04-23T09:00"),
        ("2026-04-24T16:00", 1, "2026-04-27T16:00"),  # Friday
        ("2026-04-24T16:00", 3, "2026-04-29T16:00"),
        ("2026-04-25T10:00", 1, "2026-04-27T10:00"),  # Saturday
        ("2026-04-30T10:00", 1, "2026-05-04T10:00"),  # over a holiday, 1 May
        ("2026-05-12T23:30", 3, "2026-05-19T23:30"),  # 14 holiday, 15 collective leave, weekend
    ],
)
def test_the_deadline_counts_the_agencys_working_days(
    named: Named, cast: Cast, handed_in: str, days: int, due: str
) -> None:
    for on, kind in (
        ("2026-05-01", "holiday"),
        ("2026-05-14", "holiday"),
        ("2026-05-15", "collective_leave"),
    ):
        PublicHoliday.objects.create(on=on, name="Hari libur", kind=kind)
    instance = hand_in(cast, at=datetime.fromisoformat(f"{handed_in}+08:00"))
    task = task_of(instance, "sehari" if days == 1 else "tiga_hari")
    assert task.due_at == datetime.fromisoformat(f"{due}+08:00")


# --- what people see ---


def test_the_pages_show_the_decision_and_no_reminder_as_where_the_letter_stands(
    named: Named, cast: Cast
) -> None:
    instance = hand_in(cast)
    text = text_of(browser(cast.kadis).get(f"/proses/{instance.pk}/"))
    assert "Atasan langsung: Maria Tefa" in text
    assert "Terbuka sendiri" not in text
    listed = text_of(browser(cast.kadis).get("/proses/"))
    assert "Langkah putuskan" in listed
    assert "menunggu waktunya" not in listed
    timer = task_of(instance, "sehari")
    page = text_of(browser(cast.kadis).get(f"/tugas/{timer.pk}/"))
    assert "Bila tahapnya belum selesai, ini berjalan sendiri pada" in page


def test_the_history_is_silent_about_timers_that_were_not_needed(named: Named, cast: Cast) -> None:
    instance = hand_in(cast)
    fire(instance, "sehari")
    services.perform_task(task_id=task_of(instance, "ingatkan").pk, now=LATER)
    decide(instance, cast)
    instance.refresh_from_db()
    tasks = list(instance.tasks.order_by("id"))
    told = " ".join(row.text for row in timeline(instance, definition_of(instance), tasks))
    assert "Menyelesaikan “Langkah ingatkan”" in told
    assert "tiga_hari" not in told


def test_progress_and_marks_follow_the_decision_not_its_timers(named: Named, cast: Cast) -> None:
    def states(is_over: bool = False) -> list[Any]:
        tasks = list(instance.tasks.order_by("id"))
        return [row.key for row in progress(definition, tasks, is_over=is_over)]

    instance = hand_in(cast)
    definition = definition_of(instance)
    assert states() == ["done", "current"]
    decide(instance, cast, "ulang")
    assert states() == ["current", "again"]
    prepare(instance, cast)
    fire(instance, "sehari")
    decide(instance, cast)
    services.perform_task(task_id=task_of(instance, "ingatkan").pk, now=LATER)
    assert states(is_over=True) == ["done", "done"]
    drawn = marks(definition, Task.objects.filter(instance=instance).order_by("id"))
    assert "tiga_hari" not in drawn
    assert drawn["sehari"].kind == "done"
