"""An employee goes to another agency: mandates end, history stays, both ledgers tell of it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from foundation import ledger
from foundation.models import Event, OutboxJob
from organization.exceptions import EmployeeRefused
from organization.models import EarlierUnit, Employee, Substitution, Unit, User
from organization.permissions import mandates_of
from organization.services import MoveData, appoint_substitute, move_employee
from tests.cast import NOW, TODAY, Cast, appoint
from tests.pages import browser, html_of

pytestmark = pytest.mark.django_db


def employee(user: User) -> Employee:
    assert user.employee is not None
    return Employee.objects.get(pk=user.employee.pk)


def decree(cast: Cast, **changes: object) -> MoveData:
    data = MoveData(
        to_agency=cast.other_agency, moved_on=TODAY, letter_number="821/7/2026",
        position="Analis Kesehatan",
    )  # fmt: skip
    return replace(data, **changes)  # type: ignore[arg-type]


def move(cast: Cast, whose: User, by: User | None = None, **changes: object) -> Employee:
    return move_employee(
        employee=employee(whose), data=decree(cast, **changes), user=by or cast.admin, now=NOW
    )


@pytest.mark.fault("F54")
def test_he_works_there_from_that_day_and_nothing_of_his_past_is_lost(cast: Cast) -> None:
    was = employee(cast.operator)
    moved = move(cast, cast.operator)
    assert (moved.agency, moved.position) == (cast.other_agency, "Analis Kesehatan")
    assert (moved.unit, moved.superior) == (None, None)
    assert moved.number == was.number
    earlier = EarlierUnit.objects.get(employee=moved)
    assert (earlier.unit, earlier.last_on) == (was.unit, TODAY - timedelta(days=1))
    cast.operator.refresh_from_db()
    assert cast.operator.is_active


def test_every_mandate_of_his_ends_at_once(cast: Cast) -> None:
    appoint(cast.operator, "BKD", cast.other_agency)
    for principal, substitute in ((cast.superior, cast.operator), (cast.operator, cast.employee)):
        appoint_substitute(
            principal=employee(principal), substitute=employee(substitute), capacity="plh",
            letter_number="800/5", valid_from=TODAY, valid_until=TODAY, user=cast.kadis, now=NOW,
        )  # fmt: skip
    assert len(mandates_of(cast.operator, NOW)) == 2
    move(cast, cast.operator)
    assert mandates_of(cast.operator, NOW + timedelta(seconds=1)) == ()
    assert not Substitution.objects.filter(revoked_at=None).exists()


@pytest.mark.fault("F48")
def test_who_stood_in_for_him_signs_in_again(cast: Cast) -> None:
    appoint_substitute(
        principal=employee(cast.operator), substitute=employee(cast.employee), capacity="plh",
        letter_number="800/5", valid_from=TODAY, valid_until=TODAY, user=cast.kadis, now=NOW,
    )  # fmt: skip
    there, aside = browser(cast.employee), browser(cast.superior)
    assert there.get("/tugas/").status_code == 200
    move(cast, cast.operator)
    assert there.get("/tugas/").status_code == 302
    assert aside.get("/tugas/").status_code == 200


def test_his_staff_is_under_his_superior_from_then_on(cast: Cast) -> None:
    staff = list(Employee.objects.filter(superior=employee(cast.superior)))
    assert len(staff) == 4
    move(cast, cast.superior)
    for one in staff:
        one.refresh_from_db()
        assert one.superior == cast.kadis.employee


def test_both_ledgers_tell_of_it_and_hold(cast: Cast) -> None:
    moved = move(cast, cast.operator)
    subject = f"organization.employee:{moved.pk}"
    told = {
        agency: list(
            Event.objects.filter(stream=agency.stream, subject=subject)
            .order_by("sequence")
            .values_list("verb", flat=True)
        )
        for agency in (cast.agency, cast.other_agency)
    }
    assert told[cast.agency] == ["employee_moved_out"]
    assert told[cast.other_agency] == ["employee_moved_in", "employee_placed"]
    event = Event.objects.get(verb="employee_moved_out")
    assert event.actor_id == cast.admin.pk
    assert event.after["letter_number"] == "821/7/2026"
    assert list(ledger.verify()) == []


def test_his_tasks_and_his_days_are_looked_at_anew(cast: Cast) -> None:
    moved = move(cast, cast.operator)
    jobs = OutboxJob.objects.filter(kind="processes.reoffer")
    agencies = {job.payload["agency"] for job in jobs}
    assert agencies == {cast.agency.pk, cast.other_agency.pk}
    (job,) = OutboxJob.objects.filter(kind="attendance.rejudge")
    assert job.payload["employees"] == [moved.pk]
    assert job.payload["first"] == TODAY.isoformat()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"letter_number": " "}, "Nomor surat kosong"),
        ({"moved_on": TODAY + timedelta(days=1)}, "masih akan datang"),
        ({"moved_on": date(2010, 1, 1)}, "mendahului"),
    ],
)
def test_a_transfer_that_cannot_be_is_refused(
    cast: Cast, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(EmployeeRefused, match=words):
        move(cast, cast.operator, **changes)
    assert employee(cast.operator).agency == cast.agency


def test_nobody_moves_to_where_he_is_or_into_a_unit_of_elsewhere_or_after_he_left(
    cast: Cast,
) -> None:
    with pytest.raises(EmployeeRefused, match="sudah bekerja"):
        move(cast, cast.operator, to_agency=cast.agency)
    with pytest.raises(EmployeeRefused, match="bukan bidang"):
        move(cast, cast.operator, unit=Unit.objects.get(agency=cast.agency))
    Employee.objects.filter(pk=employee(cast.operator).pk).update(left_on=TODAY)
    with pytest.raises(EmployeeRefused, match="berhenti"):
        move(cast, cast.operator)


def test_only_who_may_records_a_transfer_and_no_acting_admin(cast: Cast) -> None:
    for user in (cast.kadis, cast.operator, cast.outsider):
        with pytest.raises(PermissionDenied):
            move(cast, cast.employee, by=user)
    appoint(cast.secretary, "Admin", cast.agency, capacity="plt", valid_until=TODAY)
    with pytest.raises(PermissionDenied, match=r"Plt\. Admin Anda tidak berwenang memindahkan"):
        move(cast, cast.employee, by=cast.secretary)


@time_machine.travel(NOW, tick=False)
def test_the_admin_records_it_on_the_page_of_the_employee(cast: Cast) -> None:
    admin = browser(cast.admin)
    person = employee(cast.operator)
    page = reverse("pegawai:move", args=[person.pk])
    assert page in html_of(admin.get(reverse("pegawai:detail", args=[person.pk])))
    typed = {"to_agency": "dinkes", "moved_on": "2026-04-20", "letter_number": "821/7"}
    told = html_of(admin.post(page, typed | {"to_agency": "tidak-ada"}, follow=True))
    assert "Tidak ada perangkat daerah dengan kode itu." in told
    assert "Centang pernyataan" in told
    told = html_of(admin.post(page, typed | {"sure": "on"}, follow=True))
    assert "Sari Benu pindah" in told
    assert employee(cast.operator).agency == cast.other_agency
