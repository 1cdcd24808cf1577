"""A finger recorded at one machine works at the others; nothing of it shows on the way."""

import json
import logging
import socket
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from django.utils import timezone

from devices import services
from devices.exceptions import (
    DeviceBusy,
    DeviceRefused,
    DeviceUnreachable,
    NotAllowedNow,
    NotConnectable,
    PinTaken,
    ReadBackFailed,
    SyncIncomplete,
)
from devices.models import Alarm, Device, Enrolment, FingerprintTemplate, TemplateCopy
from devices.pull.client import ZkClient
from devices.services import sessions
from devices.services.secrets import open_template
from devices.simulator.machine import synthetic_template
from foundation.actors import SYSTEM
from foundation.crypto import DecryptionFailed
from foundation.ledger import verify
from foundation.models import Event
from organization.models import Employee
from organization.permissions import person
from tests.cast import NOW, TODAY, Cast, make_employee, make_supervisor
from tests.devices.make import confirm_all, device_at, make_device, pin_of
from tests.devices.simulators import Simulator, simulator


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "TIMEOUT", 2.0)
    monkeypatch.setattr(sessions, "CALL_TIMEOUT", 4.0)


@pytest.fixture
def lobby() -> Iterator[Simulator]:
    with simulator("LOBBY0001", comm_key=4321) as machine:
        yield machine


@pytest.fixture
def hall() -> Iterator[Simulator]:
    with simulator("AULA00002") as machine:
        yield machine


@pytest.fixture
def at_lobby(cast: Cast, lobby: Simulator) -> Device:
    return device_at(cast.agency, lobby, name="Mesin Lobi", comm_key=4321)


@pytest.fixture
def at_hall(cast: Cast, hall: Simulator) -> Device:
    return device_at(cast.agency, hall, name="Mesin Aula")


def on_machine(machine: Simulator, comm_key: int = 0) -> dict[tuple[str, int], bytes]:
    """Read a machine directly, past our services."""
    with ZkClient("127.0.0.1", machine.port, comm_key, timeout=2) as client:
        return {(t.pin, t.finger): t.data for t in client.templates()}


def test_a_finger_recorded_at_a_is_read_back_from_b(
    cast: Cast, lobby: Simulator, hall: Simulator, at_lobby: Device, at_hall: Device
) -> None:
    services.push_users_everywhere(agency=cast.agency, actor=SYSTEM, now=NOW)
    sari = cast.operator.employee
    assert sari is not None
    lobby.tell(f"enrol {pin_of(sari)} 6 telunjuk-sari")
    assert on_machine(hall) == {}

    fetched = services.fetch_templates(device=at_lobby, actor=SYSTEM, now=NOW)
    assert services.spread_templates(device=at_hall, actor=SYSTEM, now=NOW).copied == 0
    assert on_machine(hall) == {}  # not before its supervisor has confirmed it
    confirm_all(cast.agency)
    spread = services.spread_templates(device=at_hall, actor=SYSTEM, now=NOW)

    assert (fetched.fresh, spread.copied) == (1, 1)
    assert on_machine(hall) == {(pin_of(sari), 6): synthetic_template("telunjuk-sari")}
    stored = FingerprintTemplate.objects.get()
    assert b"SS21" not in bytes(stored.sealed)
    assert open_template(stored) == synthetic_template("telunjuk-sari")
    assert {c.device_id for c in stored.copies.all()} == {at_lobby.pk, at_hall.pk}
    enrolment = Enrolment.objects.get(employee=sari)
    assert (enrolment.finger, enrolment.device, enrolment.status) == (6, at_lobby, "recorded")
    assert not list(verify())


def test_one_call_serves_all_machines_and_tells_it_in_words(
    cast: Cast, lobby: Simulator, hall: Simulator, at_lobby: Device, at_hall: Device
) -> None:
    services.sync_fingerprints(agency=cast.agency, actor=SYSTEM, now=NOW)
    sari, joko = cast.operator.employee, cast.employee.employee
    assert sari is not None
    assert joko is not None
    lobby.tell(f"enrol {pin_of(sari)} 6")
    hall.tell(f"enrol {pin_of(joko)} 1")
    report = services.sync_fingerprints(agency=cast.agency, actor=SYSTEM, now=NOW)
    assert str(report) == (
        "1 sidik jari dari Mesin Aula diambil; 1 sidik jari dari Mesin Lobi diambil"
    )
    assert confirm_all(cast.agency) == 2
    report = services.sync_fingerprints(agency=cast.agency, actor=SYSTEM, now=NOW)
    assert str(report) == (
        "Tidak ada sidik jari baru; 2 salinan ditulis ke 2 mesin (Mesin Aula dan Mesin Lobi)"
    )
    assert on_machine(hall) == on_machine(lobby, 4321)
    again = services.sync_fingerprints(agency=cast.agency, actor=SYSTEM, now=NOW)
    assert str(again) == "Tidak ada sidik jari baru"
    assert FingerprintTemplate.objects.count() == 2


