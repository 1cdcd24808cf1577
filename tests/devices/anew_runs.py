"""Plays the procedure of recording a finger anew: of Joko, with simulated machines."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from devices import services
from devices.models import Device, FingerprintTemplate, RecordingAnew, TemplateCopy
from foundation.actors import SYSTEM
from foundation.outbox import Postponed
from organization.models import User
from organization.permissions import person
from processes import queries
from processes import services as processes
from processes.models import Instance, Task
from tests.cast import NOW, TODAY, Cast, make_supervisor
from tests.devices.make import confirm_all, device_at, pin_of
from tests.devices.recordings import employee_of
from tests.devices.simulators import Simulator
from workflows.definitions import TaskKind

AGREE: dict[str, dict[str, Any]] = {
    "verifikasi_identitas": {"hasil_verifikasi": "identitas_benar"},
    "tetapkan_pengawas": {
        "hari_perekaman": TODAY.isoformat(), "keputusan_jadwal": "perekaman_dijadwalkan",
    },
    "rekam_jari": {"hasil_perekaman": "jari_direkam"},
    "awasi_perekaman": {"keputusan_pengawas": "rekaman_disahkan"},
}  # fmt: skip


@dataclass
class Run:
    """A request about Joko, whose finger is on all machines; the clock moves as people act."""

    cast: Cast
    machines: tuple[Simulator, ...] = ()
    now: datetime = NOW
    request: RecordingAnew = field(init=False)

    def __post_init__(self) -> None:
        self.joko = employee_of(self.cast.employee)
        self.supervisor = make_supervisor(self.cast.agency)
        if not self.machines:
            return
        self.lobby = self.machines[0]
        self.at_lobby, *_ = [device_at(self.cast.agency, each) for each in self.machines]
        services.push_users_everywhere(agency=self.cast.agency, actor=SYSTEM, now=NOW)
        self.record("joko-dahulu")
        confirm_all(self.cast.agency)
        services.sync_fingerprints(agency=self.cast.agency, actor=SYSTEM, now=NOW)
        self.old = FingerprintTemplate.objects.get()
        self.now += timedelta(minutes=5)

    def ask(self, cause: str = "worn") -> "Run":
        self.request = services.request_recording_anew(
            employee=self.joko, cause=cause, reason="Luka bakar", user=self.cast.operator,
            actor=person(self.cast.operator), now=self.now,
        )  # fmt: skip
        return self

    @property
    def instance(self) -> Instance:
        self.request.refresh_from_db()
        assert self.request.instance is not None
        return self.request.instance

    def record(self, seed: str) -> None:
        """Let Joko's finger be read at the machine in the lobby."""
        self.lobby.tell(f"enrol {pin_of(self.joko)} 6 {seed}")
        services.fetch_templates(
            device=self.at_lobby, actor=person(self.cast.operator), now=self.now
        )

    def who(self, step: str) -> User:
        return {
            "verifikasi_identitas": self.cast.admin,
            "rekam_jari": self.cast.operator,
        }.get(step, self.supervisor)

    def do(self, step: str, *, user: User | None = None, **answers: Any) -> Task:
        who = user or self.who(step)
        mine = {"instance": self.request.instance_id, "step": step}
        named = queries.inbox(who).filter(**mine).first()
        task = named or queries.queue(who, self.now).get(**mine)
        processes.claim_task(task_id=task.pk, actor_user=who, now=self.now)
        self.now += timedelta(minutes=3)
        values = {**AGREE[step], **answers}
        if values.get("keputusan_jadwal") == "perekaman_dijadwalkan":
            values.setdefault("pengawas_hadir", str(self.supervisor.pk))
        processes.complete_task(task_id=task.pk, actor_user=who, answers=values, now=self.now)
        self.system()
        return task

    def give_back(self, step: str, who: User) -> None:
        task = Task.objects.get(instance=self.request.instance_id, step=step)
        processes.unclaim_task(task_id=task.pk, actor_user=who, now=self.now)

    def scheduled(self) -> "Run":
        self.do("verifikasi_identitas")
        self.do("tetapkan_pengawas")
        self.now += timedelta(minutes=10)
        return self

    def system(self) -> None:
        """Do what workers and clocks would by now."""
        while True:
            rows = Task.objects.filter(
                instance=self.request.instance_id, status__in=("ready", "claimed")
            )
            due = rows.exclude(kind=TaskKind.TIMER, due_at__gt=self.now)
            task = due.exclude(kind=TaskKind.USER).order_by("id").first()
            if task is None:
                return
            if task.kind == TaskKind.TIMER:
                processes.run_timer(task_id=task.pk, now=self.now)
                continue
            try:
                processes.perform_task(task_id=task.pk, now=self.now)
            except Postponed:
                return

    def waiting(self) -> list[str]:
        rows = Task.objects.filter(instance=self.request.instance_id, kind=TaskKind.USER)
        return sorted(rows.filter(status="ready").values_list("step", flat=True))


def devices_with(template: FingerprintTemplate) -> list[Device]:
    return [copy.device for copy in TemplateCopy.objects.filter(template=template)]
