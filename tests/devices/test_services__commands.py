"""What machines are told: leased, answered late or twice or never, and never told to two calls."""

from datetime import datetime, timedelta

import pytest

from devices import services
from devices.adms.results import read_results
from devices.exceptions import DeviceRefused, NotAllowedNow
from devices.models import Device, DeviceCommand, DeviceUser, FingerprintTemplate
from devices.services import commands
from devices.services.commands import LEASE, MAX_ATTEMPTS, Order, order, take_commands
from devices.services.pursuing import ask
from foundation.actors import SYSTEM
from foundation.models import Event
from foundation.outbox import Postponed
from tests.cast import NOW, Cast
from tests.devices.make import confirm_all, make_device, pin_of
from tests.devices.terminals import Terminal, terminal

Kind, State = DeviceCommand.Kind, DeviceCommand.State


@pytest.fixture
def lobby(cast: Cast) -> Terminal:
    services.allocate_pins(agency=cast.agency, actor=SYSTEM, now=NOW)
    return terminal(cast.agency)


def tell(device: Device, kind: DeviceCommand.Kind = Kind.INFO, target: str = "") -> DeviceCommand:
    return order(device=device, kind=kind, target=target, actor=SYSTEM, now=NOW)


def answer(command: DeviceCommand, code: int, **when: float) -> DeviceCommand:
    body = f"ID={command.pk}&Return={code}&CMD=DATA".encode()
    commands.settle_results(
        device_id=command.device_id, results=read_results(body), now=NOW + timedelta(**when)
    )
    command.refresh_from_db()
    return command


def test_a_command_waits_is_sent_and_confirmed(lobby: Terminal) -> None:
    command = tell(lobby.device)
    assert commands.devices_with_commands(NOW) == {lobby.device.pk}
    assert take_commands(device_id=lobby.device.pk, now=NOW) == f"C:{command.pk}:INFO\n".encode()
    command.refresh_from_db()
    assert (command.state, command.sent_at, command.attempts) == (State.SENT, NOW, 1)
    assert commands.devices_with_commands(NOW) == set()
    assert answer(command, 0).state == State.CONFIRMED


def test_the_same_command_is_one_row_while_it_is_open(lobby: Terminal) -> None:
    first = tell(lobby.device)
    assert tell(lobby.device).pk == first.pk
    take_commands(device_id=lobby.device.pk, now=NOW)
    assert tell(lobby.device).pk == first.pk
    answer(first, 0)
    assert tell(lobby.device).pk != first.pk


def test_of_two_calls_only_the_first_gets_a_command(lobby: Terminal) -> None:
    tell(lobby.device)
    assert take_commands(device_id=lobby.device.pk, now=NOW)
    assert take_commands(device_id=lobby.device.pk, now=NOW + LEASE - timedelta(seconds=1)) == b""


def test_a_command_that_is_not_answered_is_told_again_and_fails_in_the_end(
    lobby: Terminal,
) -> None:
    command, now = tell(lobby.device), NOW
    for _ in range(MAX_ATTEMPTS):
        assert take_commands(device_id=lobby.device.pk, now=now)
        now += LEASE
        assert commands.devices_with_commands(now) == {lobby.device.pk}
    assert take_commands(device_id=lobby.device.pk, now=now) == b""
    command.refresh_from_db()
    assert (command.state, command.attempts) == (State.FAILED, MAX_ATTEMPTS)
    assert command.error == "Mesin tidak menjawab setelah 5 kali dikirim."


def test_a_late_answer_is_still_the_truth_and_a_second_one_changes_nothing(
    lobby: Terminal,
) -> None:
    command = tell(lobby.device)
    for n in range(MAX_ATTEMPTS + 1):
        take_commands(device_id=lobby.device.pk, now=NOW + n * LEASE)
    assert answer(command, 0, hours=2).state == State.CONFIRMED
    settled = command.settled_at
    assert answer(command, -1001, hours=3).state == State.CONFIRMED
    assert command.settled_at == settled


def test_answers_of_unknown_numbers_and_to_other_machines_change_nothing(
    cast: Cast, lobby: Terminal
) -> None:
    other = make_device(cast.agency, "PUSH00002", protocol="push")
    command = tell(lobby.device)
    take_commands(device_id=lobby.device.pk, now=NOW)
    body = f"ID={command.pk}&Return=0&CMD=INFO\nID=99999&Return=0&CMD=INFO\nID=info8&Return=0"
    commands.settle_results(device_id=other.pk, results=read_results(body.encode()), now=NOW)
    command.refresh_from_db()
    assert command.state == State.SENT


def test_an_answer_to_what_was_never_sent_is_not_believed(lobby: Terminal) -> None:
    assert answer(tell(lobby.device), 0).state == State.WAITING


