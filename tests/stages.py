"""A month of the fixed cast, played to any stage of the e-absensi SOP through the services.

The machine of this office calls the system itself (ADMS): while a step waits for it, it calls.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from devices import services as devices
from devices.models import Device, DevicePin, Enrolment
from devices.simulator.machine import Machine
from documents.models import DocumentOrder
from documents.orders.writing import write_order
from foundation.actors import SYSTEM
from foundation.outbox import Postponed
from organization.models import Appointment, Employee, User
from organization.permissions import person
from organization.services import revoke_appointment
from processes import services
from processes.context import step_context, with_parameters
from processes.definitions import definition_of
from processes.models import Instance, Task
from tests.cast import NOW, Cast, make_supervisor
from tests.devices.terminals import Terminal
from tests.pages import browser
from workflows import registry
from workflows.definitions import TaskKind

KEY = "pengelolaan_e_absensi"
SUBJECT = "2026-04"
AFTER_THE_MONTH = datetime(2026, 5, 4, 1, 0, tzinfo=UTC)  # Senin, 4 Mei 2026, 09.00 WITA
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
OFFICERS = ("Admin", "Operator")
ROUNDS = 5

Answers = dict[str, Any]


def good_answers(cast: Cast) -> dict[int, Answers]:
    """Return what each stage's form is answered with when nothing is missing."""
    return {
        1: {
            "petunjuk_atasan": PDF,
            "nomor_petunjuk": "800/21/KOMINFO/2026",
            "admin": [str(cast.admin.employee_id)],
            "operator": [str(cast.operator.employee_id), str(cast.operator2.employee_id)],
            "kualifikasi": ["petugas", "tata_kelola", "integritas"],
            "berlaku_sejak": "2026-04-20",
        },
        2: {"kelengkapan_data": ["data_pegawai", "mesin"]},
        3: {"pelaksanaan_perekaman": ["identitas", "dicoba"]},
        4: {"kesiapan": ["mesin", "kabel", "internet"]},
        5: {
            "alasan_diperiksa": [
                *("dinas_luar", "tugas_belajar", "cuti", "sakit", "ijin", "alasan_lain")
            ]
        },
        6: {"keperluan": "Laporan berkala", "draft_diperiksa": "true"},
        7: {"keputusan": "setuju"},
        8: {"tanggal_dilaporkan": "2026-05-04", "cara_dilaporkan": "surat"},
        9: {"pencatatan": ["resume", "ketidakhadiran"]},
    }


