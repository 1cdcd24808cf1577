"""pyzk as it is published, against the simulated machine: everything that it can ask."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from zk.exception import ZKErrorResponse
from zk.finger import Finger

from devices.simulator import plausible
from devices.simulator.machine import Machine, synthetic_template
from devices.simulator.tables import decode_time
from tests.devices.simulator.clients import make_machine, pyzk

BOTH = pytest.mark.parametrize("udp", [False, True], ids=["tcp", "udp"])
USER_SIZES = pytest.mark.parametrize("user_size", [28, 72])


@pytest.fixture(params=[False, True], ids=["tcp", "udp"])
def udp(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def machine() -> Machine:
    return make_machine()


@pytest.fixture
def client(machine: Machine, udp: bool) -> Iterator[Any]:
    with pyzk(machine, udp=udp) as connected:
        yield connected


@BOTH
def test_the_right_key_opens_and_a_wrong_one_does_not(udp: bool) -> None:
    machine = make_machine(comm_key=271828)
    with pyzk(machine, udp=udp, password=271828) as client:
        assert client.get_serialnumber() == machine.serial
    with (
        pytest.raises(ZKErrorResponse, match="Unauthenticated"),
        pyzk(machine, udp=udp, password=1),
    ):
        pass
    assert machine.connected <= 1  # the refused one has not hung up everywhere yet


def test_it_tells_everything_about_itself(machine: Machine, client: Any) -> None:
    assert client.get_firmware_version() == "Ver 6.60 Sep 19 2019"
    assert client.get_serialnumber() == "SIM0000000001"
    assert client.get_platform() == "ZMM220_TFT"
    assert client.get_mac() == "00:17:61:00:00:00"
    assert client.get_device_name() == "Simulasi"
    assert client.get_fp_version() == 10
    assert client.get_extend_fmt() == client.get_user_extend_fmt() == 0
    assert client.get_face_fun_on() == 0
    assert client.get_pin_width() == 9
    assert set(client.get_network_params()) == {"ip", "mask", "gateway"}


def test_what_it_does_not_know_it_refuses_and_goes_on(client: Any) -> None:
    assert client.get_face_version() is None
    assert client.get_compat_old_firmware() is None  # pyzk sends four codes of its own after this
    assert client.get_pin_width() == 9


def test_sizes_are_counts_and_capacities(machine: Machine, client: Any) -> None:
    machine.enrol("1001", 6)
    machine.punch("1001")
    client.read_sizes()
    assert (client.users, client.fingers, client.records, client.cards) == (2, 1, 1, 1)
    assert (client.users_cap, client.fingers_cap, client.rec_cap) == (5000, 3000, 100_000)
    assert (client.users_av, client.fingers_av, client.rec_av) == (4998, 2999, 99_999)


@BOTH
@USER_SIZES
@pytest.mark.parametrize("inline_limit", [0, 1024])
def test_users_are_read_whole(udp: bool, user_size: int, inline_limit: int) -> None:
    machine = make_machine(user_size=user_size, inline_limit=inline_limit)
    for number in range(300):
        machine.add_user(str(2000 + number), f"Orang{number}", card=number)
    with pyzk(machine, udp=udp) as client:
        told = [(u.uid, u.user_id, u.name, u.privilege, u.card) for u in client.get_users()]
    assert told == [(u.uid, u.pin, u.name, u.privilege, u.card) for u in machine.users.values()]


@BOTH
@USER_SIZES
@pytest.mark.parametrize("punch_size", [8, 16, 40])
@pytest.mark.parametrize("count", [1, 1500])
def test_logs_are_read_whole(udp: bool, user_size: int, punch_size: int, count: int) -> None:
    machine = make_machine(user_size=user_size, punch_size=punch_size)
    plausible.fill(machine, count)
    with pyzk(machine, udp=udp) as client:
        told = [(p.user_id, p.timestamp, p.status, p.punch) for p in client.get_attendance()]
    assert told == [(p.pin, decode_time(p.time), p.verify, p.state) for p in machine.punches]


@BOTH
@USER_SIZES
def test_records_of_49_bytes_come_whole(udp: bool, user_size: int) -> None:
    # The published pyzk cannot read these, only fetch them: it counts in steps of 40.
    machine = make_machine(user_size=user_size, punch_size=49)
    plausible.fill(machine, 1500)
    with pyzk(machine, udp=udp) as client:
        table, size = client.read_with_buffer(13)
    assert size == 4 + 49 * 1500
    assert table[4:] == machine.punches.packed(49)


def test_two_hundred_thousand_punches_come_whole() -> None:
    machine = make_machine()
    plausible.fill(machine, 200_000)
    with pyzk(machine) as client:
        client.read_sizes()
        table, _ = client.read_with_buffer(13)
    assert client.records == 200_000
    assert table[4:] == machine.punches.packed(40)


def test_templates_are_read_one_by_one_and_all_together(machine: Machine, client: Any) -> None:
    for finger in range(5):
        machine.enrol("1001", finger)
    machine.enrol("1002", 6, valid=3)
    told = {(f.uid, f.fid): (f.valid, f.template) for f in client.get_templates()}
    assert told == {key: (f.valid, f.data) for key, f in machine.fingers.items()}
    assert client.get_user_template(1, 4).template == machine.fingers[1, 4].data
    assert client.get_user_template(1, 9) is None


@BOTH
@USER_SIZES
def test_templates_are_written_and_read_back(udp: bool, user_size: int) -> None:
    machine = make_machine(user_size=user_size)
    fingers = [Finger(2, n, 1, synthetic_template(f"jari {n}")) for n in (1, 7)]
    with pyzk(machine, udp=udp) as client:
        (maria,) = [user for user in client.get_users() if user.user_id == "1002"]
        client.save_user_template(maria, fingers)
        assert client.get_templates() == fingers
    kept = machine.users[2]
    assert (kept.pin, kept.name, kept.privilege, len(machine.users)) == ("1002", "Maria", 14, 2)


@BOTH
@USER_SIZES
def test_users_are_added_renamed_and_deleted(udp: bool, user_size: int) -> None:
    machine = make_machine(user_size=user_size)
    machine.enrol("1001", 6)
    with pyzk(machine, udp=udp) as client:
        client.get_users()
        client.set_user(uid=7, name="Yohanes", user_id="1007", password="12", card=99)
        client.set_user(uid=2, name="Maria T", user_id="1002", privilege=14)
        with pytest.raises(ZKErrorResponse):
            client.set_user(uid=8, name="Palsu", user_id="1007")
        client.delete_user(user_id="1001")
        with pytest.raises(ZKErrorResponse):
            client.delete_user(uid=55)
        told = {user.uid: user.name for user in client.get_users()}
    assert told == {2: "Maria T", 7: "Yohanes"}
    assert machine.users[7].card == 99
    assert not machine.fingers


def test_a_finger_is_deleted_once(machine: Machine, client: Any) -> None:
    machine.enrol("1001", 6)
    assert client.delete_user_template(uid=1, temp_id=6)
    assert not client.delete_user_template(uid=1, temp_id=6)
    assert not machine.fingers


def test_its_clock_is_read_and_set(machine: Machine, client: Any) -> None:
    assert abs((client.get_time() - machine.now()).total_seconds()) <= 2
    client.set_time(datetime(2026, 4, 1, 7, 20, 31))
    assert 0 <= (client.get_time() - datetime(2026, 4, 1, 7, 20, 31)).total_seconds() <= 2


def test_it_is_locked_and_opened(machine: Machine, client: Any) -> None:
    client.disable_device()
    assert not machine.enabled
    client.enable_device()
    assert machine.enabled


def test_what_makes_no_difference_is_answered(machine: Machine, client: Any) -> None:
    assert client.free_data()
    assert client.refresh_data()
    assert client.test_voice(index=10)
    assert client.unlock(time=3)
    assert client.cancel_capture()
    assert client.verify_user()


def test_its_log_is_cleared_by_those_who_dare(machine: Machine, client: Any) -> None:
    machine.punch("1001")
    client.clear_attendance()
    assert client.get_attendance() == []
    assert machine.summary()["cleared"] == 1


@pytest.mark.parametrize("act", ["restart", "poweroff"])
def test_it_answers_before_it_goes_down_and_then_knows_nobody(udp: bool, act: str) -> None:
    machine = make_machine()
    with pyzk(machine, udp=udp, timeout=0.3) as client:
        _goes_down(machine, client, act)


def _goes_down(machine: Machine, client: Any, act: str) -> None:
    assert getattr(client, act)()
    client.is_connect = True
    with pytest.raises(
        Exception, match=r"timed out|TCP packet invalid|can't get time|Broken|reset"
    ):
        client.get_time()
    client.is_connect = False
    assert machine.powered is (act == "restart")