def test_answers_come_batched_and_over_several_lines(lobby: Terminal) -> None:
    info, listing = tell(lobby.device), tell(lobby.device, Kind.QUERY_USERS)
    take_commands(device_id=lobby.device.pk, now=NOW)
    lobby.answer(
        f"ID={listing.pk}&Return=-1&CMD=DATA\nID={info.pk}&Return=0&CMD=INFO\n"
        "~DeviceName=SpeedFace\nUserCount=17\n~MaxUserCount=30\nFPVersion=13\n",
        NOW,
    )
    assert set(DeviceCommand.objects.values_list("state", flat=True)) == {State.CONFIRMED}
    lobby.device.refresh_from_db()
    device = lobby.device
    assert (device.user_count, device.user_capacity, device.algorithm) == (17, 3000, 13)
    assert device.options["DeviceName"] == "SpeedFace"


def test_users_go_before_fingers_and_a_restart_goes_last(cast: Cast, lobby: Terminal) -> None:
    tell(lobby.device, Kind.REBOOT)
    tell(lobby.device, Kind.QUERY_USERS)
    assert cast.operator.employee is not None
    pin = pin_of(cast.operator.employee)
    tell(lobby.device, Kind.PUT_USER, pin)
    tell(lobby.device, Kind.DELETE_USER, "77")
    lobby.work(NOW)
    starts = [text.split(" PIN")[0] for text in lobby.told]
    assert starts == [
        "DATA DELETE USERINFO",
        "DATA UPDATE USERINFO",
        "DATA QUERY USERINFO",
        "REBOOT",
    ]


def test_a_user_that_was_confirmed_is_known_to_be_there(cast: Cast, lobby: Terminal) -> None:
    employee = cast.operator.employee
    assert employee is not None
    pin = pin_of(employee)
    tell(lobby.device, Kind.PUT_USER, pin)
    lobby.work(NOW)
    assert lobby.users == {pin: "Sari Benu"}
    assert DeviceUser.objects.get().name == "Sari Benu"
    tell(lobby.device, Kind.DELETE_USER, pin)
    lobby.work(NOW)
    assert lobby.users == {}
    assert not DeviceUser.objects.exists()


def test_a_user_whose_acknowledgement_was_lost_is_known_when_the_machine_shows_him(
    cast: Cast, lobby: Terminal
) -> None:
    assert cast.operator.employee is not None
    tell(lobby.device, Kind.PUT_USER, pin_of(cast.operator.employee))
    lobby.deaf = True
    lobby.call(NOW)
    assert not DeviceUser.objects.exists()
    tell(lobby.device, Kind.QUERY_USERS)
    lobby.call(NOW)
    assert DeviceUser.objects.get().name == "Sari Benu"


def held_finger(cast: Cast, source: Terminal) -> str:
    """Record a confirmed finger at a terminal; return the PIN."""
    assert cast.operator.employee is not None
    pin = pin_of(cast.operator.employee)
    tell(source.device, Kind.PUT_USER, pin)
    source.work(NOW)
    source.machine.enrol(pin, 6, "telunjuk-sari")
    source.tell(NOW)
    confirm_all(cast.agency)
    return pin


def test_a_finger_is_read_back_and_each_sending_leaves_an_event(
    cast: Cast, lobby: Terminal
) -> None:
    hall = terminal(cast.agency, "PUSH00002")
    pin = held_finger(cast, lobby)
    tell(hall.device, Kind.PUT_USER, pin)
    put = tell(hall.device, Kind.PUT_FINGER, f"{pin}/6")
    assert "TMP" not in str(put.arguments)
    hall.work(NOW)
    assert hall.fingers == lobby.fingers
    assert hall.told[-1] == f"DATA QUERY FINGERTMP PIN={pin}"
    template = FingerprintTemplate.objects.get()
    assert {c.device_id for c in template.copies.all()} == {hall.device.pk, lobby.device.pk}
    sent = Event.objects.get(verb="fingerprint_sent")
    assert sent.after == {"finger": 6, "device": "PUSH00002"}


def test_an_acknowledged_finger_that_is_not_there_is_not_noted(cast: Cast, lobby: Terminal) -> None:
    hall = terminal(cast.agency, "PUSH00002")
    pin = held_finger(cast, lobby)
    tell(hall.device, Kind.PUT_USER, pin)
    put = tell(hall.device, Kind.PUT_FINGER, f"{pin}/6")
    hall.refuses["DATA UPDATE FINGERTMP"] = 0  # says yes and keeps nothing
    hall.work(NOW)
    put.refresh_from_db()
    assert put.state == State.CONFIRMED
    assert not hall.device.template_copies.exists()


def test_a_finger_whose_person_is_unknown_brings_the_person_first(
    cast: Cast, lobby: Terminal
) -> None:
    hall = terminal(cast.agency, "PUSH00002")
    pin = held_finger(cast, lobby)
    put = tell(hall.device, Kind.PUT_FINGER, f"{pin}/6")
    hall.work(NOW)
    put.refresh_from_db()
    assert (put.state, put.attempts) == (State.CONFIRMED, 2)
    assert hall.fingers == lobby.fingers


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (-1001, "Kapasitas mesin penuh (kode -1001)."),
        (-30, "Versi sidik jari berbeda dengan mesin (kode -30)."),
        (-1004, "Samakan ragam protokol di halaman mesin dengan menu mesin."),
        (-1002, "Mesin tidak mengenal bentuk perintah ini (kode -1002)"),
    ],
)
def test_a_refusal_is_told_in_words(cast: Cast, lobby: Terminal, code: int, sentence: str) -> None:
    assert cast.operator.employee is not None
    command = tell(lobby.device, Kind.PUT_USER, pin_of(cast.operator.employee))
    take_commands(device_id=lobby.device.pk, now=NOW)
    assert answer(command, code).state == State.FAILED
    assert sentence in command.error


