"""Lanes that only SOPs know are filled by letter, without a right beyond their tasks."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from pytest_django import Settings

from foundation import ledger
from foundation.models import Event
from organization.exceptions import OfficersRefused
from organization.mandates.sop_roles import roles_of_sops
from organization.models import Appointment, Employee, User
from organization.permissions import ROLES, mandates_of, may
from organization.services import appoint_to_sop, release_from_sop
from processes import queries, services
from tests.cast import NOW, TODAY, Cast, appoint, make_employee
from tests.pages import browser
from tests.workflows.sop_files import write_folder
from workflows.management.beginnings import first_files

KEY, ROLE, LAST = "layanan_tamu", "Penerima Tamu", "Kadis"
PAGE = "/pegawai/petugas/tunjuk/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_sop(tmp_path: Path, settings: Settings) -> None:
    write_folder(tmp_path, first_files(KEY, "Layanan Tamu", [ROLE, LAST]), KEY)
    settings.SOP_ROOTS = [tmp_path]


def give(cast: Cast, **changes: Any) -> Appointment:
    told: dict[str, Any] = {
        "agency": cast.agency,
        "employee_id": employee_of(cast.employee).pk,
        "role": ROLE,
        "letter_number": "800/7/2026",
        "valid_from": TODAY,
        "valid_until": None,
        "user": cast.admin,
        "now": NOW,
    }
    return appoint_to_sop(**(told | changes))


def employee_of(user: User) -> Employee:
    assert user.employee is not None
    return user.employee


def answers(cast: Cast, **changes: str) -> dict[str, str]:
    told = {
        "pd": cast.agency.code,
        "role": ROLE,
        "employee": str(employee_of(cast.employee).pk),
        "letter_number": "800/7/2026",
        "valid_from": "2026-04-20",
    }
    return told | changes


def test_only_lanes_without_rights_and_without_a_performer_are_offered(
    tmp_path: Path, settings: Settings
) -> None:
    files = first_files("lain", "Lain", ["Juru Kunci", "Atasan Langsung"])
    files["sop.toml"] += (
        b'[lanes."Atasan Langsung"]\nperformer = { use = "attendance.direct_superior" }\n'
    )
    write_folder(tmp_path, files, "lain")
    assert roles_of_sops() == {"Juru Kunci": ["Lain"], ROLE: ["Layanan Tamu"]}
    assert LAST in ROLES


def test_who_is_appointed_gets_the_tasks_and_no_right_beyond(cast: Cast) -> None:
    row = give(cast)
    assert [mandate.role for mandate in mandates_of(cast.employee, NOW)] == [ROLE]
    assert not any(may(cast.employee, right, cast.agency, NOW) for right in ROLES["Kadis"])
    instance = services.start_process(
        definition_key=KEY, agency=cast.agency, subject="Tamu dari Alor", actor_user=cast.admin,
        now=NOW,
    )  # fmt: skip
    assert [task.instance for task in queries.queue(cast.employee, NOW)] == [instance]
    event = Event.objects.get(verb="officer_appointed")
    assert event.subject == f"organization.appointment:{row.pk}"
    assert event.actor_name == cast.admin.get_full_name()
    assert list(ledger.verify()) == []


def test_a_person_without_an_account_gets_one(cast: Cast) -> None:
    new = make_employee(cast.agency, "Lukas Nome")
    row = give(cast, employee_id=new.pk)
    assert row.user.employee == new
    assert not row.user.has_usable_password()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda cast: {"role": "Kadis"}, "tidak ada pada SOP"),
        (lambda cast: {"role": "Juru Parkir"}, "tidak ada pada SOP"),
        (lambda cast: {"employee_id": cast.admin.employee_id}, "menunjuk dirinya"),
        (lambda cast: {"employee_id": cast.outsider.employee_id}, "perangkat daerah ini"),
        (lambda cast: {"letter_number": " "}, "nomor surat"),
        (lambda cast: {"valid_until": date(2026, 4, 19)}, "Tanggal akhirnya"),
    ],
)  # fmt: skip
def test_what_must_not_be_is_refused_with_a_sentence(
    cast: Cast, change: Callable[[Cast], dict[str, Any]], reason: str
) -> None:
    before = Appointment.objects.count()
    with pytest.raises(OfficersRefused, match=reason):
        give(cast, **change(cast))
    assert (Appointment.objects.count(), Event.objects.count()) == (before, 0)


def test_nobody_holds_a_role_twice_nor_gets_one_after_leaving(cast: Cast) -> None:
    give(cast)
    with pytest.raises(OfficersRefused, match="sudah bertugas"):
        give(cast)
    person = employee_of(cast.operator)
    person.left_on = TODAY
    person.save()
    with pytest.raises(OfficersRefused, match="masih bekerja"):
        give(cast, employee_id=person.pk)


def test_who_may_not_appoint_is_refused_by_the_service_too(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        give(cast, user=cast.operator)
    with pytest.raises(PermissionDenied):
        give(cast, user=cast.outsider)


def test_a_role_is_given_back_once_and_its_tasks_are_gone(cast: Cast) -> None:
    row = give(cast)
    release_from_sop(appointment=row, user=cast.kadis, now=NOW)
    release_from_sop(appointment=row, user=cast.kadis, now=NOW)
    assert not mandates_of(cast.employee, NOW)
    assert Event.objects.filter(verb="appointment_revoked").count() == 1


def test_a_role_of_the_house_is_not_ended_from_here(cast: Cast) -> None:
    row = Appointment.objects.get(user=cast.operator, role="Operator")
    with pytest.raises(OfficersRefused, match="diakhiri oleh SOP-nya"):
        release_from_sop(appointment=row, user=cast.kadis, now=NOW)
    browser(cast.kadis).post(f"{PAGE}{row.pk}/akhiri/")
    row.refresh_from_db()
    assert row.revoked_at is None


def test_the_page_offers_roles_with_their_sops_and_appoints(cast: Cast) -> None:
    client = browser(cast.admin)
    page = client.get(PAGE).content.decode()
    assert f"{ROLE} (Layanan Tamu)" in page
    assert employee_of(cast.employee).name in page
    assert employee_of(cast.admin).name not in page.split("<form class")[1].split("</form>")[0]
    answer = client.post(PAGE, answers(cast), follow=True)
    assert f"{cast.employee.get_full_name()} bertugas sebagai {ROLE}" in answer.content.decode()
    row = Appointment.objects.get(role=ROLE)
    assert f"{PAGE}{row.pk}/akhiri/" in answer.content.decode()
    client.post(f"{PAGE}{row.pk}/akhiri/")
    row.refresh_from_db()
    assert row.revoked_at is not None


def test_the_page_says_what_is_wrong_beside_the_form(cast: Cast) -> None:
    appoint(cast.employee, ROLE, cast.agency)
    again = browser(cast.admin).post(PAGE, answers(cast))
    assert again.status_code == 422
    assert "sudah bertugas" in again.content.decode()
    empty = browser(cast.admin).post(PAGE, answers(cast, letter_number=""))
    assert empty.status_code == 422
    assert Appointment.objects.filter(role=ROLE).count() == 1


def test_without_such_a_sop_the_page_says_so(cast: Cast, settings: Settings) -> None:
    settings.SOP_ROOTS = []
    assert "Tidak ada peran" in browser(cast.admin).get(PAGE).content.decode()


def test_who_may_only_look_sees_no_way_to_appoint(cast: Cast) -> None:
    assert PAGE in browser(cast.admin).get("/pegawai/petugas/").content.decode()
    assert PAGE not in browser(cast.operator).get("/pegawai/petugas/").content.decode()
