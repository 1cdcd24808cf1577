"""Runs of letters that begin late or by hand, and that end before a decision."""

import pytest

from attendance import services
from attendance.exceptions import AlreadyDecided
from attendance.models import AbsenceLetter
from attendance.services.letter_runs import key_of_procedure
from processes import services as processes
from processes.exceptions import InvalidAnswers
from processes.models import Instance, Task
from tests.attendance.letter_runs import (
    after_system,
    answers_of,
    checked,
    task_of,
)
from tests.attendance.people import decide, enter, scan, submitted
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


def test_a_withdrawn_letter_stops_its_run(cast: Cast) -> None:
    letter = checked(cast)
    services.withdraw_letter(letter_id=letter.pk, user=cast.employee, now=NOW)

    letter = after_system(letter)
    assert letter.status == "withdrawn"
    assert letter.instance is not None
    assert letter.instance.status == Instance.Status.CANCELLED
    assert not Task.objects.filter(instance=letter.instance, status="ready").exists()


def test_a_decided_letter_is_not_withdrawn_while_the_system_applies_it(cast: Cast) -> None:
    letter = checked(cast)
    task = task_of(letter)
    processes.claim_task(task_id=task.pk, actor_user=cast.superior, now=NOW)
    processes.complete_task(
        task_id=task.pk, actor_user=cast.superior, answers=answers_of(task, "approve"), now=NOW
    )

    with pytest.raises(AlreadyDecided, match="sedang diproses sistem"):
        services.withdraw_letter(letter_id=letter.pk, user=cast.employee, now=NOW)


def test_a_run_that_was_stopped_by_force_may_begin_again(cast: Cast) -> None:
    letter = checked(cast)
    assert letter.instance is not None
    processes.cancel_process(
        instance_id=letter.instance.pk, actor_user=cast.kadis, reason="keliru", now=NOW
    )

    letter = after_system(services.hand_in(letter_id=letter.pk, user=cast.operator, now=NOW))

    assert (letter.status, task_of(letter).lane) == ("submitted", "Admin")


def test_letters_of_before_go_on_at_the_step_where_they_were(cast: Cast) -> None:
    entered = enter(cast)
    scanned = scan(cast, enter(cast, cast.admin))
    waiting = submitted(cast, cast.operator2)
    returned = decide(submitted(cast, cast.secretary), cast.kadis, "return", "keliru")
    approved = decide(submitted(cast, cast.operator), cast.superior)

    assert services.begin_missing_runs(now=NOW) == 4
    assert services.begin_missing_runs(now=NOW) == 0

    lanes = {
        row.pk: task_of(after_system(row)).lane for row in (entered, scanned, waiting, returned)
    }
    assert lanes == {
        entered.pk: "Operator", scanned.pk: "Admin", waiting.pk: "Admin", returned.pk: "Operator",
    }  # fmt: skip
    approved.refresh_from_db()
    assert approved.instance is None


def begin_by_hand(cast: Cast, subject: str) -> Instance:
    return processes.start_process(
        definition_key=key_of_procedure(), agency=cast.agency, subject=subject,
        actor_user=None, now=NOW,
    )  # fmt: skip


def test_a_run_begun_by_hand_becomes_the_letters(cast: Cast) -> None:
    letter = scan(cast, enter(cast))

    instance = begin_by_hand(cast, str(letter.pk))

    assert after_system(_with_instance(letter, instance)).instance == instance


def _with_instance(letter: AbsenceLetter, instance: Instance) -> AbsenceLetter:
    """Do the first step of the system, by which the letter learns of its run."""
    task = Task.objects.get(instance=instance, kind="automatic")
    processes.perform_task(task_id=task.pk, now=NOW)
    return letter


@pytest.mark.parametrize("subject", ["0", "seribu", "²", "999999999", "9" * 30])
def test_no_run_begins_for_a_letter_that_is_not_there(cast: Cast, subject: str) -> None:
    with pytest.raises(InvalidAnswers, match="tidak ada"):
        begin_by_hand(cast, subject)


def test_no_run_begins_for_a_letter_that_is_decided(cast: Cast) -> None:
    approved = decide(submitted(cast), cast.superior)

    with pytest.raises(InvalidAnswers, match="sudah diputuskan"):
        begin_by_hand(cast, str(approved.pk))


def test_a_letter_with_a_run_is_decided_in_its_task_only(cast: Cast) -> None:
    with pytest.raises(AlreadyDecided, match="lewat tugasnya"):
        decide(checked(cast), cast.superior)
