"""Pekerjaan sistem yang gagal: who sees which, what may be decided, what is told."""

from typing import Any

import pytest

from foundation.models import Event, OutboxJob
from processes import services
from processes.models import Instance, Task
from processes.services.machinery import begin_operation
from tests.cast import NOW, Cast, appoint, make_user
from tests.pages import browser
from tests.processes.conftest import World
from tests.processes.pages import claimed, open_task, text_of

PAGE = "/proses/gagal/"
State = OutboxJob.State


def failed(kind: str, payload: dict[str, Any], error: str = "Mesin tidak menjawab.") -> OutboxJob:
    return OutboxJob.objects.create(
        kind=kind, key=f"{kind}:{OutboxJob.objects.count()}", payload=payload, attempts=6,
        state=State.INCIDENT, run_after=NOW, created_at=NOW, last_error=error,
    )  # fmt: skip


@pytest.fixture
def recap(cast: Cast) -> OutboxJob:
    payload = {"agency": cast.agency.pk, "kind": "daily", "day": "2026-04-17"}
    return failed("attendance.periodic", payload)


@pytest.fixture
def failed_step(cast: Cast, world: World, instance: Instance) -> Task:
    """The system's step of a file, failed for good."""
    services.complete_task(
        task_id=claimed(instance, cast.operator).pk,
        actor_user=cast.operator,
        answers={"isi": "mohon cuti"},
        now=NOW,
    )
    task = open_task(instance)
    begin_operation(task_id=task.pk, now=NOW)
    OutboxJob.objects.filter(key=f"task:{task.pk}").update(state=State.INCIDENT, attempts=6)
    services.fail_task(task_id=task.pk, error="Mesin tidak menjawab.", now=NOW)
    return task


def test_the_admin_reads_what_failed_since_when_and_why(cast: Cast, recap: OutboxJob) -> None:
    words = text_of(browser(cast.admin).get(PAGE))
    assert "Menyusun rekap berkala" in words
    assert f"Absensi {cast.agency}" in words
    assert "6 kali dicoba" in words
    assert "20 April 2026 09.00 WITA" in words
    assert "Mesin tidak menjawab." in words


def test_where_nothing_failed_the_page_says_so(cast: Cast) -> None:
    assert "Tidak ada pekerjaan yang gagal" in text_of(browser(cast.admin).get(PAGE))


def test_another_agency_sees_nothing_of_it(cast: Cast, recap: OutboxJob) -> None:
    client = browser(cast.outsider)
    assert "Tidak ada pekerjaan yang gagal" in text_of(client.get(PAGE))
    assert client.post(f"{PAGE}{recap.pk}/coba-lagi/").status_code == 404
    assert client.get(f"{PAGE}{recap.pk}/hentikan/").status_code == 404


def test_who_has_no_such_right_is_refused(cast: Cast, recap: OutboxJob) -> None:
    assert browser(cast.employee).get(PAGE).status_code == 403


def test_what_concerns_the_whole_installation_is_for_who_runs_it(cast: Cast) -> None:
    job = failed("foundation.mail_anchor", {"anchor": 1})
    assert "sidik jangkar" not in text_of(browser(cast.admin).get(PAGE))
    keeper = make_user(None, "pengelola")
    appoint(keeper, "Pengelola", cast.agency)
    client = browser(keeper)
    assert "Mengirim sidik jangkar" in text_of(client.get(PAGE))
    assert client.post(f"{PAGE}{job.pk}/coba-lagi/").status_code == 302
    assert Event.objects.get(verb="incident_retried").acting_as == "Pengelola"


def test_the_list_is_narrowed_by_kind(cast: Cast, recap: OutboxJob) -> None:
    failed("devices.check_machines", {"id": cast.agency.pk})
    words = text_of(browser(cast.admin).get(f"{PAGE}?jenis=devices.check_machines"))
    assert "Periksa semua mesin" in words
    assert f"Absensi {cast.agency}" not in words
    none = text_of(browser(cast.admin).get(f"{PAGE}?jenis=tidak.ada"))
    assert "Tidak ada yang cocok" in none


def test_trying_again_puts_it_back_to_work(cast: Cast, recap: OutboxJob) -> None:
    client = browser(cast.admin)
    assert client.post(f"{PAGE}{recap.pk}/coba-lagi/").status_code == 302
    recap.refresh_from_db()
    assert (recap.state, recap.attempts) == (State.WAITING, 0)
    again = client.post(f"{PAGE}{recap.pk}/coba-lagi/")
    assert again.status_code == 409
    assert "sudah ditangani" in text_of(again)


def test_giving_up_asks_for_a_reason_and_records_it(cast: Cast, recap: OutboxJob) -> None:
    client, path = browser(cast.admin), f"{PAGE}{recap.pk}/hentikan/"
    assert "Menyusun rekap berkala" in text_of(client.get(path))
    assert client.post(path, {"reason": " "}).status_code == 422
    assert client.post(path, {"reason": "dibuat dengan tangan"}).status_code == 302
    recap.refresh_from_db()
    assert recap.state == State.DONE
    assert Event.objects.get(verb="incident_given_up").after["reason"] == "dibuat dengan tangan"
    assert "Tidak ada pekerjaan yang gagal" in text_of(client.get(PAGE))


def test_a_failed_step_is_tried_again_with_its_task(cast: Cast, failed_step: Task) -> None:
    client = browser(cast.admin)
    words = text_of(client.get(PAGE))
    assert failed_step.instance.title in words
    assert "Buka tahapnya" in words
    job = OutboxJob.objects.get(key=f"task:{failed_step.pk}")
    assert client.post(f"{PAGE}{job.pk}/coba-lagi/").status_code == 302
    failed_step.refresh_from_db()
    job.refresh_from_db()
    assert (failed_step.status, job.state) == (Task.Status.READY, State.WAITING)


def test_a_step_that_failed_before_it_began_is_tried_again_too(
    cast: Cast, world: World, instance: Instance
) -> None:
    services.complete_task(
        task_id=claimed(instance, cast.operator).pk,
        actor_user=cast.operator,
        answers={"isi": "mohon cuti"},
        now=NOW,
    )
    job = OutboxJob.objects.get(key=f"task:{open_task(instance).pk}")
    OutboxJob.objects.filter(pk=job.pk).update(state=State.INCIDENT, attempts=6)
    assert browser(cast.admin).post(f"{PAGE}{job.pk}/coba-lagi/").status_code == 302
    job.refresh_from_db()
    assert job.state == State.WAITING


def test_a_step_is_not_given_up_apart_from_its_file(cast: Cast, failed_step: Task) -> None:
    job = OutboxJob.objects.get(key=f"task:{failed_step.pk}")
    answer = browser(cast.admin).post(f"{PAGE}{job.pk}/hentikan/", {"reason": "sudahlah"})
    assert answer.status_code == 409
    job.refresh_from_db()
    assert job.state == State.INCIDENT


def test_the_page_of_processes_counts_what_waits(cast: Cast, recap: OutboxJob) -> None:
    assert "Pekerjaan gagal 1" in text_of(browser(cast.admin).get("/proses/"))
    assert "Pekerjaan gagal" not in text_of(browser(cast.secretary).get("/proses/"))