def test_users_are_pushed_once(cast: Cast, lobby: Simulator, at_lobby: Device) -> None:
    first = services.push_users(device=at_lobby, actor=SYSTEM, now=NOW)
    again = services.push_users(device=at_lobby, actor=SYSTEM, now=NOW)
    staff = len(cast.everyone)
    assert (first.added, again.added, again.unchanged) == (staff, 0, staff)
    assert lobby.tell("state")["users"] == staff


@pytest.fixture
def spread(cast: Cast, lobby: Simulator, at_lobby: Device, at_hall: Device) -> Employee:
    """Sari, whose finger was recorded at the lobby, confirmed, and brought to the hall."""
    services.push_users_everywhere(agency=cast.agency, actor=SYSTEM, now=NOW)
    sari = cast.operator.employee
    assert sari is not None
    lobby.tell(f"enrol {pin_of(sari)} 6 lama")
    sync(cast)
    confirm_all(cast.agency)
    sync(cast)
    return sari


def sync(cast: Cast) -> str:
    return str(services.sync_fingerprints(agency=cast.agency, actor=SYSTEM, now=NOW))


def test_recorded_anew_with_leave_the_old_finger_goes_before_the_new_one_counts(
    cast: Cast, spread: Employee, lobby: Simulator, hall: Simulator
) -> None:
    pin = pin_of(spread)
    assert on_machine(hall) == {(pin, 6): synthetic_template("lama")}
    supervisor = person(make_supervisor(cast.agency))
    services.give_permit(employee=spread, reason="luka", actor=supervisor, now=NOW)
    lobby.tell(f"enrol {pin} 6 baru")
    sync(cast)
    assert on_machine(hall) == {}
    assert on_machine(lobby, 4321) == {(pin, 6): synthetic_template("baru")}
    assert bytes(FingerprintTemplate.objects.dropped().get().sealed) == b""
    confirm_all(cast.agency)
    sync(cast)
    assert on_machine(hall) == {(pin, 6): synthetic_template("baru")}
    assert sync(cast) == "Tidak ada sidik jari baru"
    for verb, times in (("fingerprint_sent", 2), ("fingerprint_deleted", 1)):
        assert Event.objects.filter(verb=verb).count() == times


def test_recorded_anew_without_leave_the_old_finger_is_brought_back(
    cast: Cast, spread: Employee, hall: Simulator
) -> None:
    pin = pin_of(spread)
    hall.tell(f"enrol {pin} 6 gelap")
    sync(cast)
    assert on_machine(hall) == {(pin, 6): synthetic_template("lama")}
    assert Alarm.objects.get().kind == "finger_changed"


def test_a_refused_finger_is_deleted_from_its_machine(
    cast: Cast, spread: Employee, lobby: Simulator
) -> None:
    lobby.tell(f"enrol {pin_of(spread)} 2 bukan-sari")
    sync(cast)
    services.refuse_enrolment(
        enrolment=Enrolment.objects.waiting().get(),
        reason="jari orang lain",
        actor=person(cast.kadis),
        now=NOW,
    )
    sync(cast)
    assert on_machine(lobby, 4321) == {(pin_of(spread), 6): synthetic_template("lama")}
    assert not Enrolment.objects.waiting().exists()


def test_who_leaves_is_deleted_with_all_fingers(
    cast: Cast, spread: Employee, lobby: Simulator, hall: Simulator
) -> None:
    spread.left_on = TODAY
    spread.save()
    sync(cast)
    assert on_machine(lobby, 4321) == on_machine(hall) == {}
    assert hall.tell("state")["users"] == len(cast.everyone) - 1


def test_a_machine_that_was_emptied_gets_everything_again(
    cast: Cast, lobby: Simulator, hall: Simulator, at_lobby: Device
) -> None:
    services.push_users(device=at_lobby, actor=SYSTEM, now=NOW)
    sari = cast.operator.employee
    assert sari is not None
    lobby.tell(f"enrol {pin_of(sari)} 6 lama")
    services.sync_fingerprints(agency=cast.agency, actor=SYSTEM, now=NOW)
    confirm_all(cast.agency)
    with simulator("LOBBY0001") as replaced:
        Device.objects.filter(pk=at_lobby.pk).update(port=replaced.port)
        services.sync_fingerprints(agency=cast.agency, actor=SYSTEM, now=NOW)
        assert on_machine(replaced) == {(pin_of(sari), 6): synthetic_template("lama")}