@dataclass
class Month:
    """A month of the cast's agency, April 2026 unless told. `now` is the moment of every act."""

    cast: Cast
    now: datetime = NOW
    subject: str = SUBJECT
    device: Device | None = None
    terminal: Terminal | None = None
    instance: Instance = field(init=False)

    def start(self) -> None:
        """Begin the month's instance and let the system note what still holds."""
        self.instance = services.start_process(
            definition_key=KEY,
            agency=self.cast.agency,
            subject=self.subject,
            actor_user=self.cast.kadis,
            now=self.now,
        )
        self.let_the_system_work()

    def beside(self, subject: str) -> "Month":
        """Return another month of this agency, with the same machine; it has not begun."""
        return Month(self.cast, self.now, subject, self.device, self.terminal)

    def let_the_system_work(self) -> None:
        while task := self._next_of_the_system():
            if task.kind == TaskKind.TIMER:
                services.run_timer(task_id=task.pk, now=self.now)
            else:
                self._perform(task)

    def _perform(self, task: Task) -> None:
        """Do an automatic task; the machine does in between what it is told."""
        for number in range(ROUNDS):
            # What a machine is asked for may come a moment after its answer.
            moment = self.now + timedelta(seconds=20 * (number // 2))
            try:
                services.perform_task(task_id=task.pk, now=moment)
            except Postponed:
                self._let_others_work(task, moment)
            else:
                return
        raise AssertionError(f"{task.name} waits without end")

    def _let_others_work(self, task: Task, moment: datetime) -> None:
        """Write the documents that the task waits for; else its machine does what it is told."""
        if order := DocumentOrder.objects.filter(task=task).first():
            write_order(order=order, now=moment)
            return
        assert self.terminal is not None
        self.terminal.work(moment)

    def _next_of_the_system(self) -> Task | None:
        ready = Task.objects.filter(instance=self.instance, status=Task.Status.READY)
        due = ready.exclude(kind=TaskKind.TIMER, due_at__gt=self.now)
        return due.exclude(kind__in=(TaskKind.USER, TaskKind.MESSAGE)).first()

    @property
    def task(self) -> Task:
        """The one task that waits, beside messages that may come."""
        rows = self.instance.tasks.filter(status__in=["ready", "claimed", "failed"])
        return rows.exclude(kind=TaskKind.MESSAGE).get()

    @property
    def stage(self) -> int | None:
        return definition_of(self.instance).step_of(self.task.step).number

    def worker(self, stage: int) -> User:
        """Return who works on a stage."""
        cast = self.cast
        return (
            cast.kadis if stage in (1, 7) else cast.admin if stage in (2, 4, 8) else cast.operator
        )

    def claim(self, user: User) -> Task:
        return services.claim_task(task_id=self.task.pk, actor_user=user, now=self.now)

    def send(self, user: User, answers: Answers) -> services.Completion:
        """Complete the waiting task over the service; bytes are files."""
        task = self.task
        values = dict(answers)
        for name, value in answers.items():
            if isinstance(value, bytes):
                upload = SimpleUploadedFile("disposisi.pdf", value)
                values[name] = services.attach_file(
                    task_id=task.pk, actor_user=user, field=name, upload=upload, now=self.now
                ).pk
        return services.complete_task(
            task_id=task.pk, actor_user=user, answers=values, now=self.now
        )

    def post(self, user: User, answers: Answers) -> HttpResponse:
        """Complete the waiting task over its page; bytes are files."""
        body = {
            name: SimpleUploadedFile("disposisi.pdf", value) if isinstance(value, bytes) else value
            for name, value in answers.items()
        }
        with time_machine.travel(self.now, tick=False):
            response = browser(user).post(f"/tugas/{self.task.pk}/selesai/", body)
        assert isinstance(response, HttpResponse)
        return response

    def pass_stage(self) -> None:
        """Do the form of the waiting stage; its work is done."""
        stage = self.stage
        assert stage is not None
        user = self.worker(stage)
        self.claim(user)
        self.send(user, good_answers(self.cast)[stage])
        self.let_the_system_work()

    def do_again(self, step: str) -> None:
        """Do the operation of an automatic step once more, as a worker that lost its result."""
        task = Task.objects.filter(instance=self.instance, step=step).latest("id")
        definition = definition_of(task.instance)
        call = definition.tasks[step].operation
        assert call is not None
        context = step_context(task, definition, actor=SYSTEM, now=self.now)
        registry.operation.get(call.name)(with_parameters(context, call))

    # The work of the stages, each by the service that its page calls.

    def release_officers(self) -> None:
        """Let nobody be appointed as admin or operator any more."""
        for row in Appointment.objects.filter(agency=self.cast.agency, role__in=OFFICERS):
            revoke_appointment(appointment=row, actor=SYSTEM, now=self.now - timedelta(hours=1))

    def register_machine(self) -> Device:
        """Register a machine and approve it."""
        self.device = devices.register_device(
            agency=self.cast.agency,
            serial=f"ADMS{self.cast.agency.pk:010}",
            name="Mesin Lobi",
            protocol="push",
            actor=SYSTEM,
            now=self.now,
        )
        # Nobody is on it yet, as a listing would tell.
        self.device.read_at, self.device.algorithm = self.now, 10
        self.device.save(update_fields=["read_at", "algorithm"])
        self.terminal = Terminal(self.device, Machine(self.device.serial))
        return self.move_machine("approve")

    def move_machine(self, move: str) -> Device:
        assert self.device is not None
        self.device = devices.move_device(device=self.device, move=move, actor=SYSTEM, now=self.now)
        return self.device

    def record(self, employee: Employee) -> Enrolment:
        """Record a finger of this person at the machine; it waits for its supervisor."""
        assert self.device is not None
        return devices.record_enrolment(
            employee=employee, finger=6, device=self.device, actor=SYSTEM, now=self.now
        )

    def confirm(self, *enrolments: Enrolment) -> None:
        """Let a supervisor confirm what was recorded."""
        supervisor = make_supervisor(self.cast.agency)
        devices.confirm_enrolments(enrolments=enrolments, actor=person(supervisor), now=self.now)

    def record_everybody(self) -> None:
        """Record everybody, under supervision."""
        self.confirm(*(self.record(each) for each in self.cast.agency.employees.all()))

    def check_machine(self, offset: int = 0) -> None:
        """Note how many seconds the machine's clock is ahead."""
        assert self.device is not None
        self.device.refresh_from_db()
        devices.confirm_clock(device=self.device, offset=offset, actor=SYSTEM, now=self.now)

    @property
    def pins(self) -> list[int]:
        """The numbers of the agency's people on the machine."""
        found = DevicePin.objects.filter(employee__agency=self.cast.agency, valid_until=None)
        return list(found.order_by("number").values_list("number", flat=True))

    def give_numbers(self) -> dict[str, int]:
        """Give everybody a number on the machine; return them by name."""
        pins = {}
        first = 100 * self.cast.agency.pk  # a number is nobody else's, in any agency
        for number, employee in enumerate(self.cast.agency.employees.order_by("id"), start=first):
            devices.assign_pin(
                employee=employee,
                number=number,
                valid_from=date(2026, 1, 1),
                actor=SYSTEM,
                now=self.now,
            )
            pins[employee.name] = number
        return pins

    def bring_log(self, *lines: str) -> None:
        """Import lines of "PIN date time" as the machine sends them."""
        assert self.device is not None
        rows = [line.split(" ", 1) for line in lines]
        body = "".join(f"{pin}\t{at}\t0\t1\n" for pin, at in rows)
        devices.import_attlog(
            device=self.device,
            content=body.encode(),
            filename="adms",
            actor=SYSTEM,
            now=self.now,
        )

    def end(self) -> None:
        """Let the month be over, the machine be heard again, and what waited for that begin."""
        self.now = AFTER_THE_MONTH
        if self.terminal is not None:
            self.terminal.work(self.now)
        self.let_the_system_work()


def month_at(cast: Cast, stage: int, subject: str = SUBJECT) -> Month:
    """Return a month that waits at a stage, with the work of all stages before it done.

    Stages whose work was done before the month began are passed as still valid, except that a month
    never begins past stage 4.
    """
    month = Month(cast, subject=subject)
    if stage == 1:
        month.release_officers()
    if stage > 2:
        month.register_machine()
    if stage > 3:
        month.record_everybody()
    month.start()
    if stage > 4:
        pins = month.give_numbers()
        month.move_machine("activate")
        month.check_machine()
        days = [f"2026-04-{day:02}" for day in (6, 7, 8, 9, 10, 13, 14, 15, 16, 17)]
        month.bring_log(
            *(f"{pin} {day} {at}" for pin in pins.values() for day in days
              for at in ("07:20:00", "16:35:00"))
        )  # fmt: skip
        month.pass_stage()
        month.end()
    while month.stage != stage:
        month.pass_stage()
    return month
