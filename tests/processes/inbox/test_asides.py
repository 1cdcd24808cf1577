"""Beside doing a task: comments, help asked for, taking back, and what comes after it was sent."""

import pytest
from django.test import Client

from foundation.models import Event
from organization.models import User
from processes import services
from processes.exceptions import AlreadyDone, NotReady
from processes.models import Instance, Notice, Task
from tests.cast import NOW, Cast
from tests.pages import browser
from tests.processes.conftest import begin
from tests.processes.pages import claimed, open_task, text_of, to_decision

pytestmark = pytest.mark.django_db


def hand_over(instance: Instance, cast: Cast) -> Task:
    return services.reassign_task(
        task_id=claimed(instance, cast.operator).pk,
        actor_user=cast.operator,
        to_user=cast.operator2,
        reason="cuti",
        now=NOW,
    )


def test_who_sees_a_task_may_comment_and_it_stays_in_the_history(
    instance: Instance, cast: Cast
) -> None:
    task, client = open_task(instance), browser(cast.kadis)
    answer = client.post(f"/tugas/{task.pk}/komentar/", {"komentar": "Mohon <segera>"}, follow=True)
    assert "Komentar tercatat" in text_of(answer)
    assert "Mohon <segera> Ratna Seran (Kadis)" in text_of(
        browser(cast.operator).get(f"/tugas/{task.pk}/")
    )
    history = text_of(browser(cast.operator).get(f"/proses/{instance.pk}/"))
    assert f"Komentar pada “{task.full_name}”" in history


def test_nobody_else_comments_and_nothing_is_no_comment(instance: Instance, cast: Cast) -> None:
    path = f"/tugas/{open_task(instance).pk}/komentar/"
    assert browser(cast.outsider).post(path, {"komentar": "halo"}).status_code == 404
    assert browser(cast.operator).post(path, {"komentar": "  "}).status_code >= 400
    assert not Event.objects.filter(verb="comment_added").exists()


def test_a_file_that_ended_takes_no_more_comments(instance: Instance, cast: Cast) -> None:
    task = open_task(instance)
    services.cancel_process(instance_id=instance.pk, actor_user=cast.kadis, reason="x", now=NOW)
    with pytest.raises(NotReady):
        services.add_comment(task_id=task.pk, actor_user=cast.kadis, text="halo", now=NOW)


def test_the_owner_asks_for_help_and_keeps_his_task(instance: Instance, cast: Cast) -> None:
    task = claimed(instance, cast.operator)
    answer = browser(cast.operator).post(
        f"/tugas/{task.pk}/bantuan/", {"reason": "mesin mati"}, follow=True
    )
    told = Notice.objects.get(kind="escalation")
    assert told.link == f"/tugas/{task.pk}/"
    assert "mesin mati" in told.text
    assert f"{told.user.get_full_name()} diberi tahu" in text_of(answer)
    assert browser(told.user).get(told.link).status_code == 200  # who is told may see it
    assert "Minta bantuan" in text_of(browser(told.user).get("/tugas/pemberitahuan/"))
    assert Task.objects.get(pk=task.pk).owner == cast.operator
    assert Event.objects.get(verb="task_escalated").after["reason"] == "mesin mati"


def test_help_is_asked_for_ones_own_task_with_a_reason(instance: Instance, cast: Cast) -> None:
    task = claimed(instance, cast.operator)
    with pytest.raises(AlreadyDone):
        services.escalate_task(task_id=task.pk, actor_user=cast.operator2, reason="x", now=NOW)
    with pytest.raises(NotReady):
        services.escalate_task(task_id=task.pk, actor_user=cast.operator, reason=" ", now=NOW)


def test_what_was_handed_over_is_taken_back_while_nobody_has_begun(
    instance: Instance, cast: Cast
) -> None:
    task, client = hand_over(instance, cast), browser(cast.operator)
    assert "Ambil kembali" in text_of(client.get(f"/tugas/{task.pk}/"))
    client.post(f"/tugas/{task.pk}/kembali/")
    task.refresh_from_db()
    assert (task.owner, task.assignee, task.status) == (cast.operator, None, "claimed")
    assert Event.objects.filter(verb="task_taken_back").count() == 1


def take_back(task: Task, user: User) -> None:
    services.take_back_task(task_id=task.pk, actor_user=user, now=NOW)


def test_what_was_begun_or_handed_over_by_somebody_else_is_not_taken_back(
    instance: Instance, cast: Cast
) -> None:
    task = hand_over(instance, cast)
    with pytest.raises(NotReady):
        take_back(task, cast.operator2)
    services.claim_task(task_id=task.pk, actor_user=cast.operator2, now=NOW)
    with pytest.raises(AlreadyDone):
        take_back(task, cast.operator)


def test_after_sending_the_system_is_seen_at_work_and_the_next_task_is_offered(
    instance: Instance, cast: Cast
) -> None:
    begin(cast, subject="Lembur Maria")
    task, client = claimed(instance, cast.operator), browser(cast.operator)
    answer = client.post(f"/tugas/{task.pk}/selesai/", {"isi": "mohon cuti"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/tugas/{task.pk}/sesudah/"
    words = text_of(answer)
    assert "Sistem sedang mengerjakan" in words
    assert "Berikutnya untuk Anda" in words
    assert "Lembur Maria" in words
    assert 'data-live-seconds="3"' in answer.content.decode()
    services.perform_task(task_id=open_task(instance).pk, now=NOW)
    page = client.get(f"/tugas/{task.pk}/sesudah/")
    assert "Yang dikerjakan sistem" in text_of(page)
    assert "menunggu Kadis" in text_of(page)
    assert 'data-live-seconds="30"' in page.content.decode()


def send_back(client: Client, task: Task) -> str:
    answer = client.post(
        f"/tugas/{task.pk}/selesai/", {"keputusan": "ulang", "alasan": "keliru"}, follow=True
    )
    return text_of(answer)


def test_where_others_go_on_the_list_opens_with_the_next_task(
    instance: Instance, cast: Cast
) -> None:
    first, second = to_decision(instance, cast), begin(cast, subject="Lembur Maria")
    to_decision(second, cast)
    services.claim_task(task_id=first.pk, actor_user=cast.kadis, now=NOW)
    words = send_back(browser(cast.kadis), first)
    assert "Berikutnya: Memutuskan permohonan" in words
    assert "Lembur Maria" in words
