"""Presences on a phone, kept and judged."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from attendance.checkins.places import open_place
from attendance.checkins.rules import Flag, Problem, Reason, Told
from attendance.days.explaining import explain
from attendance.exceptions import AlreadyDecided, DataRefused
from attendance.models import CheckIn, ContactNote, HelpTicket
from attendance.services.checkins import open_ticket, press
from attendance.services.monitoring import answer_ticket, note_contact
from devices.models import Punch
from foundation.models import Event
from organization.geography import Point
from organization.models import Workplace
from tests.attendance.checkins.phones import (
    MONDAY,
    at,
    decide,
    manager,
    open_office,
    press_as,
    standing,
)
from tests.attendance.people import employee_of
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(cast: Cast) -> Workplace:
    return open_office(cast)


def test_a_press_in_the_office_becomes_a_punch_by_the_servers_clock(
    cast: Cast, office: Workplace
) -> None:
    wrong = datetime(2026, 4, 20, 12, 0, tzinfo=UTC)
    told = standing(20, measured_at=wrong, sent_at=wrong + timedelta(seconds=5))
    row = press_as(cast.employee, "in", at("07.12"), told)
    punch = Punch.objects.get()
    assert row.is_accepted
    assert (row.workplace, row.distance_m, row.accuracy_m) == (office, 20, 12)
    assert (punch.at, punch.employee, punch.channel) == (at("07.12"), row.employee, "self")
    assert punch.local_time == "2026-04-20 07:12:00"


def test_the_same_rules_judge_these_presences(cast: Cast, office: Workplace) -> None:
    press_as(cast.employee, "in", at("07.41"))
    press_as(cast.employee, "out", at("16.05"))
    told = explain(employee_of(cast.employee), MONDAY, now=at("05.00", date(2026, 4, 21)))
    assert (told.verdict.came, told.verdict.left) == (7 * 60 + 41, 16 * 60 + 5)
    assert told.verdict.late == 11
    assert {line.source for line in told.punches} == {"presensi sendiri"}


def test_one_press_in_and_one_out_a_day(cast: Cast, office: Workplace) -> None:
    first = press_as(cast.employee, "in", at("07.12"))
    assert press_as(cast.employee, "in", at("09.12")) == first
    left = press_as(cast.employee, "out", at("16.01"))
    assert press_as(cast.employee, "out", at("17.01")) == left
    assert Punch.objects.count() == CheckIn.objects.count() == 2


def test_a_press_that_is_sent_twice_is_one(cast: Cast, office: Workplace) -> None:
    key = uuid4()
    refused = press_as(cast.employee, "in", at("07.10"), standing(500), key=key)
    assert press_as(cast.employee, "in", at("07.11"), standing(), key=key) == refused
    assert not Punch.objects.exists()


def test_the_database_holds_no_second_presence_of_a_kind(cast: Cast, office: Workplace) -> None:
    row = press_as(cast.employee, "in", at("07.12"))
    row.pk, row.key = None, uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_in_and_out_within_the_span_of_one_punch_are_refused(cast: Cast, office: Workplace) -> None:
    press_as(cast.employee, "in", at("07.12"))
    with pytest.raises(DataRefused, match=r"08\.12"):
        press_as(cast.employee, "out", at("08.11"))
    assert press_as(cast.employee, "out", at("08.12")).is_accepted


def test_outside_is_refused_with_its_distance_and_makes_no_punch(
    cast: Cast, office: Workplace
) -> None:
    row = press_as(cast.employee, "in", at("07.12"), standing(2400))
    assert (row.reason, row.distance_m) == (Reason.OUTSIDE, 2400)
    assert not Punch.objects.exists()
    assert press_as(cast.employee, "in", at("07.20")).is_accepted  # another try is free


def test_a_late_press_becomes_a_ticket_and_never_a_punch(cast: Cast, office: Workplace) -> None:
    measured = at("07.12")
    row = press_as(cast.employee, "in", at("09.40"), standing(queued=True, measured_at=measured))
    ticket = HelpTicket.objects.get()
    assert (row.reason, row.received_at, row.measured_at) == ("late_sent", at("09.40"), measured)
    assert (ticket.topic, ticket.check_in, ticket.opened_by) == ("late_sent", row, None)
    assert not Punch.objects.exists()


def test_a_refused_location_is_kept_with_its_problem(cast: Cast, office: Workplace) -> None:
    row = press_as(cast.employee, "in", at("07.12"), Told(problem=Problem.DENIED))
    assert (row.reason, row.problem, row.sealed_place) == ("location_off", "denied", b"")


def test_coordinates_are_closed_open_in_their_row_alone_and_stand_in_no_event(
    cast: Cast, office: Workplace
) -> None:
    row = press_as(cast.employee, "in", at("07.12"))
    other = press_as(cast.operator, "in", at("07.13"))
    place = open_place(row)
    assert place is not None
    assert place[1] == 12
    assert b"115.15" not in bytes(row.sealed_place)
    row.sealed_place = other.sealed_place
    assert open_place(row) is None
    events = Event.objects.filter(verb="check_in_accepted")
    assert events.count() == 2
    assert all("115" not in str(event.after) and "-2.9" not in str(event.after) for event in events)


def test_a_journey_that_nobody_can_make_is_flagged(cast: Cast, office: Workplace) -> None:
    press_as(cast.employee, "in", at("07.12"))
    Workplace.objects.create(
        agency=cast.agency, name="UPT", latitude=1, longitude=115, radius_m=100,
        valid_from=date(2026, 1, 1), set_at=at("06.00"),
    )  # fmt: skip
    told = Told(point=Point(1, 115), accuracy=10)
    row = press_as(cast.employee, "out", at("08.30"), told)
    assert row.is_accepted
    assert row.flags == [Flag.TRAVEL]


@pytest.mark.parametrize("clock", ["04.00", "04.59"])
def test_between_two_days_nothing_is_taken(cast: Cast, office: Workplace, clock: str) -> None:
    with pytest.raises(DataRefused, match=r"05\.00"):
        press_as(cast.employee, "in", at(clock))


def test_after_midnight_a_press_belongs_to_the_evening_before(
    cast: Cast, office: Workplace
) -> None:
    assert press_as(cast.employee, "out", at("03.59", date(2026, 4, 21))).day == MONDAY


def test_an_agency_that_does_not_take_presences_from_phones_takes_none(cast: Cast) -> None:
    with pytest.raises(DataRefused, match="mesin"):
        press_as(cast.employee, "in", at("07.12"))


def test_an_office_that_ended_is_none(cast: Cast, office: Workplace) -> None:
    office.valid_until = date(2026, 4, 19)
    office.save()
    assert press_as(cast.employee, "in", at("07.12")).reason == Reason.NO_OFFICE


def test_the_agency_decides_how_exactly_a_phone_must_know(cast: Cast, office: Workplace) -> None:
    told = standing(accuracy=60)
    assert press_as(cast.employee, "in", at("07.10"), told).is_accepted
    decide(cast.agency, "check_in_accuracy", "50")
    assert press_as(cast.operator, "in", at("07.10"), told).reason == Reason.INACCURATE


def test_nobody_presses_for_another(cast: Cast, office: Workplace) -> None:
    with pytest.raises(PermissionDenied):
        press(
            employee=employee_of(cast.employee), kind="in", key=uuid4(), told=standing(),
            device_hint="", user=cast.admin, now=at("07.12"),
        )  # fmt: skip


def test_a_flood_of_refused_presses_is_stopped(cast: Cast, office: Workplace) -> None:
    for _ in range(40):
        press_as(cast.employee, "in", at("07.12"), standing(900))
    with pytest.raises(DataRefused, match="bantuan"):
        press_as(cast.employee, "in", at("07.12"), standing(900))
    assert press_as(cast.employee, "in", at("07.13")).is_accepted


def test_help_is_asked_with_one_press_and_stays_one_until_it_is_answered(
    cast: Cast, office: Workplace
) -> None:
    press_as(cast.employee, "in", at("07.12"), Told(problem=Problem.DENIED))

    def ask(clock: str) -> HelpTicket:
        return open_ticket(
            employee=employee_of(cast.employee), topic="location", problem="", user=cast.employee,
            now=at(clock),
        )  # fmt: skip

    first = ask("07.13")
    assert first.problem == "Lokasi tidak terbaca"
    assert ask("07.14") == first
    watcher = manager(cast)
    answer_ticket(ticket_id=first.pk, answer="Izin dinyalakan.", user=watcher, now=at("07.20"))
    assert ask("07.30") != first
    with pytest.raises(AlreadyDecided):
        answer_ticket(ticket_id=first.pk, answer="Lagi.", user=watcher, now=at("07.40"))


def test_only_who_watches_answers_and_notes(cast: Cast, office: Workplace) -> None:
    ticket = open_ticket(
        employee=employee_of(cast.employee), topic="other", problem="Baterai habis",
        user=cast.employee, now=at("07.12"),
    )  # fmt: skip
    with pytest.raises(PermissionDenied):
        answer_ticket(ticket_id=ticket.pk, answer="x", user=cast.kadis, now=at("07.20"))
    with pytest.raises(PermissionDenied):
        note_contact(
            employee=employee_of(cast.employee), day=MONDAY, channel="phone", result="unreached",
            answer="", user=cast.operator, now=at("17.00"),
        )  # fmt: skip


def test_a_clarification_without_words_is_none(cast: Cast, office: Workplace) -> None:
    watcher = manager(cast)
    with pytest.raises(DataRefused) as refusal:
        note_contact(
            employee=employee_of(cast.employee), day=date(2026, 4, 21), channel="pos",
            result="clarified", answer=" ", user=watcher, now=at("17.00"),
        )  # fmt: skip
    assert set(refusal.value.errors) == {"channel", "answer", "day"}
    note = note_contact(
        employee=employee_of(cast.employee), day=MONDAY, channel="phone", result="clarified",
        answer="Lupa menekan.", user=watcher, now=at("17.00"),
    )  # fmt: skip
    assert ContactNote.objects.get() == note
    assert "Lupa" not in str(Event.objects.get(verb="contact_noted").after)
