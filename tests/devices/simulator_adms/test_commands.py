"""A simulated terminal does commands and refuses them as real ones do."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from devices.adms import commands as server
from devices.simulator.adms.commands import Result, Workings, execute
from devices.simulator.adms.journal import Journal
from devices.simulator.adms.profile import Profile, PushFaults
from devices.simulator.adms.settings import Settings
from devices.simulator.machine import Machine, synthetic_template
from tests.devices.simulator_adms.stand_in import make_machine

TEMPLATE = synthetic_template("somebody else's")


def inside(machine: Machine, *, push_version: str = "2.4.1", multi_bio: bool = True) -> Workings:
    journal = Journal(machine, Profile(push_version=push_version))
    settings = Settings(multi_bio=multi_bio)
    return Workings(machine, journal.profile, journal, PushFaults(), settings, "192.168.1.201")


def told(machine: Machine, text: str) -> Result:
    return execute(inside(machine), text)


GOOD = [
    server.put_user("1002", "Sari Wulandari", privilege=0),
    server.put_finger("1001", 6, 1, TEMPLATE),
    server.delete_finger("1001", 0),
    server.delete_finger("1001"),
    server.delete_user("1001"),
    server.query_users(),
    server.query_users("1001"),
    server.query_fingers("1001", 0),
    server.query_punches(datetime(2026, 1, 1), datetime(2027, 1, 1)),
    server.sum_punches(datetime(2026, 1, 1), datetime(2027, 1, 1)),
    server.enrol_finger("1001", 5),
    server.check(),
    server.send_new(),
    server.info(),
    server.set_time(datetime(2026, 4, 1, 7, 20, 31)),
    server.set_option("VOLUME", "67"),
    server.reboot(),
    "RELOAD OPTIONS",
    "GET OPTION FROM ~DeviceName",
]


@pytest.mark.parametrize("text", GOOD)
def test_what_the_server_composes_is_done(text: str) -> None:
    machine = make_machine()
    machine.enrol("1001", 0)
    machine.punch("1001", at=datetime(2026, 4, 1, 7, 20, 31))
    assert told(machine, text).code == 0


REFUSED = [
    ("DATA UPDATE FINGERTMP PIN=1009\tFID=1\tSize=4\tValid=1\tTMP=AAAA", -10),
    ("DATA DELETE USERINFO PIN=1009", -10),
    ("DATA QUERY FINGERTMP PIN=1009", -10),
    ("ENROLL_FP PIN=1009\tFID=1\tRETRY=3\tOVERWRITE=0", -10),
    ("DATA UPDATE FINGERTMP PIN=1001\tFID=1\tSize=3\tValid=1\tTMP=AAAA", -9),
    ("DATA UPDATE FINGERTMP PIN=1001\tFID=1\tSize=4\tValid=1\tTMP=A!A=", -11),
    ("DATA UPDATE FINGERTMP PIN=1001\tFID=1\tSize=4\tValid=1\tTMP=ocoY", -30),
    ("DATA UPDATE BIODATA Pin=1001\tNo=1\tType=1\tMajorVer=13\tTmp=AAAA", -30),
    ("DATA UPDATE BIODATA Pin=1001\tNo=1\tType=9\tMajorVer=10\tTmp=AAAA", -1002),
    ("DATA UPDATE FINGERTMP PIN=1001\tFID=10\tSize=4\tValid=1\tTMP=AAAA", -1),
    ("DATA UPDATE USERINFO PIN=197001012000031001\tName=Sari", -1),
    ("DATA UPDATE USERINFO PIN=1002\tName=Sari\tWulandari", -1),
    ("DATA QUERY FINGERTMP PIN=1001", -1),
    ("DATA QUERY ATTLOG StartTime=2026-04-01 00:00:00\tEndTime=2026-04-02 00:00:00", -1),
    ("DATA QUERY ATTLOG StartTime=kemarin\tEndTime=2026-04-02 00:00:00", -1),
    ("USER ADD PIN=1\tName=Sari", -1002),
    ("DATA USER PIN=1\tName=Sari", -1002),
    ("DATA DEL_USER PIN=1", -1002),
    ("DATA DEL USERINFO PIN=1", -1002),
    ("DATA USERINFO PIN=1", -1002),
    ("CLEAR LOG", -1002),
    ("SHELL reboot", -1002),
    ("DATA UPDATE FACE PIN=1001", -1002),
    ("DATA UPDATE user CardNo=\tPin=1", -1004),
    ("DATA QUERY tablename=user,fielddesc=*,filter=*", -1004),
    ("DATA QUERY TIMEZONE", -1004),
]


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_what_real_terminals_refuse_is_refused(text: str, code: int) -> None:
    assert told(make_machine(), text).code == code


def test_a_door_controller_answers_commands_of_the_other_dialect_with_their_code() -> None:
    controller = inside(make_machine(), push_version="3.1.2")
    assert execute(controller, server.put_user("1002", "Sari")).code == -1004


def test_a_full_machine_says_so() -> None:
    machine = make_machine()
    machine.model.user_capacity = 1
    assert told(machine, server.put_user("1002", "Sari")).code == -1001


def test_a_finger_of_the_new_algorithm_is_kept_if_the_handshake_spoke_of_it() -> None:
    machine = make_machine(algorithm=13)
    text = server.put_biodata("1001", 6, TEMPLATE, valid=3, algorithm=13)
    strict = inside(machine, multi_bio=False)
    strict.faults.need_multi_bio = 1
    assert execute(strict, text).code == -30
    assert told(machine, text).code == 0
    assert machine.fingers_of("1001")[6].data == TEMPLATE
    assert machine.fingers_of("1001")[6].valid == 3
    assert told(machine, server.put_finger("1001", 6, 1, TEMPLATE)).code == -30


def test_present_but_empty_fields_wipe_and_absent_ones_stay() -> None:
    machine = make_machine()
    told(machine, "DATA UPDATE USERINFO PIN=1001\tPasswd=1234\tCard=77")
    told(machine, "DATA UPDATE USERINFO PIN=1001\tName=Sari")
    assert (machine.user_by_pin("1001").password, machine.user_by_pin("1001").card) == ("1234", 77)
    told(machine, "DATA UPDATE USERINFO PIN=1001\tPasswd=\tCard=")
    assert (machine.user_by_pin("1001").password, machine.user_by_pin("1001").card) == ("", 0)


def test_a_long_name_is_cut_by_bytes() -> None:
    machine = make_machine()
    told(machine, "DATA UPDATE USERINFO PIN=1001\tName=" + "é" * 24)
    assert machine.user_by_pin("1001").name == "é" * 11


@pytest.mark.parametrize(
    ("prepare", "overwrite", "code"),
    [
        (lambda machine: None, False, 0),
        (lambda machine: machine.enrol("1001", 6), False, 2),
        (lambda machine: machine.enrol("1001", 6), True, 0),
        (lambda machine: machine.faults.set("enrol_result", 6), False, 6),
    ],
)
def test_recording_from_afar_ends_as_the_person_lets_it(
    prepare: Callable[[Machine], object], overwrite: bool, code: int
) -> None:
    machine = make_machine()
    prepare(machine)
    assert told(machine, server.enrol_finger("1001", 6, overwrite=overwrite)).code == code


def test_the_sum_of_punches_counts_both_ends_and_takes_a_t_between_date_and_time() -> None:
    machine = make_machine()
    for minute in range(5):
        machine.punch("1001", at=datetime(2026, 4, 1, 7, minute))
    span = "StartTime=2026-04-01T07:01:00\tEndTime=2026-04-01 07:03:00"
    assert told(machine, f"VERIFY SUM ATTLOG {span}").more == "&AttlogSum=3"


def test_the_clock_is_set_and_a_garbage_date_is_answered_with_zero() -> None:
    machine = make_machine()
    told(machine, server.set_time(datetime(2026, 4, 1, 7, 20, 31)))
    assert abs(machine.now() - datetime(2026, 4, 1, 7, 20, 31)) < timedelta(seconds=5)
    assert told(machine, "SET OPTIONS DateTime=besok").code == 0
    assert abs(machine.now() - datetime(2026, 4, 1, 7, 20, 31)) < timedelta(seconds=5)


def test_a_template_that_is_acknowledged_and_not_kept_can_be_played() -> None:
    machine = make_machine()
    machine.faults.set("drop_template_writes", 1)
    assert told(machine, server.put_finger("1001", 6, 1, TEMPLATE)).code == 0
    assert not machine.fingers
