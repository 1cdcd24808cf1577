"""Whoever a task waits for is told of it: a decision, work that came back, what was handed over."""

from datetime import timedelta

import pytest

from foundation import outbox
from foundation.models import Event, OutboxJob
from organization.models import User
from processes import services
from processes.models import Instance, Notice, NoticePreference, Task
from processes.notices.hearing import JOB
from processes.notices.kinds import DECISION, NAMED, QUEUE, RETURNED
from processes.services.notice_tasks import tell_of_tasks, tell_queues
from tests.cast import NOW, Cast
from tests.pages import browser
from tests.processes.conftest import begin
from tests.processes.pages import claimed, open_task, to_decision
from tests.processes.test_services__tasks import decide

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def tell() -> None:
    """Do what the acts left for the workers, and nothing else."""
    for job in OutboxJob.objects.filter(kind=JOB, state=OutboxJob.State.WAITING).order_by("pk"):
        OutboxJob.objects.filter(pk=job.pk).update(state=OutboxJob.State.DONE)
        tell_of_tasks(task_ids=job.payload["tasks"], by=job.payload["by"], now=NOW)


def told(kind: str) -> list[tuple[User, str]]:
    rows = Notice.objects.filter(kind=kind).order_by("pk").select_related("user")
    return [(row.user, row.text) for row in rows]


def hand_over(task: Task, cast: Cast) -> None:
    services.reassign_task(
        task_id=task.pk, actor_user=cast.operator, to_user=cast.operator2, reason="cuti", now=NOW
    )


def queue_wanted_by(user: User) -> NoticePreference:
    return NoticePreference.objects.create(user=user, ways={QUEUE: ["site"]}, changed_at=NOW)


def test_a_decision_is_told_to_who_decides_and_its_link_is_the_card(
    instance: Instance, cast: Cast
) -> None:
    task = to_decision(instance, cast)
    tell()
    assert told(DECISION) == [
        (
            cast.kadis,
            "“Memutuskan permohonan” - Permohonan Singkat - Cuti Joko menunggu keputusan Anda.",
        )
    ]
    assert Notice.objects.get().link == f"/tugas/kartu/{task.pk}/"


def test_what_is_merely_offered_to_a_role_costs_no_act_anything(
    instance: Instance, cast: Cast
) -> None:
    claimed(instance, cast.operator)
    assert not OutboxJob.objects.filter(kind=JOB).exists()


def test_who_prepared_it_is_not_told_to_decide_it(instance: Instance, cast: Cast) -> None:
    task = to_decision(instance, cast)
    Task.objects.filter(instance=instance, step="siapkan").update(owner=cast.kadis)
    tell_of_tasks(task_ids=[task.pk], by=None, now=NOW)
    assert not Notice.objects.exists()


def test_what_comes_back_is_told_to_who_did_it_with_the_reason(
    instance: Instance, cast: Cast
) -> None:
    to_decision(instance, cast)
    decide(instance, cast, "ulang", "Tanggal 3 kurang")
    tell()
    ((user, text),) = told(RETURNED)
    assert user == cast.operator
    assert text.endswith(
        f"dikembalikan kepada Anda oleh {cast.kadis.get_full_name()}: Tanggal 3 kurang"
    )
    assert Notice.objects.get(kind=RETURNED).link == f"/tugas/{open_task(instance).pk}/"


def test_where_he_has_left_all_of_his_role_are_told(instance: Instance, cast: Cast) -> None:
    to_decision(instance, cast)
    decide(instance, cast, "ulang", "Tanggal 3 kurang")
    cast.operator.appointments.update(revoked_at=NOW)
    tell()
    assert [user for user, _ in told(RETURNED)] == [cast.operator2]


def test_what_is_handed_over_is_told_each_time_to_whom_it_is_handed(
    instance: Instance, cast: Cast
) -> None:
    task = claimed(instance, cast.operator)
    hand_over(task, cast)
    tell()
    tell()
    assert [user for user, _ in told(NAMED)] == [cast.operator2]
    services.take_back_task(task_id=task.pk, actor_user=cast.operator, now=NOW)
    hand_over(task, cast)
    tell()
    assert [user for user, _ in told(NAMED)] == [cast.operator2] * 2


def test_what_somebody_has_taken_meanwhile_is_told_to_nobody(
    instance: Instance, cast: Cast
) -> None:
    to_decision(instance, cast)
    claimed(instance, cast.kadis)
    tell()
    assert not Notice.objects.exists()


def test_a_worker_tells_once_however_often_its_job_runs(instance: Instance, cast: Cast) -> None:
    to_decision(instance, cast)
    for _ in range(2):
        OutboxJob.objects.filter(kind=JOB).update(state=OutboxJob.State.WAITING, run_after=NOW)
        outbox.drain()
    assert len(told(DECISION)) == 1


@pytest.mark.parametrize("kind", [DECISION, RETURNED, NAMED])
def test_the_link_opens_its_page_and_opening_it_changes_nothing(
    kind: str, instance: Instance, cast: Cast
) -> None:
    if kind == NAMED:
        hand_over(claimed(instance, cast.operator), cast)
    else:
        to_decision(instance, cast)
    if kind == RETURNED:
        decide(instance, cast, "ulang", "Tanggal 3 kurang")
    tell()
    notice = Notice.objects.get(kind=kind)
    client = browser(notice.user)
    tasks, events = list(Task.objects.order_by("pk").values()), Event.objects.count()
    page = client.get(notice.link)
    assert page.status_code == 200
    assert "Cuti Joko" in page.content.decode()
    assert list(Task.objects.order_by("pk").values()) == tasks
    assert Event.objects.count() == events
    notice.refresh_from_db()
    assert notice.read_at is None


def test_nobody_is_told_of_his_queue_who_did_not_ask(instance: Instance, cast: Cast) -> None:
    assert tell_queues(now=NOW + DAY) == 0


def test_who_asked_is_told_once_a_day_how_much_came(instance: Instance, cast: Cast) -> None:
    begin(cast, subject="Cuti Maria")
    queue_wanted_by(cast.operator2)
    eight = NOW + DAY - HOUR  # Tuesday, 08.00
    assert tell_queues(now=eight - timedelta(minutes=1)) == 0
    assert [tell_queues(now=eight + timedelta(minutes=m)) for m in (0, 10)] == [1, 0]
    ((user, text),) = told(QUEUE)
    assert (user, text[:35]) == (cast.operator2, "2 tugas baru di antrean Anda sejak ")
    assert tell_queues(now=eight + DAY) == 0  # nothing new came
