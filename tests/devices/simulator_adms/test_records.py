"""The lines of a simulated terminal are those that real ones wrote."""

from datetime import datetime

import pytest

from devices.adms.options import read_options
from devices.adms.tables import read_tables
from devices.attlog import read_punches
from devices.simulator.adms import records
from devices.simulator.adms.profile import Profile
from devices.simulator.tables import Finger, Operation, Punch, User, encode_time
from tests.devices.simulator_adms.stand_in import make_machine

REAL_LINES = {
    8: (("1", "2024-07-28 01:25:24", 0, 1), "1\t2024-07-28 01:25:24\t0\t1\t\t0\t0\t"),
    7: (("1452", "2015-07-30 15:16:28", 0, 1), "1452\t2015-07-30 15:16:28\t0\t1\t0\t0\t0"),
    6: (("9001", "2026-07-28 22:40:21", 1, 15), "9001\t2026-07-28 22:40:21\t1\t15\t0\t0"),
}


@pytest.mark.parametrize("layout", REAL_LINES)
def test_a_punch_is_written_as_the_real_terminal_wrote_it(layout: int) -> None:
    (pin, when, state, verify), line = REAL_LINES[layout]
    punch = Punch(1, pin, encode_time(datetime.fromisoformat(when)), verify, state)
    assert records.attendance_line(punch, layout) == line


@pytest.mark.parametrize("layout", [6, 7, 8, 10, 11])
def test_every_layout_has_its_columns_and_is_read_by_the_server(layout: int) -> None:
    punch = Punch(1, "1001", encode_time(datetime(2026, 4, 1, 7, 20, 31)), 1, 255)
    line = records.attendance_line(punch, layout)
    assert len(line.split("\t")) == layout
    read = read_punches(line.encode() + b"\n")
    assert read.total == 1
    assert not read.bad


def test_an_operation_is_written_as_in_the_vendors_example() -> None:
    when = encode_time(datetime(2015, 7, 30, 10, 22, 34))
    line = records.operation_line(Operation(4, when, "14"))
    assert line == "OPLOG 4\t14\t2015-07-30 10:22:34\t0\t0\t0\t0"


def test_a_user_is_told_with_the_password_in_clear() -> None:
    line = records.user_line(User(1, "36234", "Budi", password="rahasia", card=133440))
    assert line.startswith("USER PIN=36234\tName=Budi\tPri=0\tPasswd=rahasia\tCard=133440\tGrp=1\t")


@pytest.mark.parametrize(("algorithm", "table"), [(10, "OPERLOG"), (13, "BIODATA")])
def test_a_finger_goes_in_the_table_of_its_algorithm(algorithm: int, table: str) -> None:
    told = records.finger_record("1001", 6, Finger(algorithm, 3, b"not a finger at all"))
    assert told[0] == table
    (finger,) = read_tables(table, told[1].encode()).fingers
    assert (finger.pin, finger.finger, finger.data) == ("1001", 6, b"not a finger at all")


def test_options_hold_a_comma_inside_the_vendor() -> None:
    told = records.options(make_machine(), Profile(), "192.168.1.201")
    line = records.options_line(told, ("~OEMVendor", "MAC"))
    assert line.startswith("MAC=00:17:61:")
    assert line.endswith("~OEMVendor=ZKTECO CO., LTD.")
    read = read_options(records.options_line(told, ()).encode())
    assert read["UserCount"] == "1"


def test_a_clone_has_the_serial_and_another_network_card() -> None:
    cards = {records.mac_address("BOCK200961014", copy) for copy in range(3)}
    assert len(cards) == 3
    assert records.mac_address("BOCK200961014", 0) in cards
