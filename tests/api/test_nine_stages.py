"""A month of e-absensi from its start to its end, every person's act over the API."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine

from attendance.models import Recap
from foundation import ledger
from organization.models import User
from processes.models import Instance, Task
from processes.services import Completion
from tests.api.programs import Program, program_of
from tests.cast import Cast
from tests.stages import KEY, Answers, Month

pytestmark = pytest.mark.django_db


class MonthFromOutside(Month):
    """The same month; who works on it sends requests with his token."""

    def ask(self, user: User, act: Callable[[Program], Any]) -> Any:
        """Do an act at the month's moment; what comes back is no refusal."""
        with time_machine.travel(self.now, tick=False):
            answer = act(program_of(user))
        assert answer.status in (200, 201), answer.body
        return answer.body

    def start(self) -> None:
        body = {"definition": KEY, "agency": self.cast.agency.code, "subject": self.subject}
        begun = self.ask(self.cast.kadis, lambda program: program.post("/instances", body))
        self.instance = Instance.objects.get(pk=begun["id"])
        self.let_the_system_work()

    def claim(self, user: User) -> Task:
        path = f"/tasks/{self.task.pk}/claim"
        self.ask(user, lambda program: program.post(path))
        return self.task

    def send(self, user: User, answers: Answers) -> Completion:
        task, values = self.task, dict(answers)
        for name, value in answers.items():
            if isinstance(value, bytes):
                path = f"/tasks/{task.pk}/files"
                values[name] = self.ask(user, _upload(path, name, value))["id"]
        read = self.ask(user, lambda program: program.get(f"/tasks/{task.pk}"))
        done = self.ask(user, lambda program: program.complete(read, values))
        return Completion(done["task"], done["instance"])


def _upload(path: str, name: str, content: bytes) -> Callable[[Program], Any]:
    return lambda program: program.upload(path, "petunjuk.pdf", content, field=name)


def test_a_month_runs_through_all_nine_stages_by_the_api_alone(cast: Cast) -> None:
    month = MonthFromOutside(cast)
    month.release_officers()
    month.start()
    assert month.stage == 1
    passed = []
    while month.instance.status == Instance.Status.RUNNING:
        stage = month.stage
        assert stage is not None
        prepare(month, stage)
        passed.append(stage)
        month.pass_stage()
        if stage == 4:
            month.end()
        month.instance.refresh_from_db()
    assert passed == list(range(1, 10))
    assert Recap.objects.get().is_frozen
    assert list(ledger.verify()) == []
    told = month.ask(cast.kadis, lambda program: program.get("/recaps", status="frozen"))
    (recap,) = told["items"]
    assert (recap["month"], recap["agency"]) == ("2026-04", cast.agency.code)
    path = f"/recaps/{recap['id']}/rows"
    rows = month.ask(cast.kadis, lambda program: program.get(path))["items"]
    assert len(rows) == len(cast.everyone)
    assert all(len(row["codes"]) == 30 for row in rows)


def prepare(month: MonthFromOutside, stage: int) -> None:
    """Do the work of a stage that is not done on its form."""
    if stage == 2:
        month.register_machine()
    if stage == 3:
        month.record_everybody()
    if stage == 4:
        pins = month.give_numbers()
        month.move_machine("activate")
        month.check_machine()
        days = [f"2026-04-{day:02}" for day in (6, 7, 8, 9, 10, 13, 14, 15, 16, 17)]
        taps = ("07:20:00", "16:35:00")
        month.bring_log(
            *(f"{pin} {day} {at}" for pin in pins.values() for day in days for at in taps)
        )
