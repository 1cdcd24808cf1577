"""What an agency's officers lack is noted once, told by message, and taken back when mended."""

from datetime import timedelta

import pytest

from foundation import ledger
from foundation.actors import SYSTEM
from foundation.models import Event, OutboxJob
from organization.exceptions import OfficersRefused
from organization.models import Appointment, Employee, EmploymentStatus, OfficerNeed, User
from organization.permissions import person
from organization.services import (
    Chosen,
    MoveData,
    appoint,
    appoint_officers,
    move_employee,
    request_officers,
    retire_employee,
    revoke_appointment,
    watch_officers,
)
from organization.services.officer_needs import MENDED, NEEDED, shortage
from tests.cast import NOW, TODAY, Cast, make_agency
from tests.cast import appoint as give

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def two(cast: Cast) -> Cast:
    """Budi is the admin, Sari the only operator."""
    Appointment.objects.filter(user=cast.operator2).delete()
    return cast


def needs(cast: Cast) -> list[OfficerNeed]:
    return list(OfficerNeed.objects.filter(agency=cast.agency).order_by("pk"))


def told(cast: Cast) -> list[str]:
    """Return the messages that were asked for about this agency, in their order."""
    jobs = OutboxJob.objects.filter(payload__name="processes.send_message").order_by("pk")
    return [
        job.payload["parameters"]["message"]
        for job in jobs
        if job.payload["agency"] == cast.agency.pk
    ]


def employee(user: User) -> Employee:
    assert user.employee is not None
    return Employee.objects.get(pk=user.employee.pk)


def end(cast: Cast, user: User) -> None:
    row = Appointment.objects.get(user=user)
    revoke_appointment(appointment=row, actor=person(cast.kadis), now=NOW)


def test_who_moves_away_leaves_a_need(two: Cast) -> None:
    data = MoveData(to_agency=two.other_agency, moved_on=TODAY, letter_number="821/7/2026")
    move_employee(employee=employee(two.operator), data=data, user=two.admin, now=NOW)
    (need,) = needs(two)
    assert need.reason == "Belum ada petugas yang sah sebagai Operator."
    assert (need.opened_at, need.opened_by) == (NOW, two.admin)
    assert told(two) == [NEEDED]
    assert list(ledger.verify()) == []


def test_who_retires_leaves_one_and_one_of_three_leaves_none(cast: Cast) -> None:
    retire_employee(employee=employee(cast.operator2), left_on=TODAY, actor=SYSTEM, now=NOW)
    assert needs(cast) == []
    retire_employee(employee=employee(cast.admin), left_on=TODAY, actor=SYSTEM, now=NOW)
    assert [need.reason for need in needs(cast)] == ["Belum ada petugas yang sah sebagai Admin."]


def test_one_person_in_both_roles_is_one_person(two: Cast) -> None:
    Appointment.objects.filter(user=two.operator).delete()
    give(two.admin, "Operator", two.agency)
    assert shortage(two.agency, NOW) == "Baru 1 petugas yang sah; paling sedikit 2 orang."


def test_who_is_no_pns_any_more_is_found_by_the_clock(two: Cast) -> None:
    Employee.objects.filter(user=two.operator).update(status=EmploymentStatus.PPPK)
    watch_officers(now=NOW)
    assert [need.kind for need in needs(two)] == [OfficerNeed.Kind.SHORTAGE]


def test_the_event_tells_no_names(two: Cast) -> None:
    end(two, two.operator)
    event = Event.objects.get(verb="officer_need_opened")
    assert event.after == {
        "kind": "shortage", "reason": "Belum ada petugas yang sah sebagai Operator.",
    }  # fmt: skip
    assert event.stream == two.agency.stream


def test_a_second_gap_is_the_same_need(two: Cast) -> None:
    end(two, two.operator)
    end(two, two.admin)
    watch_officers(now=LATER)
    assert len(needs(two)) == 1
    assert told(two) == [NEEDED]


def test_an_appointment_from_elsewhere_mends_it_and_says_so_once(two: Cast) -> None:
    end(two, two.operator)
    appoint(
        agency=two.agency, user=two.operator2, role="Operator", letter_number="800/9",
        actor=person(two.kadis), now=LATER,
    )  # fmt: skip
    watch_officers(now=LATER)
    (need,) = needs(two)
    assert need.mended_at == need.finished_at == LATER
    assert told(two) == [NEEDED, MENDED]


def test_a_letter_that_begins_later_is_found_by_the_clock_on_its_day(two: Cast) -> None:
    end(two, two.operator)
    give(two.operator2, "Operator", two.agency, valid_from=TODAY + timedelta(days=1))
    watch_officers(now=LATER)
    assert needs(two)[0].mended_at is None
    watch_officers(now=NOW + timedelta(days=1))
    assert needs(two)[0].mended_at == NOW + timedelta(days=1)


def test_the_first_appointments_of_an_agency_raise_no_alarm(cast: Cast) -> None:
    new = make_agency("baru")
    appoint(
        agency=new, user=cast.employee, role="Admin", letter_number="1", actor=SYSTEM, now=NOW
    )  # fmt: skip
    assert not OfficerNeed.objects.exists()


def test_an_office_that_knows_no_operator_is_not_held_to_the_rule(cast: Cast) -> None:
    regency = make_agency("kabupaten", government="Pemerintah Kabupaten Contoh")
    row = give(cast.employee, "Admin", regency)
    revoke_appointment(appointment=row, actor=SYSTEM, now=NOW)
    give(cast.kadis, "Kadis", regency)
    with pytest.raises(OfficersRefused, match="periode pertama"):
        request_officers(agency=regency, user=cast.kadis, now=LATER)
    watch_officers(now=LATER)
    assert not OfficerNeed.objects.filter(agency=regency).exists()


def test_a_request_becomes_urgent_when_somebody_leaves_meanwhile(two: Cast) -> None:
    request_officers(agency=two.agency, user=two.kadis, now=NOW)
    end(two, two.operator)
    (need,) = needs(two)
    assert (need.kind, need.times_told) == (OfficerNeed.Kind.SHORTAGE, 2)


def test_a_request_stands_until_somebody_is_appointed(cast: Cast) -> None:
    request_officers(agency=cast.agency, user=cast.kadis, now=NOW)
    watch_officers(now=LATER)
    assert needs(cast)[0].mended_at is None
    appoint_officers(
        agency=cast.agency,
        chosen=[
            Chosen(employee(cast.operator).pk, "Admin"),
            Chosen(employee(cast.operator2).pk, "Operator"),
        ],
        actor=person(cast.kadis),
        now=LATER,
    )
    assert needs(cast)[0].mended_at == LATER
    assert told(cast)[-1] == MENDED


def test_one_agency_that_fails_keeps_no_other_from_being_looked_at(
    two: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from organization.services import officer_needs

    end(two, two.operator)
    OfficerNeed.objects.all().delete()
    whole = officer_needs.shortage

    def broken(agency: object, now: object) -> str:
        if agency == two.other_agency:
            raise RuntimeError("gangguan")
        return whole(agency, now)  # type: ignore[arg-type]

    monkeypatch.setattr(officer_needs, "shortage", broken)
    assert watch_officers(now=LATER) == 1
    assert len(needs(two)) == 1
