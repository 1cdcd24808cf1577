"""`manage.py demo --province`, with few people: forty agencies by the same services."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from attendance.models import Recap
from config.demo.crowd import Crowd, dealt
from config.demo.passwords import demo_password
from config.demo.province import FEWEST, build_province, read_province
from devices.models import Device, DevicePin, Punch
from foundation import ledger
from organization.models import Agency, Appointment, Employee, User
from organization.permissions import agencies_where, local_date
from organization.questions import officers_of, officers_problem

NOW = datetime(2026, 5, 4, 1, 0, tzinfo=UTC)  # Senin, 09.00 WITA
AGENCIES, PEOPLE, MACHINES = 40, 400, 45


@pytest.fixture
def told(db: None, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int, str]]:
    """Build it; return what the bar was told."""
    monkeypatch.setattr("foundation.outbox._kick", None)
    bar: list[tuple[int, int, str]] = []
    build_province(NOW, lambda *step: bar.append(step), people=PEOPLE, machines=MACHINES)
    return bar


def test_a_province_has_its_agencies_people_machines_officers_and_a_month_of_a_few(
    told: list[tuple[int, int, str]],
) -> None:
    assert Agency.objects.count() == AGENCIES
    assert Employee.objects.count() == DevicePin.objects.count() == PEOPLE
    assert Device.objects.filter(state=Device.State.ACTIVE).count() == MACHINES
    for agency in Agency.objects.all():
        officers = [a for a in officers_of(agency, NOW) if a.role in ("Admin", "Operator")]
        problem = officers_problem(officers, ("Admin", "Operator"), 2, local_date(agency, NOW))
        assert problem == "", agency
        assert agency.devices.exists()
    judged = set(Recap.objects.values_list("agency__code", flat=True))
    assert judged == set(read_province()["month_in"])
    assert Punch.objects.filter(employee=None).count() == 0 < Punch.objects.count()
    assert list(ledger.verify()) == []
    assert {step for step in told if step[0] == step[1]} == {
        (PEOPLE, PEOPLE, "pegawai"),
        (MACHINES, MACHINES, "mesin"),
        (4, 4, "bulan dinilai"),
    }
    across = User.objects.get(username="auditor")
    assert agencies_where(across, "audit.view", NOW).count() == AGENCIES
    one = User.objects.get(username="admin.dinkes")
    assert [a.code for a in agencies_where(one, "employees.manage", NOW)] == ["dinkes"]
    assert one.check_password(demo_password())
    assert Agency.objects.get(code="rsud").parent == Agency.objects.get(code="dinkes")
    assert Appointment.objects.filter(letter_number="").count() == 0


def test_only_an_empty_installation_becomes_a_province(db: None) -> None:
    Agency.objects.create(code="ada", name="Sudah Ada")
    with pytest.raises(CommandError, match="sudah berisi"):
        call_command("demo", province=True)


def test_thousands_of_people_have_numbers_of_their_own() -> None:
    crowd = Crowd()
    people = [p for n in range(3) for p in crowd.agency("Kepala Dinas", ["Bidang A"], 1500)]
    assert len({person.number for person in people}) == len(people) == 4500
    superiors = {person.superior for person in people} - {""}
    assert superiors <= {person.number for person in people}
    assert [person.status for person in people[-3:]] == ["PNS"] * 3


def test_the_smallest_agency_still_has_a_head_a_secretary_and_three_officers() -> None:
    people = Crowd().agency("Kepala Dinas", ["A", "B", "C", "D", "E", "F"], FEWEST)
    assert len(people) == FEWEST
    assert len({person.number for person in people}) == FEWEST


@pytest.mark.parametrize("total", [12, 100, 12_000])
def test_everything_is_dealt_out_by_shares(total: int) -> None:
    counts = dealt([1, 7, 92, 3], total, 3)
    assert sum(counts) == total
    assert min(counts) >= 3


def test_less_than_everybody_needs_cannot_be_dealt() -> None:
    with pytest.raises(ValueError, match="at least"):
        dealt([1, 1], 3, 2)
