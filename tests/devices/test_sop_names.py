"""What SOP files call by name: guards, facts, operations, panels, contexts of this room."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from devices import services
from devices.exceptions import NotAllowedNow, SyncIncomplete
from devices.models import Device
from devices.punches import subject_days
from devices.services import sessions
from foundation.actors import SYSTEM
from organization.models import Agency
from processes.models import Definition, Instance, Task
from tests.cast import NOW, TODAY, Cast, make_employee
from tests.devices.make import LONG_AGO, confirm_all, device_at, make_device, pin_of
from tests.devices.simulators import Simulator, simulator
from workflows import registry
from workflows.registry import StepContext


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "TIMEOUT", 2.0)


@pytest.fixture
def machine() -> Iterator[Simulator]:
    with simulator("LOBBY0001") as running:
        yield running


def context(agency: Agency, subject: str = "2026-04", **values: Any) -> StepContext:
    defaults: dict[str, Any] = {
        "instance_id": 0,
        "definition_key": "uji",
        "version": "",
        "step": "",
        "visit": 1,
        "actor": SYSTEM,
        "now": NOW,
    }
    return StepContext(agency_id=agency.pk, subject=subject, **(defaults | values))


def lacking(name: str, agency: Agency, **values: Any) -> list[str]:
    return [m.text for m in registry.guard.get(name)(context(agency, **values))]


def test_every_registered_name_of_this_room_is_there() -> None:
    for name in ("machines_registered", "everyone_enrolled", "machines_ready", "punches_received"):
        assert f"devices.{name}" in registry.guard
    assert "devices.everyone_enrolled" in registry.fact
    assert "devices.push_users" in registry.operation
    assert "devices.sync_fingerprints" in registry.operation
    assert "devices.check_machines" in registry.operation
    assert "devices.people_enrolled" in registry.multiplier
    assert "devices.summary" in registry.document_context
    for name in ("machines", "enrolment", "activity"):
        assert f"devices.{name}" in registry.panel_names()


def test_no_machine_is_named_as_missing(cast: Cast) -> None:
    assert lacking("devices.machines_registered", cast.agency) == [
        "Belum ada mesin sidik jari yang didaftarkan."
    ]
    assert lacking("devices.machines_ready", cast.agency) == ["Belum ada mesin yang aktif."]


def test_a_machine_that_waits_for_approval_is_named(cast: Cast) -> None:
    device = make_device(cast.agency, name="Mesin Lobi", state=Device.State.REGISTERED)
    (text,) = lacking("devices.machines_registered", cast.agency)
    assert text.startswith("Mesin Lobi (SIM0000000001) belum disetujui")
    services.approve_device(device=device, actor=SYSTEM, now=NOW)
    assert lacking("devices.machines_registered", cast.agency) == []


def test_machines_of_other_agencies_do_not_count(cast: Cast) -> None:
    make_device(cast.other_agency)
    assert lacking("devices.machines_registered", cast.agency)


def test_ready_means_active_checked_today_and_right_on_time(cast: Cast, machine: Simulator) -> None:
    device = device_at(cast.agency, machine, name="Mesin Lobi", state=Device.State.APPROVED)
    now = timezone.now()

    def reasons(later: timedelta = timedelta()) -> str:
        return " ".join(lacking("devices.machines_ready", cast.agency, now=now + later))

    assert "aktifkan mesin ini" in reasons()
    services.activate_device(device=device, actor=SYSTEM, now=now)
    assert "belum diperiksa" in reasons()
    machine.tell("clock -3600")
    services.check_device(device=device, actor=SYSTEM, now=now)
    assert "Jam Mesin Lobi 1 jam lebih lambat" in reasons() or "59 menit" in reasons()
    services.set_clock(device=device, actor=SYSTEM, now=timezone.now())
    assert reasons() == ""
    assert "belum diperiksa dalam 24 jam" in reasons(timedelta(hours=25))


def test_everyone_lacking_is_named_up_to_twenty(cast: Cast) -> None:
    for number in range(20):
        make_employee(cast.agency, f"Pegawai {number:02}")
    texts = lacking("devices.everyone_enrolled", cast.agency)
    assert len(texts) == 21
    assert texts[-1] == "dan 7 pegawai lainnya"
    assert "belum direkam" in texts[0]


def test_an_exception_or_a_promise_settles_a_person_until_its_day(cast: Cast) -> None:
    everyone = list(cast.agency.employees.all())
    for employee in everyone[1:]:
        services.record_exception(employee=employee, reason="sidik jari aus", actor=SYSTEM, now=NOW)
    first = everyone[0]
    services.record_later(
        employee=first,
        due_on=TODAY + timedelta(days=3),
        reason="dinas luar",
        actor=SYSTEM,
        now=NOW,
    )
    assert lacking("devices.everyone_enrolled", cast.agency) == []
    fact = registry.fact.get("devices.everyone_enrolled")(context(cast.agency))
    assert fact.value is True
    assert fact.evidence == "0 pegawai terekam, 6 pengecualian, 1 menyusul"
    (text,) = lacking("devices.everyone_enrolled", cast.agency, now=NOW + timedelta(days=4))
    assert "menyusul lewat 23-04-2026" in text


def test_a_promise_for_a_day_that_is_over_is_refused(cast: Cast) -> None:
    employee = cast.agency.employees.first()
    assert employee is not None
    with pytest.raises(NotAllowedNow, match="sudah lewat"):
        services.record_later(
            employee=employee,
            due_on=TODAY - timedelta(days=1),
            reason="cuti",
            actor=SYSTEM,
            now=NOW,
        )


def test_nobody_can_be_called_recorded_at_a_machine_that_can_be_read(cast: Cast) -> None:
    employee = cast.agency.employees.first()
    assert employee is not None
    pulled = make_device(cast.agency)
    with pytest.raises(NotAllowedNow, match="dibaca sistem"):
        services.record_enrolment(employee=employee, finger=6, device=pulled, actor=SYSTEM, now=NOW)
    pushed = make_device(cast.agency, "ADMS0001", protocol="push")
    services.record_enrolment(employee=employee, finger=6, device=pushed, actor=SYSTEM, now=NOW)
    waiting = f"{employee.name} ({employee.number}): terekam, menunggu pengawas"
    assert waiting in lacking("devices.everyone_enrolled", cast.agency)
    confirm_all(cast.agency)
    assert len(lacking("devices.everyone_enrolled", cast.agency)) == len(cast.everyone) - 1


def test_punches_must_have_come_for_the_period(cast: Cast) -> None:
    device = make_device(cast.agency, protocol="push")
    employee = cast.agency.employees.first()
    assert employee is not None
    services.assign_pin(employee=employee, number=7, valid_from=LONG_AGO, actor=SYSTEM, now=NOW)

    def feed(line: str) -> None:
        services.import_attlog(
            device=device, content=line.encode(), filename="adms", actor=SYSTEM, now=NOW
        )

    feed("7\t2026-03-31 07:20:31\t0\t1\n8\t2026-04-01 07:20:31\t0\t1\n7\t2000-01-01 00:00:00\t0\t1")
    assert lacking("devices.punches_received", cast.agency) == [
        "Belum ada data transaksi absen untuk April 2026: tarik atau impor log mesin."
    ]
    feed("7\t2026-04-01 07:20:31\t0\t1")
    assert lacking("devices.punches_received", cast.agency) == []


def test_the_operations_push_and_spread_and_tell_it(cast: Cast, machine: Simulator) -> None:
    push = registry.operation.get("devices.push_users")
    sync = registry.operation.get("devices.sync_fingerprints")
    assert push(context(cast.agency)).note == "Tidak ada mesin terdaftar; tidak ada yang dikirim."
    device_at(cast.agency, machine, name="Mesin Lobi", state=Device.State.APPROVED)
    with simulator("AULA00002") as hall:
        device_at(cast.agency, hall, name="Mesin Aula", state=Device.State.APPROVED)
        assert push(context(cast.agency)).note == (
            "7 pegawai ada di Mesin Aula (7 baru, 0 ganti nama); "
            "7 pegawai ada di Mesin Lobi (7 baru, 0 ganti nama)"
        )
        for user in cast.everyone:
            assert user.employee is not None
            machine.tell(f"enrol {pin_of(user.employee)} 6")
        assert sync(context(cast.agency)).note == "7 sidik jari dari Mesin Lobi diambil"
        assert len(lacking("devices.everyone_enrolled", cast.agency)) == 7
        confirm_all(cast.agency)
        assert sync(context(cast.agency)).note == (
            "Tidak ada sidik jari baru; 7 salinan ditulis ke 1 mesin (Mesin Aula)"
        )
        assert lacking("devices.everyone_enrolled", cast.agency) == []
    with pytest.raises(SyncIncomplete):
        sync(context(cast.agency))


def make_task(cast: Cast, **values: Any) -> Task:
    definition = Definition.objects.create(
        key="uji", version="1", title="Uji", files={}, kept_at=NOW
    )
    instance = Instance.objects.create(
        definition=definition,
        definition_key="uji",
        agency=cast.agency,
        subject="2026-04",
        title="Uji",
        state=b"",
        started_at=NOW,
    )
    return Task.objects.create(
        instance=instance,
        agency=cast.agency,
        engine_id="1",
        step="s",
        name="n",
        lane="l",
        kind="user",
        offered_at=NOW,
        **values,
    )


def test_the_norm_counts_who_is_recorded_in_this_visit(cast: Cast) -> None:
    count = registry.multiplier.get("devices.people_enrolled")
    device = make_device(cast.agency, "ADMS0001", protocol="push")
    first, second, third, *rest = cast.agency.employees.order_by("id")
    for employee in rest:
        services.record_exception(employee=employee, reason="aus", actor=SYSTEM, now=NOW)

    def recorded(employee: Any, minutes: int) -> None:
        for finger in (5, 6):
            services.record_enrolment(
                employee=employee,
                finger=finger,
                device=device,
                actor=SYSTEM,
                now=NOW + timedelta(minutes=minutes),
            )

    recorded(first, -60)
    confirm_all(cast.agency)
    task = make_task(cast)
    recorded(second, 10)
    later = NOW + timedelta(minutes=20)
    here = context(cast.agency, task_id=task.pk, now=later)
    assert count(here) == 2  # the second, and the third who still must be
    recorded(third, 15)
    task.submitted_at = later
    task.save()
    assert count(context(cast.agency, task_id=task.pk, now=NOW + timedelta(days=9))) == 2


@pytest.mark.parametrize("name", ["devices.machines", "devices.enrolment", "devices.activity"])
@pytest.mark.parametrize("subject", ["2026-04", "2026-04-20", "sesuatu"])
def test_panels_render_with_and_without_data(cast: Cast, name: str, subject: str) -> None:
    panel = registry.get_panel(name)
    here = context(cast.agency, subject)
    empty = render_to_string(panel.template, dict(panel.data(here)))
    assert "<h2>" in empty
    device = make_device(cast.agency, protocol="push", name="Mesin Lobi")
    services.import_attlog(
        device=device,
        content=b"9\t2026-04-20 07:20:31\t0\t1",
        filename="adms",
        actor=SYSTEM,
        now=NOW,
    )
    assert "<h2>" in render_to_string(panel.template, dict(panel.data(here)))


def test_the_summary_is_plain_words_and_numbers(cast: Cast) -> None:
    make_device(cast.agency, name="Mesin Lobi", has_battery=True, equipment_notes="UPS 600 VA")
    given = registry.document_context.get("devices.summary")(context(cast.agency))
    assert given["mesin"] == [
        {
            "nama": "Mesin Lobi",
            "sn": "SIM0000000001",
            "lokasi": "-",
            "pegawai": 0,
            "ketukan": 0,
            "hari": 0,
            "status": "Aktif",
            "cara": "Ditarik lewat jaringan (port 4370)",
            "jam": "belum diperiksa",
            "kontak_terakhir": "belum pernah",
            "perlengkapan": "baterai cadangan, UPS 600 VA",
        }
    ]
    assert given["perekaman"]["belum"] == len(cast.everyone)
    assert given["transaksi"] == {
        "ketukan": 0,
        "hari": 0,
        "pin_tidak_dikenal": 0,
        "dikarantina": 0,
    }


def test_a_day_is_a_subject_too(cast: Cast) -> None:
    assert subject_days("2026-02") == (date(2026, 2, 1), date(2026, 2, 28))
    assert subject_days("2024-02-29") == (date(2024, 2, 29), date(2024, 2, 29))
    assert subject_days("2026-02-30") is None
