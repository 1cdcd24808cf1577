"""Plays the procedure of a correction: Sari asks and completes, BKD decides, workers apply."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from attendance.evidence.correction_rules import CorrectionData
from attendance.models import Correction
from attendance.services.correction_runs import runs
from attendance.services.corrections import hand_in_correction
from documents.models import Document
from foundation.outbox import Refused
from organization.models import User
from processes import queries, services
from processes.models import Instance, Task
from tests.attendance.asking import add, bkd
from tests.attendance.people import AFTER_APRIL, PDF
from tests.cast import Cast
from workflows.definitions import TaskKind

MONDAY = date(2026, 4, 13)
DECIDE, COMPLETE = "putuskan_koreksi", "lengkapi_koreksi"
GRANT = {"keputusan_koreksi": "koreksi_kabul"}
RETURN = {
    "keputusan_koreksi": "koreksi_kembali", "alasan_keputusan_koreksi": "Fotonya tidak terbaca.",
}  # fmt: skip
REJECT = {
    "keputusan_koreksi": "koreksi_tolak", "alasan_keputusan_koreksi": "Kamera tidak merekamnya.",
}  # fmt: skip
COMPLETED = {"hasil_kelengkapan": "permintaan_lengkap"}


@dataclass
class Run:
    """A request about Joko's Monday under way."""

    cast: Cast
    now: datetime = AFTER_APRIL
    row: Correction = field(init=False)

    def ask(self, data: CorrectionData | None = None, user: User | None = None) -> "Run":
        self.row = hand_in_correction(
            agency=self.cast.agency,
            data=data or add(self.cast.employee, MONDAY, "07:25"),
            evidence=BytesIO(PDF),
            evidence_name="bukti.pdf",
            user=user or self.cast.operator,
            now=self.now,
        )
        return self

    @property
    def instance(self) -> Instance:
        return runs().get(subject=str(self.row.pk))

    def paper(self) -> Document:
        return Document.objects.get(instance=self.instance, kind="ba_koreksi")

    def waiting(self) -> list[str]:
        rows = Task.objects.filter(instance=self.instance, kind=TaskKind.USER, status="ready")
        return list(rows.values_list("step", flat=True))

    def claim(self, step: str, user: User | None = None) -> Task:
        who = user or (bkd(self.cast) if step == DECIDE else self.cast.operator)
        task = queries.queue(who, self.now).get(instance=self.instance, step=step)
        return services.claim_task(task_id=task.pk, actor_user=who, now=self.now)

    def send(self, task: Task, answers: dict[str, Any], user: User | None = None) -> "Run":
        who = user or (bkd(self.cast) if task.step == DECIDE else self.cast.operator)
        values = dict(answers)
        for name, value in values.items():
            if isinstance(value, bytes):
                values[name] = services.attach_file(
                    task_id=task.pk, actor_user=who, field=name,
                    upload=SimpleUploadedFile("foto kedua.pdf", value), now=self.now,
                ).pk  # fmt: skip
        self.now += timedelta(minutes=3)
        services.complete_task(task_id=task.pk, actor_user=who, answers=values, now=self.now)
        self.row.refresh_from_db()
        return self

    def do(self, step: str, answers: dict[str, Any], user: User | None = None) -> "Run":
        """Take the task, send it in, and let the system do what follows."""
        self.send(self.claim(step, user), answers, user)
        return self.work()

    def work(self) -> "Run":
        rows = Task.objects.filter(instance=self.instance, status="ready")
        while task := rows.exclude(kind=TaskKind.USER).order_by("id").first():
            services.perform_task(task_id=task.pk, now=self.now)
        self.row.refresh_from_db()
        return self

    def fail_for_good(self) -> "Run":
        """Let the worker try what cannot be applied, and give it up as it does."""
        task = Task.objects.get(instance=self.instance, kind=TaskKind.AUTOMATIC, status="ready")
        with pytest.raises(Refused) as refusal:
            services.perform_task(task_id=task.pk, now=self.now)
        services.fail_task(task_id=task.pk, error=str(refusal.value), now=self.now)
        self.row.refresh_from_db()
        return self
