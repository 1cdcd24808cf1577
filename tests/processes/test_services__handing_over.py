"""Officers who move, retire or leave: what they hold goes to another, or back into its queue."""

from datetime import date, timedelta

import pytest

from foundation import ledger
from foundation.actors import SYSTEM
from foundation.models import Event
from organization.models import Appointment
from organization.permissions import person
from organization.services import retire_employee, revoke_appointment
from processes import services
from processes.access import may_work
from processes.exceptions import AlreadyDone, NotAllowed, NotReady
from processes.models import Instance
from processes.services import HandedOver
from processes.spells import Ending
from tests.cast import NOW, TODAY, Cast, appoint
from tests.processes.conftest import begin
from tests.processes.test_services__tasks import LATER, claim, complete, open_task

pytestmark = pytest.mark.django_db
NEXT_DAY = NOW + timedelta(days=1)


def give_on(cast: Cast, **changes: object) -> HandedOver:
    values: dict[str, object] = {
        "from_user": cast.operator, "agency": cast.agency, "actor_user": cast.kadis,
        "reason": "mutasi", "now": LATER,
    }  # fmt: skip
    return services.hand_over_tasks(**(values | changes))  # type: ignore[arg-type]


def handed(instance: Instance) -> list[Event]:
    events = Event.objects.filter(stream=instance.stream, verb="task_reassigned")
    return list(events.order_by("sequence"))


def test_everything_goes_to_the_successor_with_the_reason(cast: Cast, instance: Instance) -> None:
    claim(instance, cast.operator)
    other = begin(cast, subject="Cuti Maria")
    claim(other, cast.operator)
    assert give_on(cast, to_user=cast.operator2) == HandedOver(given=2)
    for each in (instance, other):
        task = open_task(each)
        assert (task.status, task.owner, task.assignee) == ("ready", None, cast.operator2)
        (event,) = handed(each)
        assert event.actor_id == cast.kadis.pk
        assert event.after["reason"] == "mutasi"
        assert event.after["from"] == cast.operator.pk
    complete(claim(instance, cast.operator2), cast.operator2, isi="mohon cuti")
    assert list(ledger.verify()) == []


def test_without_a_successor_it_goes_back_into_the_queue(cast: Cast, instance: Instance) -> None:
    claim(instance, cast.operator)
    assert give_on(cast) == HandedOver(returned=1)
    task = open_task(instance)
    assert (task.status, task.owner, task.assignee) == ("ready", None, None)
    assert task.earlier[-1]["why"] == Ending.TAKEN


def test_a_successor_who_does_not_hold_the_role_gets_nothing(
    cast: Cast, instance: Instance
) -> None:
    claim(instance, cast.operator)
    assert give_on(cast, to_user=cast.employee) == HandedOver(returned=1)
    assert open_task(instance).assignee is None


def test_what_was_only_handed_to_him_by_name_is_given_on_as_well(
    cast: Cast, instance: Instance
) -> None:
    services.reassign_task(
        task_id=open_task(instance).pk, actor_user=cast.kadis, to_user=cast.operator,
        reason="bergantian", now=NOW,
    )  # fmt: skip
    assert give_on(cast, to_user=cast.operator2) == HandedOver(given=1)
    assert open_task(instance).assignee == cast.operator2


def test_tasks_of_others_and_of_other_agencies_stay(cast: Cast, instance: Instance) -> None:
    claim(instance, cast.operator2)
    appoint(cast.operator, "Operator", cast.other_agency)
    elsewhere = begin(cast, agency=cast.other_agency, actor_user=cast.outsider)
    claim(elsewhere, cast.operator)
    assert give_on(cast) == HandedOver()
    assert open_task(instance).owner == cast.operator2
    assert open_task(elsewhere).owner == cast.operator


def test_only_who_may_hands_over_and_never_without_a_reason(cast: Cast, instance: Instance) -> None:
    claim(instance, cast.operator)
    for user in (cast.operator2, cast.secretary, cast.employee, cast.outsider):
        with pytest.raises(NotAllowed, match="tidak memberi wewenang"):
            give_on(cast, actor_user=user)
    with pytest.raises(NotReady, match="alasan"):
        give_on(cast, reason="  ")
    with pytest.raises(NotReady, match="penerima yang lain"):
        give_on(cast, to_user=cast.operator)
    assert open_task(instance).owner == cast.operator
    assert give_on(cast, actor_user=cast.admin) == HandedOver(returned=1)


