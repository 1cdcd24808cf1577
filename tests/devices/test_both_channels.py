"""Users and fingers kept in step on machines that call and on machines that are called."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from devices import services
from devices.exceptions import SyncIncomplete
from devices.models import Device, DeviceCommand, DeviceUser, FingerprintTemplate, TemplateCopy
from devices.pull.client import ZkClient
from devices.services import pursuing, sessions
from devices.services.planning import plan_for
from devices.services.requests import request_work, work_of
from devices.simulator.machine import synthetic_template
from foundation import outbox
from foundation.actors import SYSTEM
from foundation.ledger import verify
from foundation.models import Event, OutboxJob
from foundation.outbox import Postponed
from organization.models import Agency, Employee
from tests.cast import NOW, Cast
from tests.devices.make import confirm_all, device_at, pin_of
from tests.devices.simulators import Simulator, simulator
from tests.devices.terminals import Terminal, terminal

Kind, State = DeviceCommand.Kind, DeviceCommand.State
ROUNDS = 20


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "TIMEOUT", 2.0)
    monkeypatch.setattr(sessions, "CALL_TIMEOUT", 4.0)


class Work:
    """Something that is postponed until machines have answered; they call between its rounds."""

    def __init__(self, agency: Agency, *terminals: Terminal, now: datetime = NOW) -> None:
        self.agency, self.terminals, self.now = agency, terminals, now
        self.progress: list[str] = []

    def do(self, act: Callable[..., object]) -> str:
        """Return what the work reports at its end."""
        since = self.now
        for _ in range(ROUNDS):
            try:
                return str(act(agency=self.agency, actor=SYSTEM, now=self.now, since=since))
            except Postponed as pause:
                self.progress.append(pause.progress)
            for one in self.terminals:
                one.work(self.now)
            self.now += timedelta(seconds=10)
        raise AssertionError(f"without end: {self.progress}")

    def sync(self) -> str:
        return self.do(services.sync_fingerprints)


@pytest.fixture
def lobby(cast: Cast) -> Terminal:
    services.allocate_pins(agency=cast.agency, actor=SYSTEM, now=NOW)
    return terminal(cast.agency)


@pytest.fixture
def hall(cast: Cast, lobby: Terminal) -> Terminal:
    return terminal(cast.agency, "PUSH00002")


@pytest.fixture
def sari(cast: Cast) -> Employee:
    assert cast.operator.employee is not None
    return cast.operator.employee


def on_machine(machine: Simulator) -> dict[tuple[str, int], bytes]:
    with ZkClient("127.0.0.1", machine.port, 0, timeout=2) as client:
        return {(t.pin, t.finger): t.data for t in client.templates()}


def test_a_finger_recorded_at_a_machine_that_calls_comes_to_all_and_goes_from_all(
    cast: Cast, lobby: Terminal, hall: Terminal, sari: Employee
) -> None:
    with simulator("TARIK0003") as back:
        device_at(cast.agency, back, name="Mesin Belakang")
        work = Work(cast.agency, lobby, hall)
        work.do(services.push_users_everywhere)
        pin = pin_of(sari)
        assert lobby.users == hall.users
        assert set(lobby.users.values()) == {str(user.employee) for user in cast.everyone}

        lobby.machine.enrol(pin, 6, "telunjuk-sari")
        lobby.tell(work.now)
        work.sync()
        assert hall.fingers == {}  # nobody has confirmed the recording yet
        confirm_all(cast.agency)
        report = work.sync()
        finger = {(pin, 6): synthetic_template("telunjuk-sari")}
        assert lobby.fingers == hall.fingers == on_machine(back) == finger
        assert "2 salinan ditulis ke 2 mesin" in report
        assert TemplateCopy.objects.count() == 3
        assert "perintah dikerjakan Mesin PUSH00002" in " ".join(work.progress)
        for device in Device.objects.all():
            assert plan_for(device, work.now).is_empty
        assert "tidak ada sidik jari baru" in work.sync().lower()

        sari.left_on = work.now.date()
        sari.save()
        work.sync()
        assert lobby.fingers == hall.fingers == on_machine(back) == {}
        assert pin not in {*lobby.users, *hall.users}
        assert back.tell("state")["users"] == len(cast.everyone) - 1
        assert not DeviceUser.objects.filter(pin__employee=sari).exists()
        assert not TemplateCopy.objects.exists()
        assert Event.objects.filter(verb="fingerprint_deleted").count() == 3
        assert not list(verify())


def test_a_finger_recorded_at_a_machine_that_is_called_comes_to_one_that_calls(
    cast: Cast, lobby: Terminal, sari: Employee
) -> None:
    with simulator("TARIK0003") as back:
        device_at(cast.agency, back, name="Mesin Belakang")
        work = Work(cast.agency, lobby)
        work.sync()
        back.tell(f"enrol {pin_of(sari)} 6 telunjuk-sari")
        work.sync()
        confirm_all(cast.agency)
        work.sync()
        assert lobby.fingers == {(pin_of(sari), 6): synthetic_template("telunjuk-sari")}


def test_a_machine_that_is_called_is_served_once_while_others_are_waited_for(
    cast: Cast, lobby: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    with simulator("TARIK0003") as back:
        device_at(cast.agency, back)
        opened: list[int] = []
        original = ZkClient.__enter__

        def count(client: ZkClient) -> ZkClient:
            opened.append(1)
            return original(client)

        monkeypatch.setattr(ZkClient, "__enter__", count)
        work = Work(cast.agency, lobby)
        work.sync()
        assert len(work.progress) > 2
        assert len(opened) == 2  # users, fingers


def test_a_finger_that_was_refused_is_deleted_from_the_machine_where_it_was_recorded(
    cast: Cast, lobby: Terminal, sari: Employee
) -> None:
    work = Work(cast.agency, lobby)
    work.sync()
    lobby.machine.enrol(pin_of(sari), 6, "telunjuk-sari")
    lobby.tell(work.now)
    FingerprintTemplate.objects.update(replaced_at=work.now, sealed=b"")
    work.sync()
    assert lobby.fingers == {}
    assert pin_of(sari) in lobby.users


def test_fingers_recorded_before_the_machine_was_ours_are_fetched(
    cast: Cast, lobby: Terminal, sari: Employee
) -> None:
    services.assign_pin(employee=sari, number=7, valid_from=NOW.date(), actor=SYSTEM, now=NOW)
    lobby.machine.add_user("7", "Sari Benu")
    lobby.machine.enrol("7", 6, "sejak dulu")
    lobby.journal.operations_sent = len(lobby.machine.operations)  # told to another server
    Work(cast.agency, lobby).sync()
    assert FingerprintTemplate.objects.get().employee == sari
    told = len(lobby.told)
    Work(cast.agency, lobby, now=NOW + timedelta(minutes=10)).sync()
    assert lobby.told[told:] == ["LOG"]


def test_a_stranger_under_our_number_is_left_alone_and_named(
    cast: Cast, lobby: Terminal, sari: Employee
) -> None:
    pin = pin_of(sari)
    lobby.machine.add_user(pin, "Orang Lain")
    with pytest.raises(SyncIncomplete, match=f"PIN {pin} di Mesin PUSH00001 sudah dipakai"):
        Work(cast.agency, lobby).sync()
    assert lobby.users[pin] == "Orang Lain"
    assert len(lobby.users) == len(cast.everyone)
    services.replace_pin(employee=sari, actor=SYSTEM, now=NOW)
    Work(cast.agency, lobby, now=NOW + timedelta(hours=1)).sync()
    assert lobby.users[pin] == "Orang Lain"
    assert lobby.users[pin_of(sari)] == "Sari Benu"


def test_a_full_machine_fails_with_its_reason_and_the_others_are_served(
    cast: Cast, lobby: Terminal, hall: Terminal
) -> None:
    lobby.refuses["DATA UPDATE USERINFO"] = -1001
    with pytest.raises(SyncIncomplete, match=r"Mesin PUSH00001: Kapasitas mesin penuh"):
        Work(cast.agency, lobby, hall).sync()
    assert len(hall.users) == len(cast.everyone)
    lobby.refuses.clear()
    Work(cast.agency, lobby, hall, now=NOW + timedelta(minutes=10)).sync()
    assert lobby.users == hall.users


def test_a_finger_that_cannot_be_read_back_fails_and_is_sent_again(
    cast: Cast, lobby: Terminal, hall: Terminal, sari: Employee
) -> None:
    work = Work(cast.agency, lobby, hall)
    work.sync()
    lobby.machine.enrol(pin_of(sari), 6, "telunjuk-sari")
    lobby.tell(work.now)
    confirm_all(cast.agency)
    hall.refuses["DATA UPDATE FINGERTMP"] = 0
    with pytest.raises(SyncIncomplete, match="Mesin PUSH00002: tidak terbaca kembali"):
        work.sync()
    hall.refuses.clear()
    work.now += timedelta(minutes=5)
    work.sync()
    assert hall.fingers == lobby.fingers


def test_a_machine_that_stays_silent_is_named(cast: Cast, lobby: Terminal) -> None:
    arguments: dict[str, Any] = {"agency": cast.agency, "actor": SYSTEM, "since": NOW}
    with pytest.raises(Postponed, match="0 dari 1 perintah dikerjakan Mesin PUSH00001"):
        services.push_users_everywhere(now=NOW, **arguments)
    late = NOW + pursuing.SILENT + timedelta(seconds=1)
    with pytest.raises(SyncIncomplete, match="Mesin PUSH00001 tidak menghubungi server"):
        services.push_users_everywhere(now=late, **arguments)
    lobby.work(late)
    with pytest.raises(Postponed):
        services.push_users_everywhere(now=late, **arguments)


def test_what_a_person_asks_of_a_machine_that_calls_waits_for_its_answer(
    cast: Cast, lobby: Terminal
) -> None:
    arguments: dict[str, Any] = {"device": lobby.device, "actor": SYSTEM, "since": NOW}
    for act in (services.ask_device, services.ask_clock, services.ask_punches):
        with pytest.raises(Postponed, match="perintah dikerjakan Mesin PUSH00001"):
            act(now=NOW, **arguments)
        lobby.work(NOW)
        act(now=NOW + timedelta(seconds=5), **arguments)
    assert lobby.told[:2] == ["INFO", "CHECK"]
    assert lobby.told[2] == (
        "DATA QUERY ATTLOG StartTime=2026-03-01 00:00:00\tEndTime=2026-04-20 09:00:00"
    )
    verbs = set(Event.objects.filter(subject=lobby.device.subject).values_list("verb", flat=True))
    assert {"device_checked", "device_clock_set"} <= verbs
    lobby.device.refresh_from_db()
    assert lobby.device.checked_at == NOW


def test_all_machines_are_checked_by_call_and_by_command(cast: Cast, lobby: Terminal) -> None:
    with simulator("TARIK0003") as back:
        device_at(cast.agency, back)
        Work(cast.agency, lobby).do(services.check_machines)
        assert all(device.checked_at for device in Device.objects.all())


def test_the_button_says_how_far_a_machine_is_that_calls(cast: Cast, lobby: Terminal) -> None:
    request_work(kind="devices.check", owner=lobby.device, actor=SYSTEM, now=timezone.now())
    outbox.drain()
    (work,) = work_of(lobby.device)
    assert (work.state, work.progress) == (
        "waiting",
        "0 dari 1 perintah dikerjakan Mesin PUSH00001",
    )
    lobby.work(timezone.now())
    OutboxJob.objects.update(run_after=timezone.now())
    outbox.drain()
    (work,) = work_of(lobby.device)
    assert (work.state, work.progress, work.error) == ("done", "", "")
