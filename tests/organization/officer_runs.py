"""Plays the SOP that appoints officers: the clock and the workers do their part between people."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from foundation import outbox
from foundation.models import Event
from organization.models import Agency, Appointment, Employee, OfficerNeed, User
from organization.services import watch_officers
from processes.models import Instance, Task
from tests.cast import NOW, Cast, make_employee
from tests.pages import Page, browser
from tests.processes.pages import text_of

KEY = "penugasan_petugas"
CHOOSE, SIGN, DECIDE = "tetapkan_petugas", "tandatangani_pakta", "putuskan_pakta"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


class Response(Page, Protocol):
    """What a page answers: its words, and whether it took what was sent."""

    @property
    def status_code(self) -> int: ...


@dataclass
class Office:
    """The cast's agency; `now` is the moment of every act."""

    cast: Cast
    now: datetime = NOW
    newcomer: Employee = field(init=False)

    def __post_init__(self) -> None:
        self.newcomer = make_employee(self.cast.agency, "Kornelis Ndun")

    def work(self, *, watch: bool = True) -> "Office":
        """Let the clock look at the officers, and the workers do what is due."""
        with time_machine.travel(self.now, tick=False):
            if watch:
                watch_officers(now=self.now)
            while outbox.drain(limit=1000):
                pass
        return self

    def later(self, **span: int) -> "Office":
        self.now += timedelta(**span)
        return self.work()

    @property
    def needs(self) -> list[OfficerNeed]:
        return list(OfficerNeed.objects.filter(agency=self.cast.agency).order_by("pk"))

    @property
    def runs(self) -> list[Instance]:
        return runs_in(self.cast.agency)

    def run(self) -> Instance:
        (one,) = self.runs
        return one

    def end(self, run: Instance | None = None) -> str:
        """Return the name of the end event, "" while it goes on."""
        told = Event.objects.filter(
            verb="instance_finished", subject=f"processes.instance:{(run or self.run()).pk}"
        ).first()
        return str(told.after["end"]) if told else ""

    def waiting(self, run: Instance | None = None) -> list[str]:
        """Return what people are waited for, with the row's name where there is one."""
        tasks = Task.objects.filter(
            instance=run or self.run(), kind="user", status__in=("ready", "claimed")
        )
        return sorted(f"{task.step} {task.row_label}".strip() for task in tasks)

    def task(self, step: str, who: User | None = None) -> Task:
        tasks = Task.objects.filter(
            agency=self.cast.agency, step=step, status__in=("ready", "claimed"), kind="user"
        )
        if step == SIGN and who is not None:
            tasks = tasks.filter(row_key=str(who.pk))
        return tasks.latest("pk")

    def press(self, user: User, path: str) -> Response:
        """Press a button of the page of the officers, and let the system follow."""
        with time_machine.travel(self.now, tick=False):
            answer = browser(user).post(path, {"pd": self.cast.agency.code})
        self.work()
        return answer

    def read(self, user: User, path: str) -> str:
        """Return the words of a page."""
        with time_machine.travel(self.now, tick=False):
            return text_of(browser(user).get(path))

    def post(self, user: User, task: Task, answers: dict[str, Any]) -> Response:
        """Take a task and hand it in on its pages, as its person does."""
        with time_machine.travel(self.now, tick=False):
            client = browser(user)
            taken = client.post(f"/tugas/{task.pk}/ambil/")
            if taken.status_code not in (200, 302):
                return taken
            return client.post(f"/tugas/{task.pk}/selesai/", answers)

    def choose(self, **answers: Any) -> Response:
        told = {
            "operator_baru": [str(self.newcomer.pk)],
            "nomor_petunjuk": "800/77/KOMINFO/2026",
            "kualifikasi": ["tata_kelola", "integritas"],
            "catatan_kemampuan": "Bimbingan teknis e-absensi Maret 2026.",
            "berlaku_sejak": f"{self.now:%Y-%m-%d}",
            **answers,
        }
        answer = self.post(self.cast.kadis, self.task(CHOOSE), told)
        self.work()
        return answer

    def sign(self, who: User, task: Task | None = None) -> Response:
        told = {
            "pakta_ditandatangani": SimpleUploadedFile("pakta.pdf", PDF, "application/pdf"),
            "pernyataan_petugas": "on",
        }
        answer = self.post(who, task or self.task(SIGN, who), told)
        self.work()
        return answer

    def decide(self, value: str) -> Response:
        told = {"keputusan_pakta": value, "alasan_keputusan_pakta": "Masih dinas luar."}
        answer = self.post(self.cast.kadis, self.task(DECIDE), told)
        self.work()
        return answer

    def account(self, person: Employee | None = None) -> User:
        """Return the account that was opened for an appointed person; he has chosen a password."""
        user = User.objects.get(employee=person or self.newcomer)
        user.must_change_password = False
        user.set_password("sandi-pilihan-sendiri-2026")
        user.save()
        return user

    def held(self, user: User) -> Appointment:
        return Appointment.objects.filter(user=user).latest("pk")


def runs_in(agency: Agency) -> list[Instance]:
    return list(Instance.objects.filter(definition_key=KEY, agency=agency).order_by("pk"))


def end_on(user: User, agency: Agency, day: str) -> None:
    """Let the letter of somebody end on a day."""
    Appointment.objects.filter(user=user, agency=agency).update(valid_until=day)
