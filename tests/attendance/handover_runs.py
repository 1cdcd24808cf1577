"""Plays what follows a frozen recap: the packages of April, handed over, received or given back."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from attendance.models import Handover, HandoverPackage, LateFinding, Recap
from attendance.recaps.texts import seen
from attendance.services.amendments import amend_recap
from attendance.services.handover_runs import run_of
from attendance.services.handovers import newest
from attendance.services.late import note_differences
from foundation import outbox
from foundation.models import OutboxJob
from organization.models import User
from processes import queries, services
from processes.models import Instance, Task
from tests.attendance.asking import bkd
from tests.attendance.people import APRIL, employee_of, tap
from tests.cast import Cast
from tests.stages import Month, month_at
from workflows.definitions import TaskKind

ROUNDS = 8
LATE_DAY = date(2026, 4, 20)  # nobody's punches of that week came in time
RECEIVE, ANSWER = "terima_bahan", "tanggapi_pengembalian"
TAKE = {"nomor_agenda_bahan": "800/14", "keputusan_bahan": "bahan_terima"}
GIVE_BACK = {"keputusan_bahan": "bahan_kembali", "catatan_bahan": "Suratnya belum jelas."}
ANSWERED = {"tanggapan_pengembalian": "Suratnya sudah diperiksa; angkanya tetap."}


@dataclass
class Run:
    """April of the cast's agency, approved by its head: stage 8 waits, one package was sent."""

    cast: Cast
    month: Month = field(init=False)

    def __post_init__(self) -> None:
        bkd(self.cast)
        self.month = month_at(self.cast, 8)
        self.work()

    def work(self) -> "Run":
        """Let the workers do what is due, and look again at what waited for something outside."""
        for _ in range(ROUNDS):
            outbox.drain(limit=300)
            waited = OutboxJob.objects.filter(state="waiting").exclude(postponed_since=None)
            if not waited.update(run_after=timezone.now()):
                return self
        raise AssertionError("Work waits without end.")

    def report(self) -> "Run":
        """Let Admin report the month: stage 8 is over, the other package was sent."""
        self.month.pass_stage()
        return self.work()

    def amend(self) -> Recap:
        """Let BKD make a ralat of two punches of Joko that came late, and return the recap."""
        agency, now = self.cast.agency, timezone.now()
        tap(employee_of(self.cast.employee), LATE_DAY, "07:20", "16:01")
        note_differences(agency=agency, month=APRIL, employees=None, cause="Absen susulan", now=now)
        findings = LateFinding.objects.filter(status="open", employee=self.cast.employee.employee)
        recap = amend_recap(
            agency=agency, month=APRIL, chosen={row.pk: seen(row) for row in findings},
            reason="Absen susulan dari mesin.", user=bkd(self.cast), now=now,
        )  # fmt: skip
        self.work()
        return recap

    def handover(self, kind: str = "discipline") -> Handover:
        rows = Handover.objects.select_related("recap__agency", "agency")
        return rows.filter(kind=kind).latest("pk")

    def package(self, kind: str = "discipline") -> HandoverPackage:
        return newest(self.handover(kind))

    def instance(self, kind: str = "discipline") -> Instance:
        run = run_of(self.handover(kind))
        assert run is not None
        return run

    def waiting(self, kind: str = "discipline") -> list[str]:
        rows = Task.objects.filter(instance=self.instance(kind), kind=TaskKind.USER)
        return list(rows.filter(status="ready").values_list("step", flat=True))

    def claim(self, step: str, *, kind: str = "discipline", user: User | None = None) -> Task:
        who = user or self.worker(step)
        rows = queries.queue(who, timezone.now())
        task = rows.get(instance=self.instance(kind), step=step)
        return services.claim_task(task_id=task.pk, actor_user=who, now=timezone.now())

    def send(self, task: Task, answers: dict[str, Any]) -> "Run":
        services.complete_task(
            task_id=task.pk, actor_user=self.worker(task.step), answers=answers,
            now=timezone.now(),
        )  # fmt: skip
        return self.work()

    def do(self, step: str, answers: dict[str, Any], *, kind: str = "discipline") -> "Run":
        """Take a task, send it in, and let the system do what follows."""
        return self.send(self.claim(step, kind=kind), answers)

    def worker(self, step: str) -> User:
        return bkd(self.cast) if step == RECEIVE else self.cast.admin