def test_a_busy_machine_is_told_again_soon(lobby: Terminal) -> None:
    command = tell(lobby.device)
    take_commands(device_id=lobby.device.pk, now=NOW)
    assert answer(command, -1005).state == State.SENT
    soon = NOW + timedelta(seconds=31)
    assert take_commands(device_id=lobby.device.pk, now=soon)
    assert answer(command, 0, seconds=31).state == State.CONFIRMED


def test_the_later_of_two_opposite_orders_is_meant(cast: Cast, lobby: Terminal) -> None:
    assert cast.operator.employee is not None
    pin = pin_of(cast.operator.employee)
    put = tell(lobby.device, Kind.PUT_USER, pin)
    finger = tell(lobby.device, Kind.PUT_FINGER, f"{pin}/6")
    tell(lobby.device, Kind.DELETE_USER, pin)
    for command in (put, finger):
        command.refresh_from_db()
        assert command.state == State.CANCELLED
    lobby.work(NOW)
    assert [text.split(" PIN")[0] for text in lobby.told] == ["DATA DELETE USERINFO"]


def test_a_command_is_taken_back_only_before_it_was_handed_out(cast: Cast, lobby: Terminal) -> None:
    command = tell(lobby.device)
    commands.cancel(command=command, actor=SYSTEM, now=NOW)
    assert take_commands(device_id=lobby.device.pk, now=NOW) == b""
    sent = tell(lobby.device)
    take_commands(device_id=lobby.device.pk, now=NOW)
    with pytest.raises(NotAllowedNow, match="sudah terkirim"):
        commands.cancel(command=sent, actor=SYSTEM, now=NOW)
    orders = [Order(Kind.DELETE_USER, str(pin)) for pin in range(1, 1250)]
    commands.order_all(device=lobby.device, orders=orders, actor=SYSTEM, now=NOW)
    assert commands.cancel_all(device=lobby.device, actor=SYSTEM, now=NOW) == 1249
    sent.refresh_from_db()
    assert sent.state == State.SENT
    assert Event.objects.filter(verb="device_commands_cancelled").count() == 2


def test_what_a_person_took_back_is_not_told_again_by_the_work_that_wanted_it(
    lobby: Terminal,
) -> None:
    def look(at: datetime) -> None:
        ask(device=lobby.device, wanted=Order(Kind.INFO), actor=SYSTEM, now=at, since=NOW)

    with pytest.raises(Postponed):
        look(NOW)
    commands.cancel_all(device=lobby.device, actor=SYSTEM, now=NOW)
    for minutes in (0, 2, 10):
        with pytest.raises(DeviceRefused, match="Dibatalkan"):
            look(NOW + timedelta(minutes=minutes))
    assert DeviceCommand.objects.filter(device=lobby.device).count() == 1


@pytest.mark.parametrize(
    "values", [{"protocol": "pull"}, {"protocol": "push", "state": "registered"}]
)
def test_only_machines_that_call_and_are_approved_are_told(
    cast: Cast, values: dict[str, str]
) -> None:
    state = Device.State(values.pop("state", "active"))
    device = make_device(cast.agency, state=state, **values)
    with pytest.raises(NotAllowedNow):
        tell(device)


def test_a_suspended_machine_gets_nothing_that_waited(lobby: Terminal) -> None:
    tell(lobby.device)
    services.suspend_device(device=lobby.device, actor=SYSTEM, now=NOW)
    assert take_commands(device_id=lobby.device.pk, now=NOW) == b""


def test_a_finger_that_was_replaced_meanwhile_is_not_sent(cast: Cast, lobby: Terminal) -> None:
    pin = held_finger(cast, lobby)
    put = tell(lobby.device, Kind.PUT_FINGER, f"{pin}/6")
    FingerprintTemplate.objects.update(replaced_at=NOW, sealed=b"")
    assert take_commands(device_id=lobby.device.pk, now=NOW) == b""
    put.refresh_from_db()
    assert (put.state, put.error) == (
        State.FAILED,
        "Sidik jari ini sudah diganti atau dihapus; tidak dikirim.",
    )


def test_what_exceeds_one_reply_comes_with_the_next(lobby: Terminal) -> None:
    orders = [Order(Kind.DELETE_USER, str(pin)) for pin in range(1, 121)]
    commands.order_all(device=lobby.device, orders=orders, actor=SYSTEM, now=NOW)
    assert [lobby.call(NOW) for _ in range(4)] == [50, 50, 20, 0]
