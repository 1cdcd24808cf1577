"""Play the months of the demo office: each act by the person who would do it, at its time.

What a step needs stands in `office.toml`; here is only how an act is done. The system's own steps
follow each act at once, ten seconds apart, as a worker would do them.
"""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from attendance.models import AbsenceLetter
from attendance.offered.letter_steps import open_tasks
from attendance.services import (
    Decision,
    LetterData,
    attach_scan,
    confirm_outside_approval,
    decide_letter,
    enter_letter,
    hand_in,
    submit_letter,
)
from config.demo.fleet import Fleet
from config.demo.months import Absence, MonthPlan, plan_month, working_days
from config.demo.office import Office, complete_people, local
from config.demo.scan import scan_of
from devices import services as device_services
from devices.models import DevicePin, Enrolment
from documents.models import DocumentOrder
from documents.orders.writing import write_order
from foundation.outbox import Postponed
from organization.models import Employee, PublicHoliday, User
from organization.permissions import users_with_role
from organization.services import open_account
from processes import services
from processes.definitions import definition_of
from processes.models import Instance, Task
from workflows.definitions import FieldType, OutcomeKind, TaskKind

PAUSE = timedelta(seconds=10)
WITH_RUN = 4  # letters of a month that go through their procedure


@dataclass
class Month:
    """A month of the office: its calendar, what was recorded, who was away."""

    first: date
    last: date
    plan: MonthPlan
    days: list[date]
    next_days: list[date]
    people: list[Employee]

    @property
    def subject(self) -> str:
        return f"{self.first:%Y-%m}"


def month_of(first: date, people: list[Employee]) -> Month:
    """Invent the month that begins on this day for these people."""
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    after = last + timedelta(days=1)
    holidays = set(PublicHoliday.objects.values_list("on", flat=True))
    pins = dict(DevicePin.objects.filter(valid_until=None).values_list("employee_id", "number"))
    plan = plan_month([pins.get(person.pk, 0) for person in people], first, last, holidays)
    return Month(
        first,
        last,
        plan,
        list(working_days(first, last, holidays)),
        list(working_days(after, after + timedelta(days=20), holidays)),
        people,
    )


def agreeing_answers(task: Task) -> dict[str, Any]:
    """Return the form of a step filled in so that it agrees, whatever the SOP calls that."""
    said: dict[str, Any] = {}
    for field in definition_of(task.instance).tasks[task.step].form.fields:
        if field.type is FieldType.OUTCOME:
            agreeing = [o.value for o in field.options if o.kind is OutcomeKind.APPROVE]
            said[field.name] = agreeing[0]
        elif field.type in (FieldType.CHOICES, FieldType.CHECKLIST):
            said[field.name] = [option.value for option in field.options]
        elif field.type is FieldType.TEXT:
            said[field.name] = "Sekretaris Daerah Provinsi"
    return said


