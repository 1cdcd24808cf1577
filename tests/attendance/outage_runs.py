"""Plays the procedure of an outage as people do it; the clock stands where the test puts it.

Sari reports, Anselmus forwards for the head, managers of Diskominfo repair and type, BKD receives
and decides.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from attendance.evidence.outage_lists import ListRow
from attendance.models import Outage
from attendance.services.outage_procedure import report_outage
from attendance.services.outages import enter_list
from foundation.outbox import Postponed
from organization.models import User
from processes import queries, services
from processes.models import Instance, Message, Task
from tests.attendance.asking import bkd, manager, wita
from tests.attendance.people import PDF, employee_of
from tests.cast import Cast, appoint
from workflows.definitions import TaskKind

MONDAY = date(2026, 4, 13)
TUESDAY = date(2026, 4, 14)
WEDNESDAY = date(2026, 4, 15)
SUPERVISOR = "Pejabat kepegawaian"
AGREE: dict[str, dict[str, Any]] = {
    "laporkan_gangguan": {
        "gejala_mesin": "Layar mati sejak pagi.", "hasil_laporan": "gangguan_dilaporkan",
    },
    "teruskan_laporan": {"hasil_penerusan": "laporan_diteruskan"},
    "diagnosa_gangguan": {
        "hasil_diagnosa": "Adaptor rusak.", "mesin_pengganti": "daftar_manual",
    },
    "perbaiki_mesin": {
        "tindakan_perbaikan": "Adaptor diganti.", "suku_cadang_dipakai": "Adaptor 12 V",
        "nama_teknisi": "Benediktus Lede",
    },
    "uji_mesin": {
        "uraian_uji": "Tiga pegawai mencoba, semua terekam.", "nama_saksi": "Joko Tallo",
        "keputusan_uji": "mesin_berfungsi",
    },
    "kirim_rekap": {
        "rekap_softcopy": PDF, "nomor_hardcopy": "800/151/2026",
        "keputusan_kiriman": "rekap_dikirim",
    },
    "terima_rekap": {
        "bentuk_diterima": ["bentuk_softcopy", "bentuk_hardcopy"],
        "nomor_tanda_terima": "TT-112/BKD", "keputusan_penerimaan": "rekap_diterima",
    },
    "ketik_daftar": {"tembusan_diterima": True},
    "cocokkan_daftar": {"keputusan_pencocokan": "daftar_cocok"},
    "putuskan_selisih": {"selisih_diperiksa": True},
}  # fmt: skip


@dataclass
class Run:
    """An outage of all machines of the cast's agency under way."""

    cast: Cast
    now: datetime = field(default_factory=lambda: wita(MONDAY, "09:00"))
    outage: Outage = field(init=False)

    def __post_init__(self) -> None:
        appoint(self.cast.secretary, SUPERVISOR, self.cast.agency)
        self.people: dict[str, User] = {
            "laporkan_gangguan": self.cast.operator,
            "teruskan_laporan": self.cast.secretary,
            "kirim_rekap": self.cast.operator,
            "terima_rekap": bkd(self.cast),
            "putuskan_selisih": bkd(self.cast),
            "cocokkan_daftar": manager(self.cast, "pengelola2"),
        }

    @property
    def instance(self) -> Instance:
        self.outage.refresh_from_db()
        assert self.outage.instance is not None
        return self.outage.instance

    def report(self, **values: Any) -> "Run":
        given: dict[str, Any] = {
            "device": None, "first_on": MONDAY, "last_on": None, "reason": "Listrik padam",
        }  # fmt: skip
        self.outage = report_outage(
            agency=self.cast.agency, user=self.cast.operator, now=self.now, **(given | values)
        )
        return self

    def waiting(self) -> list[str]:
        """Return the steps that wait for people, as their queues show them."""
        rows = Task.objects.filter(instance=self.outage.instance_id, kind=TaskKind.USER)
        return sorted(rows.filter(status="ready").values_list("step", flat=True))

    def at(self, day: date, clock: str) -> "Run":
        """Let it be so late; what waited for that goes on."""
        self.now = wita(day, clock)
        self.system()
        return self

    def do(self, step: str, *, user: User | None = None, **answers: Any) -> Task:
        """Take a task from the person's queue and send it in, agreeing unless told otherwise."""
        who = user or self.people.get(step) or manager(self.cast)
        task = queries.queue(who, self.now).get(instance=self.outage.instance_id, step=step)
        services.claim_task(task_id=task.pk, actor_user=who, now=self.now)
        self.now += timedelta(minutes=3)
        return self.send(task, who, **answers)

    def send(self, task: Task, who: User, **answers: Any) -> Task:
        values = {**AGREE[task.step], **answers}
        for name, value in values.items():
            if isinstance(value, bytes):
                upload = SimpleUploadedFile("rekap.pdf", value)
                values[name] = services.attach_file(
                    task_id=task.pk, actor_user=who, field=name, upload=upload, now=self.now
                ).pk
        services.complete_task(task_id=task.pk, actor_user=who, answers=values, now=self.now)
        self.system()
        return task

    def until(self, *steps: str) -> "Run":
        for step in steps:
            self.do(step)
        return self

    def diagnosed(self, **answers: Any) -> "Run":
        self.until("laporkan_gangguan", "teruskan_laporan")
        self.do("diagnosa_gangguan", **answers)
        return self

    def type_day(
        self, day: date, whose: User, came: str, left: str, by: User | None = None
    ) -> None:
        row = ListRow(
            employee=employee_of(whose), day=day, came=time.fromisoformat(came),
            left=time.fromisoformat(left),
        )  # fmt: skip
        enter_list(
            outage_id=self.outage.pk, rows=[row], user=by or manager(self.cast), now=self.now
        )

    def day_done(self, day: date, came: str = "07:20", left: str = "16:05") -> "Run":
        """Send, receive, type and check the list of a day, with one name on it."""
        self.until("kirim_rekap", "terima_rekap")
        self.type_day(day, self.cast.employee, came, left)
        return self.until("ketik_daftar", "cocokkan_daftar")

    def repaired(self, last_on: date) -> "Run":
        self.until("perbaiki_mesin")
        self.do("uji_mesin", hari_terakhir_terganggu=last_on.isoformat())
        return self

    def system(self) -> None:
        """Do what workers and clocks would by now, the delivery of messages among it."""
        self._work()
        for message_id in list(Message.objects.values_list("pk", flat=True)):
            services.deliver_message(message_id=message_id, now=self.now)
        waits = Task.objects.filter(kind=TaskKind.MESSAGE, status="ready")
        for task_id in list(waits.values_list("pk", flat=True)):
            services.look_for_message(task_id=task_id, now=self.now)
        self._work()

    def _work(self) -> None:
        while task := self._next():
            if task.kind == TaskKind.TIMER:
                services.run_timer(task_id=task.pk, now=self.now)
                continue
            try:
                services.perform_task(task_id=task.pk, now=self.now)
            except Postponed:
                return  # a machine is waited for

    def _next(self) -> Task | None:
        rows = Task.objects.filter(instance=self.outage.instance_id, status="ready")
        due = rows.exclude(kind=TaskKind.TIMER, due_at__gt=self.now)
        return due.exclude(kind__in=(TaskKind.USER, TaskKind.MESSAGE)).order_by("id").first()
