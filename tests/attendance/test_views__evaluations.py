"""The evaluation by HTTP: several people, each on his own pages; a head sees his house alone."""

from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from attendance.models import Evaluation, FollowUp
from organization.models import User
from processes.models import Attachment, Instance, Task
from tests.attendance.evaluation_runs import (
    AGREE,
    ANSWERS,
    CHECK,
    FOLLOW,
    MACHINES,
    QUARTER,
    REVIEW,
    WRITE,
    Run,
)
from tests.attendance.people import PDF
from tests.cast import Cast
from tests.pages import browser, html_of

pytestmark = pytest.mark.django_db
PAGE = "/absensi/evaluasi/"


@pytest.fixture
def run(cast: Cast) -> Run:
    return Run(cast)


class Person:
    """Somebody at his browser, at the moment that the run has come to."""

    def __init__(self, run: Run, user: User) -> None:
        self.run, self.client = run, browser(user)

    def get(self, address: str, status: int = 200) -> str:
        with time_machine.travel(self.run.now, tick=False):
            response = self.client.get(address)
        assert response.status_code == status, html_of(response)
        return html_of(response)

    def post(self, address: str, status: int = 302, **values: Any) -> str:
        with time_machine.travel(self.run.now, tick=False):
            response = self.client.post(address, values)
        assert response.status_code == status, html_of(response)
        return html_of(response)

    def download(self, address: str) -> bytes:
        with time_machine.travel(self.run.now, tick=False):
            response: Any = self.client.get(address)
        return b"".join(response.streaming_content)

    def do(self, step: str, of: Instance, **answers: Any) -> None:
        """Take a task and send its form, as the page offers it."""
        task = Task.objects.get(instance=of, step=step, status="ready")
        self.post(f"/tugas/{task.pk}/ambil/")
        values = {**ANSWERS[step], **answers}
        for name, value in values.items():
            if isinstance(value, bytes):
                values[name] = SimpleUploadedFile("bukti.pdf", value)
        self.post(f"/tugas/{task.pk}/selesai/", **values)
        self.run.work()


def begun(run: Run) -> tuple[Person, Person]:
    """Let BKD begin the quarter on its page; return both officers at their browsers."""
    officer, manager = Person(run, run.officer), Person(run, run.manager)
    assert "Triwulan II 2026" in officer.get(PAGE)
    officer.post(PAGE, period=QUARTER)
    run.row = Evaluation.objects.get()
    run.work()
    return officer, manager


def finding_page(run: Run, code: str, side: str) -> str:
    return f"{PAGE}{run.row.pk}/temuan/{code}/{side}/"


def test_from_the_indicators_to_the_closed_evaluation_by_their_browsers(
    run: Run, cast: Cast
) -> None:
    officer, manager = begun(run)
    task = Task.objects.get(instance=run.instance, step=REVIEW)
    officer.post(f"/tugas/{task.pk}/ambil/")
    address = finding_page(run, cast.agency.code, "discipline")
    proposal = officer.get(address)
    assert "3 bulan belum disahkan; 1 hari tanpa keterangan" in proposal
    refused = officer.post(address, 422, text="", recommendation="Bina.", due_on="2026-08-17")
    assert "Bina." in refused  # what was typed stays
    officer.post(address, text="TK satu hari.", recommendation="Bina.", due_on="2026-08-17")
    assert "TK satu hari." in officer.get(f"{PAGE}{run.row.pk}/")
    officer.post(f"/tugas/{task.pk}/selesai/", **ANSWERS[REVIEW])
    manager.do(MACHINES, run.instance)
    run.work()
    officer.do(WRITE, run.instance)
    agree = Task.objects.get(instance=run.instance, step=AGREE)
    assert "Disiplin membaik; mesin perlu ditambah." in manager.get(f"/tugas/{agree.pk}/")
    manager.do(AGREE, run.instance)
    head = Person(run, cast.kadis)
    head.do(FOLLOW, run.run_of(cast.agency))
    run.at(run.follow_up(cast.agency).due_on.replace(day=18), "08:00")
    check = Task.objects.get(instance=run.instance, step=CHECK)
    shown = officer.get(f"/tugas/{check.pk}/")
    assert "Pegawai dibina, mesin dipesan." in shown
    proof = Attachment.objects.get(field="bukti_tindak_lanjut")
    assert officer.download(f"/tugas/lampiran/{proof.pk}/") == PDF
    officer.do(CHECK, run.instance)
    assert Evaluation.objects.get().outcome == Evaluation.Outcome.CLOSED
    assert "Selesai" in officer.get(PAGE)


def test_a_head_sees_his_own_follow_up_and_nothing_of_the_others(run: Run, cast: Cast) -> None:
    run.begin().agreed(cast.agency, cast.other_agency)
    mine, theirs = run.run_of(cast.agency), run.run_of(cast.other_agency)
    head = Person(run, cast.kadis)
    task = Task.objects.get(instance=mine, step=FOLLOW)
    shown = head.get(f"/tugas/{task.pk}/")
    assert f"Ada temuan pada {cast.agency.name}." in shown
    assert cast.other_agency.name not in shown
    other = Task.objects.get(instance=theirs, step=FOLLOW)
    for address, status in (
        (f"/tugas/{other.pk}/", 404),
        (f"/proses/{theirs.pk}/", 404),
        (f"/proses/{run.instance.pk}/", 404),
        (f"{PAGE}{run.row.pk}/", 404),
        (finding_page(run, cast.agency.code, "discipline"), 404),
        (PAGE, 403),
    ):
        head.get(address, status)
    assert cast.other_agency.name not in head.get("/tugas/")
    assert cast.other_agency.name not in head.get(f"/proses/{mine.pk}/")


def test_who_has_not_taken_the_task_reads_findings_and_writes_none(run: Run, cast: Cast) -> None:
    run.begin()
    manager = Person(run, run.manager)
    address = finding_page(run, cast.agency.code, "discipline")
    assert "<textarea" not in manager.get(address)
    said = manager.post(address, 409, text="Ada.", recommendation="Bina.", due_on="2026-08-17")
    assert "Ambil dahulu tugas telaahnya" in said
    manager.post(f"{address}hapus/")
    manager.get(finding_page(run, "tidak-ada", "discipline"), 404)
    manager.get(finding_page(run, cast.agency.code, "lain"), 404)
    assert not run.row.findings.exists()


def test_the_page_says_when_frozen_indicators_are_not_what_was_frozen(run: Run) -> None:
    run.begin()
    officer = Person(run, run.officer)
    sentence = "tidak cocok dengan sidik"
    assert sentence not in officer.get(f"{PAGE}{run.row.pk}/")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE attendance_evaluationindicators SET rows = '[]'")
    assert sentence in officer.get(f"{PAGE}{run.row.pk}/")


def test_a_quarter_cannot_begin_twice_from_an_old_page(run: Run) -> None:
    officer, _ = begun(run)
    officer.post(PAGE, 422, period=QUARTER)
    assert Evaluation.objects.count() == 1


def test_a_follow_up_without_proof_is_not_sent(run: Run, cast: Cast) -> None:
    run.begin().agreed(cast.agency)
    head = Person(run, cast.kadis)
    task = Task.objects.get(instance=run.run_of(cast.agency), step=FOLLOW)
    head.post(f"/tugas/{task.pk}/ambil/")
    head.post(f"/tugas/{task.pk}/selesai/", 422, uraian_tindak_lanjut="Dibina.")
    assert run.follow_up(cast.agency).status == FollowUp.Status.ASKED
