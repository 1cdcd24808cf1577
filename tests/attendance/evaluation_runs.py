"""Plays a periodic evaluation as people do it; the clock stands where the test puts it.

Petugas BKD works in an office of his own, where the evaluation is done; he and the manager of the
application look after both agencies of the cast, whose heads are Ratna and Umbu.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from attendance.models import Evaluation, FollowUp
from attendance.services.evaluation_findings import write_finding
from attendance.services.evaluation_follow_ups import current_follow_ups
from attendance.services.evaluation_runs import follow_up_runs
from attendance.services.evaluations import begin_evaluation
from attendance.services.sheets import rebuild_sheets
from foundation import outbox
from organization.models import Agency, User
from processes import queries, services
from processes.models import Instance, Task
from tests.attendance.asking import bkd, manager, wita
from tests.attendance.people import AFTER_APRIL, APRIL, PDF, employee_of, fill_april
from tests.cast import Cast, appoint

QUARTER = "2026-Q2"
MONDAY = date(2026, 8, 3)
DUE = date(2026, 8, 17)
REVIEW, MACHINES, WRITE = "telaah_disiplin", "telaah_perangkat", "tulis_berita_acara"
AGREE, CHECK, FOLLOW = "setujui_berita_acara", "periksa_tindak_lanjut", "tindak_lanjuti_temuan"
ANSWERS: dict[str, dict[str, Any]] = {
    REVIEW: {"disiplin_selesai_ditelaah": True},
    MACHINES: {"perangkat_selesai_ditelaah": True},
    WRITE: {
        "tanggal_pertemuan": "2026-08-03",
        "tempat_pertemuan": "Ruang rapat BKD",
        "kesimpulan_evaluasi": "Disiplin membaik; mesin perlu ditambah.",
    },
    AGREE: {"keputusan_berita_acara": "ba_disetujui"},
    CHECK: {"keputusan_tindak_lanjut": "tindak_lanjut_tuntas"},
    FOLLOW: {
        "uraian_tindak_lanjut": "Pegawai dibina, mesin dipesan.",
        "bukti_tindak_lanjut": PDF,
    },
}


@dataclass
class Run:
    """The second quarter of 2026 under evaluation."""

    cast: Cast
    now: datetime = field(default_factory=lambda: wita(MONDAY, "09:00"))
    row: Evaluation = field(init=False)

    def __post_init__(self) -> None:
        self.officer, self.manager = bkd(self.cast), manager(self.cast)
        self.seat: Agency = employee_of(self.officer).agency
        for role, user in (("BKD", self.officer), ("Pengelola", self.manager)):
            for agency in (self.seat, self.cast.other_agency):
                appoint(user, role, agency)
        fill_april([*self.cast.everyone, self.cast.outsider], but=[(self.cast.employee, 17)])
        for agency in (self.cast.agency, self.cast.other_agency):
            rebuild_sheets(agency=agency, month=APRIL, now=AFTER_APRIL)
        self.people: dict[str, User] = {
            REVIEW: self.officer,
            MACHINES: self.manager,
            WRITE: self.officer,
            AGREE: self.manager,
            CHECK: self.officer,
        }

    def begin(self) -> "Run":
        self.row = begin_evaluation(
            agency=self.seat, period=QUARTER, user=self.officer, now=self.now
        )
        return self.work()

    @property
    def instance(self) -> Instance:
        assert self.row.instance is not None
        return Instance.objects.get(pk=self.row.instance.pk)

    def waiting(self) -> list[str]:
        rows = Task.objects.filter(instance=self.row.instance, status__in=("ready", "claimed"))
        return sorted(rows.values_list("step", flat=True))

    def claim(self, step: str, user: User | None = None, instance: Any = None) -> Task:
        who = user or self.people[step]
        of = instance or self.row.instance
        task = queries.queue(who, self.now).get(instance=of, step=step)
        return services.claim_task(task_id=task.pk, actor_user=who, now=self.now)

    def send(self, task: Task, user: User | None = None, **answers: Any) -> Task:
        who = user or self.people[task.step]
        values = {**ANSWERS[task.step], **answers}
        for name, value in values.items():
            if isinstance(value, bytes):
                upload = SimpleUploadedFile("bukti.pdf", value)
                values[name] = services.attach_file(
                    task_id=task.pk, actor_user=who, field=name, upload=upload, now=self.now
                ).pk
        self.now += timedelta(minutes=5)
        services.complete_task(task_id=task.pk, actor_user=who, answers=values, now=self.now)
        self.work()
        return task

    def do(self, step: str, user: User | None = None, **answers: Any) -> Task:
        """Take a task from the queue and send it in, agreeing unless told otherwise."""
        return self.send(self.claim(step, user), user, **answers)

    def find(self, side: str, agency: Agency, **values: Any) -> None:
        given: dict[str, Any] = {
            "text": f"Ada temuan pada {agency.name}.",
            "recommendation": "Perbaiki sebelum triwulan berikutnya.",
            "due_on": DUE,
            "user": self.officer if side == "discipline" else self.manager,
        }
        write_finding(
            evaluation_id=self.row.pk, agency=agency, side=side, now=self.now, **(given | values)
        )

    def reviewed(self, *agencies: Agency) -> "Run":
        """Both sides review; BKD finds something in these agencies."""
        task = self.claim(REVIEW)
        for agency in agencies:
            self.find("discipline", agency)
        self.send(task)
        self.do(MACHINES)
        return self

    def agreed(self, *agencies: Agency) -> "Run":
        self.reviewed(*agencies)
        self.do(WRITE)
        self.do(AGREE)
        return self

    def follow_up(self, agency: Agency) -> FollowUp:
        return next(row for row in current_follow_ups(self.row) if row.agency == agency)

    def run_of(self, agency: Agency) -> Instance:
        row = self.follow_up(agency)
        return follow_up_runs(FollowUp.objects.filter(pk=row.pk))[row.pk]

    def answer(self, agency: Agency, head: User, **answers: Any) -> "Run":
        """The head of an agency says what was done, with its proof."""
        task = self.claim(FOLLOW, head, self.run_of(agency))
        self.send(task, head, **answers)
        return self

    def at(self, day: date, clock: str) -> "Run":
        """Let it be so late; what waited for that goes on."""
        self.now = wita(day, clock)
        return self.work()

    def work(self) -> "Run":
        """Do what workers and clocks would by now."""
        with time_machine.travel(self.now, tick=False):
            outbox.drain(limit=1000)
        self.row.refresh_from_db()
        return self
