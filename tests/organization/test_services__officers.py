"""Officers: PNS only, at least two, every role filled; once per cause; predecessors released."""

from datetime import date, timedelta

import pytest

from foundation import ledger
from foundation.models import Event
from organization.exceptions import OfficersRefused
from organization.models import Appointment, Employee, EmploymentStatus, User
from organization.permissions import actor_for, may
from organization.services import Chosen, appoint, appoint_officers, revoke_appointment
from tests.cast import NOW, TODAY, Cast, make_employee


def give(cast: Cast, *chosen: Chosen, **values: object) -> list[Appointment]:
    actor = actor_for(cast.kadis, "Kadis", cast.agency, NOW)
    return appoint_officers(
        agency=cast.agency,
        chosen=chosen,
        actor=actor,
        now=NOW,
        **values,  # type: ignore[arg-type]
    )


def refusal(cast: Cast, *chosen: Chosen) -> str:
    before = (Appointment.objects.count(), User.objects.count(), Event.objects.count())
    with pytest.raises(OfficersRefused) as caught:
        give(cast, *chosen)
    after = (Appointment.objects.count(), User.objects.count(), Event.objects.count())
    assert after == before
    return str(caught.value)


@pytest.fixture
def people(cast: Cast) -> list[Employee]:
    """Three PNS without an account."""
    return [make_employee(cast.agency, name) for name in ("Kornelis Ndun", "Kornelis Ndun", "Adel")]


def test_two_pns_are_appointed_with_accounts_that_no_password_opens(
    cast: Cast, people: list[Employee]
) -> None:
    made = give(cast, Chosen(people[0].pk, "Admin"), Chosen(people[1].pk, "Operator"),
                letter_number="800/3/2026", letter_attachment=17,
                qualifications=["integritas"], source="uji:1")  # fmt: skip
    assert [(a.role, a.user.username) for a in made] == [
        ("Admin", "kornelis.ndun"),
        ("Operator", "kornelis.ndun2"),
    ]
    for appointment in made:
        assert not appointment.user.has_usable_password()
        assert appointment.user.must_change_password
        assert appointment.valid_from == TODAY
        assert appointment.letter_attachment == 17
        assert appointment.appointed_by == cast.kadis
        assert may(appointment.user, "employees.view", cast.agency, NOW)
    event = Event.objects.filter(verb="officer_appointed").first()
    assert event is not None
    assert event.acting_as == "Kadis"
    assert list(ledger.verify()) == []


def test_who_held_the_roles_before_is_released(cast: Cast, people: list[Employee]) -> None:
    give(cast, Chosen(people[0].pk, "Admin"), Chosen(people[1].pk, "Operator"))
    later = NOW + timedelta(seconds=1)
    assert not may(cast.admin, "employees.manage", cast.agency, later)
    assert not may(cast.operator, "punches.import", cast.agency, later)
    assert may(cast.kadis, "processes.cancel", cast.agency, later)
    assert may(cast.outsider, "employees.manage", cast.other_agency, later)


def test_who_is_appointed_again_keeps_his_account_and_his_password(cast: Cast) -> None:
    assert cast.admin.employee is not None
    assert cast.operator.employee is not None
    give(
        cast, Chosen(cast.admin.employee.pk, "Admin"), Chosen(cast.operator.employee.pk, "Operator")
    )
    cast.admin.refresh_from_db()
    assert cast.admin.has_usable_password()
    assert not cast.admin.must_change_password
    assert may(cast.admin, "employees.manage", cast.agency, NOW)


def test_the_same_cause_appoints_once(cast: Cast, people: list[Employee]) -> None:
    chosen = [Chosen(people[0].pk, "Admin"), Chosen(people[1].pk, "Operator")]
    first = give(cast, *chosen, source="processes.instance:1#angkat/1")
    events = Event.objects.count()
    again = give(cast, *chosen, source="processes.instance:1#angkat/1")
    assert again == first
    assert Event.objects.count() == events
    assert give(cast, *chosen, source="processes.instance:1#angkat/2") != first


@pytest.mark.parametrize(
    "status", [EmploymentStatus.PPPK, EmploymentStatus.PPPK_PART_TIME, EmploymentStatus.HONORER]
)
def test_only_pns_may_be_officers(
    cast: Cast, people: list[Employee], status: EmploymentStatus
) -> None:
    other = make_employee(cast.agency, "Siti Parera", status=status)
    text = refusal(cast, Chosen(people[0].pk, "Admin"), Chosen(other.pk, "Operator"))
    assert "Siti Parera berstatus" in text
    assert "harus PNS" in text


def test_at_least_two_distinct_persons_are_needed(cast: Cast, people: list[Employee]) -> None:
    assert "paling sedikit 2 orang" in refusal(cast, Chosen(people[0].pk, "Admin"))
    text = refusal(cast, Chosen(people[0].pk, "Admin"), Chosen(people[0].pk, "Operator"))
    assert "baru 1 dipilih" in text
    assert "lebih dari satu peran" in text


def test_who_left_or_has_not_begun_or_works_elsewhere_is_refused(
    cast: Cast, people: list[Employee]
) -> None:
    gone = make_employee(cast.agency, "Petrus Keraf", left_on=date(2026, 4, 1))
    coming = make_employee(cast.agency, "Maria Kelen", joined_on=date(2026, 5, 1))
    assert "Petrus Keraf sudah berhenti" in refusal(
        cast, Chosen(gone.pk, "Admin"), Chosen(people[0].pk, "Operator")
    )
    assert "Maria Kelen belum mulai bekerja" in refusal(
        cast, Chosen(coming.pk, "Admin"), Chosen(people[0].pk, "Operator")
    )
    assert cast.outsider.employee is not None
    text = refusal(
        cast, Chosen(cast.outsider.employee.pk, "Admin"), Chosen(people[0].pk, "Operator")
    )
    assert "bukan pegawai perangkat daerah ini" in text
    assert "Umbu" not in text


def test_an_acting_officer_needs_a_letter_and_an_end(cast: Cast) -> None:
    actor = actor_for(cast.kadis, "Kadis", cast.agency, NOW)
    plh = Appointment.Capacity.DAILY_ACTING
    with pytest.raises(OfficersRefused, match="tanggal akhir"):
        appoint(agency=cast.agency, user=cast.secretary, role="Kadis", capacity=plh,
                letter_number="800/7", actor=actor, now=NOW)  # fmt: skip
    made = appoint(agency=cast.agency, user=cast.secretary, role="Kadis", capacity=plh,
                   letter_number="800/7", valid_until=date(2026, 4, 22), actor=actor,
                   now=NOW)  # fmt: skip
    assert made.title == "Plh. Kadis"
    assert may(cast.secretary, "processes.reassign", cast.agency, NOW + timedelta(days=2))
    assert not may(cast.secretary, "processes.reassign", cast.agency, NOW + timedelta(days=3))
    assert may(cast.kadis, "processes.reassign", cast.agency, NOW)


def test_an_appointment_is_revoked_once(cast: Cast) -> None:
    actor = actor_for(cast.kadis, "Kadis", cast.agency, NOW)
    appointment = cast.admin.appointments.get()
    for _ in range(2):
        revoke_appointment(appointment=appointment, actor=actor, now=NOW)
    assert Event.objects.filter(verb="appointment_revoked").count() == 1
    assert not may(cast.admin, "employees.manage", cast.agency, NOW)