class Player:
    """Plays the acts of one month; at a pace of 2 its people take twice as long."""

    def __init__(self, office: Office, fleet: Fleet, first: date, *, pace: float = 1) -> None:
        self.office, self.fleet, self.first, self.pace = office, fleet, first, pace
        self._look_around()
        self.instance: Instance | None = None
        self.kept_back: list[Absence] = []

    def _look_around(self) -> None:
        """Invent the month anew for the people and machine numbers that exist by now."""
        people = Employee.objects.filter(agency=self.office.agency).select_related("superior")
        self.people = list(people.order_by("id"))
        self.month = month_of(self.first, self.people)

    def play(self, acts: Iterable[Mapping[str, Any]]) -> Instance:
        """Do the acts in their order and return the instance they made."""
        for act in acts:
            now = self._moment(act)
            if "task" in act:
                self._work(act, now)
            else:
                getattr(self, f"_do_{act['do']}")(act, now)
        if self.instance is None:
            raise RuntimeError("no act started an instance")
        return self.instance

    def _moment(self, act: Mapping[str, Any]) -> datetime:
        days = self.month.next_days if "next" in act else self.month.days
        on = days[act.get("next", act.get("day", 1)) - 1]
        return local(self.office.agency, on, act["at"])

    def _work(self, act: Mapping[str, Any], now: datetime) -> None:
        """Claim a task of this month, do its work, complete it."""
        user = self.office.users[act["by"]]
        task = Task.objects.get(instance=self.instance, step=act["task"], status=Task.Status.READY)
        end = self._moment(act["until"]) if "until" in act else now
        end += timedelta(minutes=act.get("minutes", 0) * self.pace, seconds=17)
        self.work(task, user, act["answers"], now=now, end=end)

    def work(
        self, task: Task, user: User, given: Mapping[str, Any], *, now: datetime, end: datetime
    ) -> None:
        """Take a task at one moment and send it in at another; the system does what follows."""
        services.claim_task(task_id=task.pk, actor_user=user, now=now)
        services.note_opened(task_id=task.pk, actor_user=user, now=now + PAUSE)
        answers = {
            name: self._answer(task, name, value, user, now) for name, value in given.items()
        }
        services.complete_task(task_id=task.pk, actor_user=user, answers=answers, now=end)
        self.let_the_system_work(end, task.instance)

    def _answer(self, task: Task, name: str, value: Any, user: User, now: datetime) -> Any:
        if value == "@file":
            upload = SimpleUploadedFile("disposisi.pdf", scan_of("Disposisi pimpinan"))
            attachment = services.attach_file(
                task_id=task.pk, actor_user=user, field=name, upload=upload, now=now
            )
            return attachment.pk
        if value == "@today":
            return now.date().isoformat()
        if isinstance(value, list):
            return [self._person(item) for item in value]
        return value

    def _person(self, item: str) -> str:
        """Return the employee whom "@account" means; other items are choices as they stand."""
        if not item.startswith("@"):
            return item
        person = self.office.person(item[1:])
        return str(Employee.objects.get(number=person.number).pk)

    def let_the_system_work(self, now: datetime, instance: Instance | None = None) -> None:
        """Do what workers and clocks would by now, of this month unless another is named."""
        while True:
            task = (
                Task.objects.filter(instance=instance or self.instance, status=Task.Status.READY)
                .exclude(kind__in=(TaskKind.USER, TaskKind.MESSAGE))
                .exclude(kind=TaskKind.TIMER, due_at__gt=now)
                .first()
            )
            if task is None:
                return
            now += PAUSE
            if task.kind == TaskKind.TIMER:
                services.run_timer(task_id=task.pk, now=max(now, task.due_at or now))
            else:
                self._perform(task, now)

    def _perform(self, task: Task, now: datetime) -> None:
        """Do an automatic task, and what the workers would write meanwhile."""
        try:
            services.perform_task(task_id=task.pk, now=now)
        except Postponed:
            write_order(order=DocumentOrder.objects.get(task=task), now=now)
            services.perform_task(task_id=task.pk, now=now)

    def _do_start(self, act: Mapping[str, Any], now: datetime) -> None:
        self.instance = services.start_process(
            definition_key=self.office.script["process"]["key"],
            agency=self.office.agency,
            subject=self.month.subject,
            actor_user=self.office.users[act["by"]],
            now=now,
        )
        self.let_the_system_work(now)

    def _do_people(self, act: Mapping[str, Any], now: datetime) -> None:
        """The admin brings in everybody with photos, and registers the machines."""
        actor = self.office.actor(act["by"], now)
        complete_people(self.office, actor, now)
        self.fleet.register(actor, now)
        self._look_around()

    def _do_fingers(self, act: Mapping[str, Any], now: datetime) -> None:
        """Everybody presses a finger at a machine, under supervision; then the fingers go round."""
        self.fleet.record_everybody()
        actor = self.office.actor(act["by"], now)
        device_services.sync_fingerprints(agency=self.office.agency, actor=actor, now=now)
        supervisor = self.office.actor(act["supervised_by"], now)
        device_services.confirm_enrolments(
            enrolments=Enrolment.objects.waiting(), actor=supervisor, now=now
        )
        device_services.sync_fingerprints(agency=self.office.agency, actor=actor, now=now)
        self._look_around()

    def _do_logs(self, act: Mapping[str, Any], now: datetime) -> None:
        """The machines are looked at, and what they recorded so far comes in."""
        actor = self.office.actor(act["by"], now)
        self.fleet.check(actor, now)
        self.fleet.activate(actor, now)
        self.fleet.deliver(self.month.plan, until=now, actor=actor, now=now)

    def _do_month(self, act: Mapping[str, Any], now: datetime) -> None:
        """The rest of the month: logs week by week, letters as they come, the timer at its end."""
        actor = self.office.actor(act["by"], now)
        for monday in [day for day in self.month.days if day.weekday() == 0]:
            at = local(self.office.agency, monday, "08:15")
            if at < now:
                self.fleet.deliver(self.month.plan, until=at, actor=actor, now=at)
        letters = self.month.plan.absences
        unfinished = self._of_staff(act.get("undecided_by", ""))[: act.get("unfinished_letters", 0)]
        self.kept_back = [absence for absence in letters if absence not in unfinished][:1]
        for number, absence in enumerate(letters, start=1):
            if absence not in self.kept_back:
                decided = absence not in unfinished
                self._hand_in(absence, number, now=self._after(absence), decided=decided)
        self.fleet.deliver(self.month.plan, until=now, actor=actor, now=now)
        self.let_the_system_work(now)

    def _of_staff(self, username: str) -> list[Absence]:
        """Return the absences of those whose direct superior has this account."""
        if not username:
            return []
        number = self.office.person(username).number
        return [
            absence
            for absence in self.month.plan.absences
            if (above := self.people[absence.person].superior) and above.number == number
        ]

    def _after(self, absence: Absence) -> datetime:
        return local(self.office.agency, absence.last, "15:10")

    def _do_missed_letter(self, act: Mapping[str, Any], now: datetime) -> None:
        for absence in self.kept_back:
            self._hand_in(absence, 99, now=now, decided=True)

    def _hand_in(self, absence: Absence, number: int, *, now: datetime, decided: bool) -> None:
        """An officer enters and scans a letter; the direct superior approves it himself."""
        person = self.people[absence.person]
        officer = self.office.users[self.office.script["process"]["letters_by"]]
        data = LetterData(
            kind=absence.kind,
            first_on=absence.first,
            last_on=absence.last,
            number=f"800/{number:03d}/KOMINFO/{absence.first:%Y}",
            issuer="Kepala Dinas" if person.superior is None else person.superior.position,
            reason="Sesuai surat terlampir",
        )
        letter = enter_letter(employee=person, data=data, user=officer, now=now)
        scanned = decided or number % 2 == 0
        if scanned:
            attach_scan(
                letter_id=letter.pk, file=SimpleUploadedFile("surat.pdf", scan_of(str(letter))),
                name="surat.pdf", user=officer, now=now + PAUSE,
            )  # fmt: skip
        if not decided or number <= WITH_RUN:
            if person.superior is not None:
                self._account(person.superior, now)
            hand_in(letter_id=letter.pk, user=officer, now=now + 2 * PAUSE)
            self._play_run(letter.pk, now + 3 * PAUSE, decided=decided)
            return
        # Most letters of the demo are of before the procedure: a run for each would take minutes.
        submit_letter(letter_id=letter.pk, user=officer, now=now + 2 * PAUSE)
        if person.superior is None:
            confirm_outside_approval(
                letter_id=letter.pk,
                official="Sekretaris Daerah Provinsi",
                user=officer,
                now=now + 3 * PAUSE,
            )
        else:
            decide_letter(
                letter_id=letter.pk,
                decision=Decision.APPROVE,
                note="",
                user=self._account(person.superior, now),
                now=now + timedelta(minutes=10),
            )

    def _play_run(self, letter_id: int, now: datetime, *, decided: bool) -> None:
        """Let everybody agree to a letter; an undecided one stops at its superior, or unscanned."""
        while True:
            letter = AbsenceLetter.objects.select_related("instance", "employee").get(pk=letter_id)
            self.let_the_system_work(now, letter.instance)
            letter.refresh_from_db()
            task = open_tasks(letter).first()
            if task is None or not letter.scan_sha256 or (task.by_name and not decided):
                return
            user = self._worker(task, letter, now)
            if user is None:
                return
            now += timedelta(minutes=20)
            services.claim_task(task_id=task.pk, actor_user=user, now=now)
            now += timedelta(minutes=2)
            services.complete_task(
                task_id=task.pk, actor_user=user, answers=agreeing_answers(task), now=now
            )

    def _worker(self, task: Task, letter: AbsenceLetter, now: datetime) -> User | None:
        if task.by_name:
            offered = task.candidates.order_by("id").first()
            return offered.user if offered else None
        agency = self.office.agency
        holders = users_with_role(task.lane, agency, now).exclude(employee=letter.employee)
        return holders.order_by("id").first()

    def _account(self, person: Employee, now: datetime) -> User:
        known = User.objects.filter(employee=person).first()
        if known is None:
            actor = self.office.actor(self.office.script["process"]["letters_by"], now)
            known = open_account(employee=person, actor=actor, now=now)
        return known
