"""What becomes of a letter that its superior leaves lying: a reminder, then the next above."""

from datetime import date, timedelta

import pytest

from attendance import services
from attendance.exceptions import NotTheSuperior
from attendance.letters.deciders import decider_for
from attendance.models import AbsenceLetter
from foundation.actors import SYSTEM
from foundation.models import OutboxJob
from organization.models import PublicHoliday, User
from organization.services import appoint_substitute
from processes import services as processes
from processes.models import Instance, Task
from tests.attendance.letter_runs import (
    answer,
    checked,
    let_time_pass,
    offered_to,
    task_of,
    verbs,
)
from tests.attendance.people import employee_of
from tests.cast import NOW, TODAY, Cast

pytestmark = pytest.mark.django_db
MONDAY = NOW + timedelta(minutes=1)  # when the letter was offered to the superior


def test_an_escalated_letter_may_be_decided_by_the_next_superior_too(cast: Cast) -> None:
    letter = checked(cast)
    assert "yang berwenang: Maria Tefa" in _why_not(letter, cast.kadis)

    services.remind_superior(letter_id=letter.pk, actor=SYSTEM, now=NOW)
    people = services.escalate_letter(letter_id=letter.pk, actor=SYSTEM, now=NOW)
    services.escalate_letter(letter_id=letter.pk, actor=SYSTEM, now=NOW)

    assert [str(person) for person in people] == ["Maria Tefa", "Ratna Seran"]
    letter.refresh_from_db()
    assert decider_for(letter, cast.kadis, NOW).acting_as == "Atasan berikutnya"
    assert decider_for(letter, cast.superior, NOW).acting_as == "Atasan langsung"
    assert verbs(letter)[-2:] == ["letter_reminded", "letter_escalated"]


def _why_not(letter: AbsenceLetter, user: User) -> str:
    with pytest.raises(NotTheSuperior) as refused:
        decider_for(letter, user, NOW)
    return str(refused.value)


def test_nobody_is_reminded_of_a_letter_that_is_decided(cast: Cast) -> None:
    letter = answer(checked(cast), cast.superior)
    before = verbs(letter)

    assert services.remind_superior(letter_id=letter.pk, actor=SYSTEM, now=NOW) == []
    assert services.escalate_letter(letter_id=letter.pk, actor=SYSTEM, now=NOW) == []
    assert verbs(letter) == before


def test_the_superior_is_reminded_after_one_working_day(cast: Cast) -> None:
    letter = checked(cast)

    assert verbs(let_time_pass(letter, MONDAY + timedelta(hours=23)))[-1] == "letter_checked"
    letter = let_time_pass(letter, MONDAY + timedelta(days=1, minutes=1))

    assert verbs(letter)[-1] == "letter_reminded"
    assert offered_to(letter) == [cast.superior]
    assert (letter.status, letter.escalated_at) == ("checked", None)


def test_the_next_superior_decides_after_three_working_days(cast: Cast) -> None:
    letter = checked(cast)
    processes.claim_task(task_id=task_of(letter).pk, actor_user=cast.superior, now=NOW)

    letter = let_time_pass(letter, MONDAY + timedelta(days=3, minutes=1))

    assert letter.escalated_at == MONDAY + timedelta(days=3)
    assert offered_to(letter) == [cast.superior, cast.kadis]
    letter = answer(letter, cast.kadis, now=MONDAY + timedelta(days=3, hours=1))
    assert (letter.status, letter.decided_as) == ("approved", "Atasan berikutnya")
    assert letter.instance is not None
    assert letter.instance.status == Instance.Status.FINISHED


def test_the_superior_may_still_decide_once_it_was_escalated(cast: Cast) -> None:
    letter = let_time_pass(checked(cast), MONDAY + timedelta(days=3, minutes=1))

    letter = answer(letter, cast.superior, now=MONDAY + timedelta(days=3, hours=1))

    assert letter.decided_as == "Atasan langsung"


def test_days_off_do_not_count(cast: Cast) -> None:
    PublicHoliday.objects.create(on=date(2026, 4, 21), name="Libur uji")
    letter = checked(cast)

    due = Task.objects.filter(instance=letter.instance, kind="timer").order_by("due_at")

    assert [task.due_at for task in due] == [
        MONDAY + timedelta(days=2), MONDAY + timedelta(days=4),
    ]  # fmt: skip


def test_nothing_strikes_after_the_decision_and_a_second_round_counts_anew(cast: Cast) -> None:
    letter = let_time_pass(checked(cast), MONDAY + timedelta(days=3, minutes=1))
    later = MONDAY + timedelta(days=4)
    letter = answer(letter, cast.superior, "return", "Tanggalnya keliru.", now=later)
    assert verbs(let_time_pass(letter, later + timedelta(days=30)))[-1] == "letter_returned"

    letter = answer(answer(letter, cast.operator, now=later), cast.admin, now=later)

    assert letter.escalated_at is None
    assert offered_to(letter) == [cast.superior]
    (reminder, _) = Task.objects.filter(
        instance=letter.instance, kind="timer", status="ready"
    ).order_by("due_at")
    assert reminder.due_at is not None
    assert reminder.due_at.date() == date(2026, 4, 27)  # the next working day is a Monday


def test_a_substitute_named_meanwhile_is_offered_the_letter(cast: Cast) -> None:
    letter = checked(cast)
    appoint_substitute(
        principal=employee_of(cast.superior), substitute=employee_of(cast.secretary),
        capacity="plh", letter_number="800/7/2026", valid_from=TODAY, valid_until=TODAY,
        user=cast.admin, now=NOW,
    )  # fmt: skip
    job = OutboxJob.objects.get(kind="processes.reoffer")
    assert job.payload == {"agency": cast.agency.pk}

    processes.reoffer_open_tasks(agency_id=job.payload["agency"], now=NOW)

    assert offered_to(letter) == [cast.secretary]
    letter = answer(letter, cast.secretary)
    assert letter.decided_as == "Plh. Kepala Bidang"
    decided = Task.objects.filter(instance=letter.instance, owner=cast.secretary)
    assert decided.values_list("acting_as", flat=True).get() == "Plh. Kepala Bidang"