def test_a_stranger_under_our_pin_is_left_alone_and_named(
    cast: Cast, lobby: Simulator, at_lobby: Device
) -> None:
    lobby.tell("user 1001 'Orang Lain'")
    lobby.tell("enrol 1001 6 asing")
    with pytest.raises(PinTaken, match=r"PIN 1001 di Mesin Lobi sudah dipakai orang lain"):
        services.push_users(device=at_lobby, actor=SYSTEM, now=NOW)
    assert lobby.tell("state")["users"] == len(cast.everyone)
    report = services.fetch_templates(device=at_lobby, actor=SYSTEM, now=NOW)
    assert (report.fresh, report.foreign) == (0, 1)
    assert not FingerprintTemplate.objects.exists()
    first = cast.agency.employees.order_by("id").first()
    assert first is not None
    services.replace_pin(employee=first, actor=SYSTEM, now=NOW)
    assert services.push_users(device=at_lobby, actor=SYSTEM, now=NOW).added == 1


def test_the_same_finger_under_two_people_is_refused(
    cast: Cast, lobby: Simulator, at_lobby: Device
) -> None:
    services.push_users(device=at_lobby, actor=SYSTEM, now=NOW)
    sari, joko = cast.operator.employee, cast.employee.employee
    assert sari is not None
    assert joko is not None
    lobby.tell(f"enrol {pin_of(sari)} 6 satu-jari")
    lobby.tell(f"enrol {pin_of(joko)} 6 satu-jari")
    report = services.fetch_templates(device=at_lobby, actor=SYSTEM, now=NOW)
    assert (report.fresh, report.doubled) == (1, 1)
    assert Event.objects.filter(verb="fingerprint_doubled").count() == 1


def test_fingers_do_not_go_to_machines_of_another_generation(
    cast: Cast, lobby: Simulator, at_lobby: Device
) -> None:
    with simulator("BARU00003", algorithm=13) as other:
        device_at(cast.agency, other, name="Mesin Baru")
        services.push_users_everywhere(agency=cast.agency, actor=SYSTEM, now=NOW)
        sari = cast.operator.employee
        assert sari is not None
        lobby.tell(f"enrol {pin_of(sari)} 6")
        services.sync_fingerprints(agency=cast.agency, actor=SYSTEM, now=NOW)
        confirm_all(cast.agency)
        report = services.sync_fingerprints(agency=cast.agency, actor=SYSTEM, now=NOW)
        assert "1 tidak cocok dengan jenis mesin tujuan" in str(report)
        assert on_machine(other) == {}


def test_a_finger_that_cannot_be_read_back_is_an_error_and_is_tried_again(
    cast: Cast, lobby: Simulator, hall: Simulator, at_lobby: Device, at_hall: Device
) -> None:
    services.push_users_everywhere(agency=cast.agency, actor=SYSTEM, now=NOW)
    sari = cast.operator.employee
    assert sari is not None
    lobby.tell(f"enrol {pin_of(sari)} 6")
    services.fetch_templates(device=at_lobby, actor=SYSTEM, now=NOW)
    confirm_all(cast.agency)
    hall.tell("fault drop_template_writes 1")
    with pytest.raises(ReadBackFailed, match="1 dari 1 sidik jari tidak terbaca kembali"):
        services.spread_templates(device=at_hall, actor=SYSTEM, now=NOW)
    assert not TemplateCopy.objects.filter(device=at_hall).exists()
    hall.tell("fault drop_template_writes 0")
    assert services.spread_templates(device=at_hall, actor=SYSTEM, now=NOW).copied == 1


