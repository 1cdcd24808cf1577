"""Rest, earlier claims, late records and the beat of the form: what the clocks are told."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from foundation.models import Event
from organization.calendars.working_time import standard_hours
from organization.models import User
from processes import queries, services, spells
from processes.answers import answers_digest
from processes.clocks import Clock, clock_of
from processes.exceptions import AlreadyDone, InvalidAnswers, NotAllowed, NotReady
from processes.models import Instance, Task
from tests.cast import NOW, Cast
from tests.processes.test_services__tasks import claim, open_task, verbs


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def pause(task: Task, user: User, minutes: int, reason: str = "listrik padam") -> Task:
    return services.pause_task(task_id=task.pk, actor_user=user, reason=reason, now=after(minutes))


def send(task: Task, user: User, minutes: int, **more: Any) -> Task:
    services.complete_task(
        task_id=task.pk, actor_user=user, answers={"isi": "x"}, now=after(minutes), **more
    )
    return Task.objects.select_related("agency").get(pk=task.pk)


def clock(task: Task, user: User, minutes: float) -> Clock:
    """Return the clock of a task as it stands after so many minutes of office hours."""
    found = queries.get_visible_task(user, task.pk, NOW)
    work = spells.work(ZoneInfo(found.agency.time_zone), standard_hours)
    return clock_of(found, work=work, now=after(minutes))


def handled(task: Task, minutes: int = 600) -> float:
    """Return the minutes of handling."""
    return spells.times(task, until=after(minutes), measure=spells.wall).handling / 60


def told(task: Task, verb: str = "task_completed") -> dict[str, Any]:
    after: dict[str, Any] = Event.objects.get(subject=f"processes.task:{task.pk}", verb=verb).after
    return after


def test_a_pause_stops_the_clock_and_says_why(instance: Instance, cast: Cast) -> None:
    task = pause(claim(instance, cast.operator), cast.operator, 4)
    stands = clock(task, cast.operator, 60)
    assert (stands.handled, stands.running) == (timedelta(minutes=4), False)
    assert stands.state.words == "Dijeda"
    services.resume_task(task_id=task.pk, actor_user=cast.operator, now=after(60))
    assert handled(send(task, cast.operator, 63)) == 7
    assert verbs(instance)[2:5] == ["task_claimed", "task_paused", "task_resumed"]
    assert told(task, "task_paused") == {"reason": "listrik padam"}


def test_submission_ends_a_pause(instance: Instance, cast: Cast) -> None:
    task = pause(claim(instance, cast.operator), cast.operator, 4)
    done = send(task, cast.operator, 60)
    assert handled(done) == 4
    assert done.pauses[0]["until"] == after(60).isoformat()
    assert told(done)["pauses"] == done.pauses


def test_a_pause_needs_a_reason_an_owner_and_an_end(instance: Instance, cast: Cast) -> None:
    task = claim(instance, cast.operator)
    with pytest.raises(NotReady, match="alasan"):
        pause(task, cast.operator, 1, " ")
    with pytest.raises(AlreadyDone, match="Sari Benu"):
        pause(task, cast.operator2, 1)
    with pytest.raises(NotAllowed):
        pause(task, cast.kadis, 1)
    with pytest.raises(AlreadyDone, match="tidak sedang dijeda"):
        services.resume_task(task_id=task.pk, actor_user=cast.operator, now=after(1))
    pause(task, cast.operator, 1)
    with pytest.raises(AlreadyDone, match="sudah dijeda"):
        pause(task, cast.operator, 2)


def test_who_puts_a_task_back_takes_his_time_along(instance: Instance, cast: Cast) -> None:
    task = pause(claim(instance, cast.operator), cast.operator, 5)
    services.unclaim_task(task_id=task.pk, actor_user=cast.operator, now=after(8))
    waiting = clock(task, cast.operator, 20)
    assert (waiting.handled, waiting.waited) == (None, timedelta(minutes=12))
    services.claim_task(task_id=task.pk, actor_user=cast.operator2, now=after(20))
    done = send(task, cast.operator2, 30)
    assert handled(done) == 5 + 10
    assert done.earlier == [
        {
            "from": NOW.isoformat(),
            "until": after(8).isoformat(),
            "by": cast.operator.pk,
            "why": "released",
        }
    ]
    assert told(done)["earlier"] == done.earlier


@pytest.mark.parametrize(("by", "why"), [("operator", "handed_over"), ("kadis", "taken")])
def test_handing_over_is_told_apart_from_taking_away(
    instance: Instance, cast: Cast, by: str, why: str
) -> None:
    task = claim(instance, cast.operator)
    services.reassign_task(
        task_id=task.pk,
        actor_user=getattr(cast, by),
        to_user=cast.operator2,
        reason="dinas luar",
        now=after(3),
    )
    (entry,) = open_task(instance).earlier
    assert (entry["why"], entry["by"]) == (why, cast.operator.pk)


def test_a_task_that_nobody_held_leaves_no_claim(instance: Instance, cast: Cast) -> None:
    services.reassign_task(
        task_id=open_task(instance).pk,
        actor_user=cast.kadis,
        to_user=cast.operator2,
        reason="dinas luar",
        now=after(3),
    )
    assert open_task(instance).earlier == []


def test_the_standard_is_kept_as_it_was_at_the_end(instance: Instance, cast: Cast) -> None:
    done = send(claim(instance, cast.operator), cast.operator, 7)
    assert (done.standard_seconds, done.standard_count) == (600, None)
    after = told(done)
    assert (after["standard_seconds"], after["standard_count"]) == (600, None)
    assert after["answers_sha256"] == answers_digest(done.answers)
    assert "effective_at" not in after


def test_work_done_before_it_is_recorded_says_so(instance: Instance, cast: Cast) -> None:
    task = claim(instance, cast.operator)
    done = send(task, cast.operator, 60, effective_at=after(10))
    assert (done.effective_at, done.submitted_at) == (after(10), after(60))
    assert datetime.fromisoformat(told(done)["effective_at"]) == after(10)


@pytest.mark.parametrize(("minutes", "said"), [(-1, "sebelum"), (61, "masa depan")])
def test_work_is_done_neither_before_it_came_nor_in_the_future(
    instance: Instance, cast: Cast, minutes: int, said: str
) -> None:
    task = claim(instance, cast.operator)
    with pytest.raises(InvalidAnswers) as refused:
        send(task, cast.operator, 60, effective_at=after(minutes))
    assert said in refused.value.errors["effective_at"]
    assert open_task(instance).status == Task.Status.CLAIMED


def beat(task: Task, user: User, minutes: float) -> bool:
    return services.note_beat(task_id=task.pk, actor_user=user, now=after(minutes))


def test_the_form_beats_while_it_stands_open_and_idle_time_is_capped(
    instance: Instance, cast: Cast
) -> None:
    task = claim(instance, cast.operator)
    services.note_opened(task_id=task.pk, actor_user=cast.operator, now=after(1))
    version = Instance.objects.get(pk=instance.pk).version
    for minutes in (2, 3, 3, 30):
        assert beat(task, cast.operator, minutes)
    # A minute, a minute, nothing since it was told twice, and of 27 minutes five.
    assert Task.objects.get(pk=task.pk).form_seconds == (1 + 1 + 5) * 60
    assert Instance.objects.get(pk=instance.pk).version == version
    done = send(task, cast.operator, 32)
    assert (done.form_seconds, told(done)["form_seconds"]) == (540, 540)


def test_nobody_beats_for_another_nor_after_the_end(instance: Instance, cast: Cast) -> None:
    task = claim(instance, cast.operator)
    assert not beat(task, cast.operator2, 1)
    send(task, cast.operator, 2)
    assert not beat(task, cast.operator, 3)
    assert Task.objects.get(pk=task.pk).form_seconds == 0


def test_opening_the_form_again_counts_nothing_of_the_time_between(
    instance: Instance, cast: Cast
) -> None:
    task = claim(instance, cast.operator)
    for minutes in (1, 4):
        services.note_opened(task_id=task.pk, actor_user=cast.operator, now=after(minutes))
    beat(task, cast.operator, 5)
    row = Task.objects.get(pk=task.pk)
    assert (row.opened_at, row.form_seconds) == (after(1), 60)