def test_an_appointment_that_ends_by_its_date_gives_back_what_its_holder_holds(
    cast: Cast, instance: Instance
) -> None:
    Appointment.objects.filter(user=cast.operator).update(valid_until=TODAY)
    claim(instance, cast.operator)
    assert services.release_ended_mandates(now=NOW) == 0
    assert services.release_ended_mandates(now=NEXT_DAY) == 1
    assert services.release_ended_mandates(now=NEXT_DAY) == 0
    task = open_task(instance)
    assert (task.status, task.owner) == ("ready", None)
    (event,) = handed(instance)
    assert event.actor_name == "Sistem"
    assert event.after["reason"] == "Penugasan Sari Benu sebagai Operator sudah berakhir."
    with pytest.raises(NotAllowed):
        services.claim_task(task_id=task.pk, actor_user=cast.operator, now=NEXT_DAY)
    assert list(ledger.verify()) == []


def test_the_day_of_an_agency_and_not_of_the_server_ends_an_appointment(
    cast: Cast, instance: Instance
) -> None:
    Appointment.objects.filter(user=cast.operator).update(valid_until=date(2026, 4, 20))
    claim(instance, cast.operator)
    last_hour = NOW.replace(hour=15, minute=59)  # 23.59 WITA
    assert services.release_ended_mandates(now=last_hour) == 0
    assert services.release_ended_mandates(now=last_hour + timedelta(minutes=1)) == 1


def test_a_revoked_appointment_and_a_retirement_give_back_as_well(
    cast: Cast, instance: Instance
) -> None:
    other = begin(cast, subject="Cuti Maria")
    claim(instance, cast.operator)
    claim(other, cast.operator2)
    (appointment,) = cast.operator.appointments.all()
    revoke_appointment(appointment=appointment, actor=person(cast.kadis), now=NOW)
    assert cast.operator2.employee is not None
    retire_employee(employee=cast.operator2.employee, left_on=TODAY, actor=SYSTEM, now=NOW)
    assert services.release_ended_mandates(now=LATER, agency_id=cast.other_agency.pk) == 0
    assert services.release_ended_mandates(now=LATER, agency_id=cast.agency.pk) == 2
    assert open_task(instance).owner is open_task(other).owner is None


def test_an_acting_officer_keeps_his_tasks_while_he_acts(cast: Cast, instance: Instance) -> None:
    appoint(cast.employee, "Operator", cast.agency, capacity="plh", valid_until=TODAY)
    claim(instance, cast.employee)
    assert services.release_ended_mandates(now=LATER) == 0
    assert services.release_ended_mandates(now=NEXT_DAY) == 1


def test_who_completes_after_his_task_was_given_on_is_refused(
    cast: Cast, instance: Instance
) -> None:
    task = claim(instance, cast.operator)
    give_on(cast)
    with pytest.raises(NotReady):
        complete(task, cast.operator, isi="terlambat")
    services.claim_task(task_id=task.pk, actor_user=cast.operator2, now=LATER)
    with pytest.raises(AlreadyDone, match="Yohanes Klau"):
        complete(task, cast.operator, isi="terlambat")


def test_who_was_handed_a_task_may_not_go_on_once_his_appointment_is_over(
    cast: Cast, instance: Instance
) -> None:
    services.reassign_task(
        task_id=open_task(instance).pk, actor_user=cast.kadis, to_user=cast.operator,
        reason="bergantian", now=NOW,
    )  # fmt: skip
    task = claim(instance, cast.operator)
    Appointment.objects.filter(user=cast.operator).update(valid_until=TODAY)
    with pytest.raises(NotAllowed, match="tidak memberi wewenang"):  # before the clock takes it
        services.complete_task(
            task_id=task.pk, actor_user=cast.operator, answers={"isi": "x"}, now=NEXT_DAY
        )
    assert not may_work(cast.operator, task, NEXT_DAY)


def test_who_changes_from_holder_to_acting_at_midnight_goes_on(
    cast: Cast, instance: Instance
) -> None:
    Appointment.objects.filter(user=cast.operator).update(valid_until=TODAY)
    appoint(
        cast.operator, "Operator", cast.agency, capacity="plt", valid_from=NEXT_DAY.date(),
        valid_until=date(2026, 6, 30),
    )  # fmt: skip
    task = claim(instance, cast.operator)
    services.complete_task(
        task_id=task.pk, actor_user=cast.operator, answers={"isi": "mohon cuti"}, now=NEXT_DAY
    )
    task.refresh_from_db()
    assert (task.status, task.acting_as) == ("completed", "Plt. Operator")