def test_a_dead_machine_does_not_keep_the_others_from_their_fingers(
    cast: Cast, lobby: Simulator, hall: Simulator, at_lobby: Device, at_hall: Device
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    dead = make_device(cast.agency, "MATI00009", name="Mesin Mati", port=port)
    services.allocate_pins(agency=cast.agency, actor=SYSTEM, now=NOW)
    for _ in range(3):
        with pytest.raises(SyncIncomplete, match="tidak dapat dihubungi"):
            services.sync_fingerprints(agency=cast.agency, actor=SYSTEM, now=NOW)
        confirm_all(cast.agency)
        sari = cast.operator.employee
        assert sari is not None
        lobby.tell(f"enrol {pin_of(sari)} 6")
    assert len(on_machine(hall)) == 1
    dead.refresh_from_db()
    assert "tidak dapat dihubungi" in dead.check_error
    services.suspend_device(device=dead, actor=SYSTEM, now=NOW)
    services.sync_fingerprints(agency=cast.agency, actor=SYSTEM, now=NOW)


def test_another_machine_at_the_address_gets_nothing(cast: Cast, lobby: Simulator) -> None:
    device = make_device(cast.agency, "LAIN00007", port=lobby.port, comm_key=4321)
    with pytest.raises(DeviceRefused, match="bernomor seri LOBBY0001, bukan LAIN00007"):
        services.push_users(device=device, actor=SYSTEM, now=NOW)
    assert lobby.tell("state")["users"] == 0


def test_a_machine_has_one_session_at_a_time(cast: Cast, at_lobby: Device) -> None:
    with (
        sessions.machine_session(at_lobby, now=NOW),
        pytest.raises(DeviceBusy, match="sedang dipakai"),
        sessions.machine_session(at_lobby, now=NOW),
    ):
        pass
    services.check_device(device=at_lobby, actor=SYSTEM, now=timezone.now())


def test_a_session_that_a_killed_worker_left_is_free_again(cast: Cast, at_lobby: Device) -> None:
    past = timezone.now() - timedelta(seconds=1)
    Device.objects.filter(pk=at_lobby.pk).update(session_token="lama", session_until=past)
    services.check_device(device=at_lobby, actor=SYSTEM, now=timezone.now())


def test_a_hanging_machine_leaves_no_child_behind(
    cast: Cast, lobby: Simulator, at_lobby: Device
) -> None:
    lobby.tell("fault hang 1")
    with pytest.raises(DeviceUnreachable):
        services.check_device(device=at_lobby, actor=SYSTEM, now=NOW)
    at_lobby.refresh_from_db()
    assert at_lobby.session_until is None
    assert lobby.tell("state")["enabled"]


@pytest.mark.parametrize("state", ["registered", "suspended", "retired"])
def test_a_machine_out_of_service_is_not_called(cast: Cast, lobby: Simulator, state: str) -> None:
    device = device_at(cast.agency, lobby, state=Device.State(state))
    with pytest.raises(NotAllowedNow):
        services.push_users(device=device, actor=SYSTEM, now=NOW)


def test_a_finger_moved_to_another_row_does_not_open(
    cast: Cast, lobby: Simulator, at_lobby: Device
) -> None:
    services.push_users(device=at_lobby, actor=SYSTEM, now=NOW)
    for user in (cast.operator, cast.employee):
        assert user.employee is not None
        lobby.tell(f"enrol {pin_of(user.employee)} 6")
    services.fetch_templates(device=at_lobby, actor=SYSTEM, now=NOW)
    one, other = FingerprintTemplate.objects.order_by("id")
    one.sealed, other.sealed = other.sealed, one.sealed
    for row in (one, other):
        with pytest.raises(DecryptionFailed):
            open_template(row)


def test_a_comm_key_moved_to_another_machine_does_not_open(cast: Cast) -> None:
    one = make_device(cast.agency, "SATU00001", comm_key=111)
    other = make_device(cast.agency, "DUA000002", comm_key=222)
    assert b"222" not in bytes(other.comm_key_sealed)
    one.comm_key_sealed = other.comm_key_sealed
    with pytest.raises(NotConnectable), sessions.machine_session(one, now=NOW):
        pass


@pytest.mark.fault("F58")
def test_no_finger_and_no_key_shows_in_logs_events_or_reprs(
    cast: Cast,
    lobby: Simulator,
    hall: Simulator,
    at_lobby: Device,
    at_hall: Device,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    services.push_users_everywhere(agency=cast.agency, actor=SYSTEM, now=NOW)
    make_employee(cast.agency, "Frans Oematan")
    sari = cast.operator.employee
    assert sari is not None
    lobby.tell(f"enrol {pin_of(sari)} 6 rahasia")
    services.sync_fingerprints(agency=cast.agency, actor=SYSTEM, now=NOW)
    confirm_all(cast.agency)
    services.sync_fingerprints(agency=cast.agency, actor=SYSTEM, now=NOW)
    template = FingerprintTemplate.objects.get()
    events = json.dumps(list(Event.objects.values("verb", "subject", "before", "after")))
    seen = caplog.text + events + repr(template) + repr(at_lobby) + str(template)
    for secret in ("SS21", "U1MyM", "5353323", template.digest, "4321", sari.name):
        if secret == sari.name:
            assert secret not in events
        else:
            assert secret not in seen
