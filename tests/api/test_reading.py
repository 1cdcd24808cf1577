"""What systems take over: recaps, documents, punches, people, machines, figures."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from attendance import services as attendance
from devices.models import Device, Punch, RawUpload
from documents.models import Document
from documents.storage import stored_path
from foundation.actors import SYSTEM
from processes.audit.measured.refreshing import refresh
from tests.api.programs import program_of
from tests.attendance.people import AFTER_APRIL, APRIL, fill_april
from tests.cast import NOW, Cast, make_employee
from tests.stages import month_at

pytestmark = pytest.mark.django_db


def test_rows_of_a_recap_are_given_when_it_is_frozen_and_not_before(cast: Cast) -> None:
    fill_april(cast.everyone)
    attendance.build_draft(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
    with time_machine.travel(AFTER_APRIL, tick=False):
        program = program_of(cast.kadis)
        (draft,) = program.get("/recaps", month="2026-04").body["items"]
        assert (draft["status"], draft["month"]) == ("draft", "2026-04")
        path = f"/recaps/{draft['id']}/rows"
        assert program.get(path).status == 409
        attendance.freeze_recap(agency=cast.agency, month=APRIL, actor=SYSTEM, now=AFTER_APRIL)
        assert program.get(f"/recaps/{draft['id']}").body["status"] == "frozen"
        page = program.get(path, limit=3).body
        rest = program.get(path, after=page["next"]).body
        assert page["more"]
        assert not rest["more"]
        rows = page["items"] + rest["items"]
        assert {row["employee"] for row in rows} == {u.employee_id for u in cast.everyone}
        assert program.get("/recaps", month="2026-13").status == 422
        assert program_of(cast.outsider).get("/recaps").body["items"] == []
        assert program_of(cast.outsider).get(path).status == 404


def test_a_document_is_handed_out_as_it_was_issued_or_not_at_all(cast: Cast) -> None:
    month = month_at(cast, 1)
    month.pass_stage()
    with time_machine.travel(month.now, tick=False):
        program = program_of(cast.kadis)
        listed = program.get("/documents", instance=month.instance.pk).body["items"]
        row = Document.objects.get(pk=listed[0]["id"])
        answer = program.get(f"/documents/{row.pk}/file")
        assert answer.status == 200
        assert "attachment" in answer.headers["Content-Disposition"]
        assert answer.content == stored_path(row.file.name or "").read_bytes()
        stored_path(row.file.name or "").write_bytes(b"lain")
        spoiled = program.get(f"/documents/{row.pk}/file")
        assert spoiled.status == 409
        assert spoiled.headers["Content-Type"] == "application/problem+json"
        assert program_of(cast.outsider).get(f"/documents/{row.pk}/file").status == 404


@pytest.fixture
def device(cast: Cast) -> Device:
    return Device.objects.create(
        agency=cast.agency, serial="UJI1", name="Lobi", protocol="push", registered_at=NOW,
        state=Device.State.ACTIVE,
    )  # fmt: skip


def punch(device: Device, cast: Cast, second: int, received_at: datetime) -> Punch:
    at = datetime(2026, 4, 20, 0, 20, second, tzinfo=UTC)
    upload = RawUpload.objects.create(
        device=device, serial=device.serial, channel="push", content=b"", size=0,
        received_at=received_at, total=1, accepted=1, duplicate=0, quarantined=0,
    )  # fmt: skip
    return Punch.objects.create(
        device=device, pin="7", local_time=f"2026-04-20 08:20:{second:02}", at=at,
        time_zone=device.time_zone, state=0, verify=1, channel="push", upload=upload,
        employee=cast.operator.employee,
    )  # fmt: skip


def test_punches_are_read_once_in_order_and_the_freshest_wait_a_minute(
    cast: Cast, device: Device
) -> None:
    old = [punch(device, cast, second, NOW - timedelta(minutes=5)) for second in range(5)]
    fresh = punch(device, cast, 30, NOW - timedelta(seconds=5))
    with time_machine.travel(NOW, tick=False):
        program, seen, after, more = program_of(cast.kadis), [], 0, True
        while more:
            page = program.get("/punches", after=after, limit=2).body
            seen += page["items"]
            after, more = page["next"], page["more"]
        assert [row["id"] for row in seen] == [row.pk for row in old]
        assert seen[0]["at"] == "2026-04-20T08:20:00+08:00"
        assert program.get("/punches", after=after).body["items"] == []
    with time_machine.travel(NOW + timedelta(minutes=2), tick=False):
        page = program.get("/punches", after=after).body
        assert [row["id"] for row in page["items"]] == [fresh.pk]
        assert program_of(cast.outsider).get("/punches").body["items"] == []
        assert program.get("/punches", device=device.pk + 1).body["items"] == []


@pytest.mark.usefixtures("at_work")
def test_people_and_machines_are_those_that_the_owner_sees(cast: Cast, device: Device) -> None:
    stranger = make_employee(cast.other_agency, "Welhelmus Ndun")
    program = program_of(cast.kadis)
    people = program.get("/employees").body["items"]
    assert {row["id"] for row in people} == set(cast.agency.employees.values_list("pk", flat=True))
    assert program.get(f"/employees/{stranger.pk}").status == 404
    assert [row["id"] for row in program.get("/devices").body["items"]] == [device.pk]
    assert program.get(f"/devices/{device.pk}").body["serial"] == "UJI1"
    assert program_of(cast.outsider).get(f"/devices/{device.pk}").status == 404
    own = program_of(cast.employee).get("/employees").body["items"]
    assert [row["id"] for row in own] == [cast.employee.employee_id]


def test_figures_are_those_of_the_audit(cast: Cast) -> None:
    month = month_at(cast, 3)
    with time_machine.travel(month.now, tick=False):
        refresh(now=month.now, limit=100)
        answer = program_of(cast.kadis).get("/quality", first="2026-04", last="2026-04")
        assert answer.status == 200, answer.body
        assert answer.body["agencies"] == [cast.agency.code]
        assert [row["number"] for row in answer.body["steps"]] == list(range(1, 10))
        assert program_of(cast.employee).get("/quality").status == 403
        assert program_of(cast.kadis).get("/quality", agency="dinkes").status == 404
        assert program_of(cast.kadis).get("/quality", first="2026-13").status == 422
