"""Between processes: schedulers side by side, a worker that is killed while it fetches."""

import time

import pytest

from tests.devices.simulators import simulator
from tests.office import Clerk, Office

pytestmark = [pytest.mark.xdist_group("pulling-processes"), pytest.mark.timeout(600)]
ACTS = "tests.devices.pull_acts"


def test_schedulers_side_by_side_order_each_machine_once(office: Office, clerk: Clerk) -> None:
    serials = [f"NET{number:03}" for number in range(12)]
    clerk.call(f"{ACTS}:register", serials=serials)
    children = [office.begin(f"{ACTS}:schedule") for _ in range(3)]
    for child in children:
        child.wait_until_ready()
    for child in children:
        child.go("")
    assert sum(child.answer() for child in children) == len(serials)
    assert clerk.call(f"{ACTS}:ordered") == len(serials)


def test_a_worker_killed_while_it_fetches_leaves_nothing_behind(
    office: Office, clerk: Clerk
) -> None:
    with simulator("MATI1") as machine:
        machine.tell("user 1001 Anton")
        machine.tell("fill 300")
        clerk.call(f"{ACTS}:register", serials=["MATI1"], port=machine.port)
        worker = office.begin(f"{ACTS}:pull", serial="MATI1")
        worker.wait_until_ready()
        machine.tell("fault slow 700")
        worker.go("")
        time.sleep(2)
        worker.process.kill()
        worker.process.communicate()
        machine.tell("heal")
        held = machine.tell("state")["punches"]
        before, at_once, later, after = clerk.call(f"{ACTS}:recover", serial="MATI1")
    assert before == [0, 0, 0]
    assert "dipakai pekerjaan lain" in at_once["error"]
    assert later["held"] == held
    assert after == [later["accepted"], 1, held]


def test_pulls_at_once_keep_each_punch_once(office: Office, clerk: Clerk) -> None:
    with simulator("DUA01") as machine:
        machine.tell("user 1001 Anton")
        machine.tell("fill 300")
        clerk.call(f"{ACTS}:register", serials=["DUA01"], port=machine.port)
        children = [office.begin(f"{ACTS}:pull", serial="DUA01") for _ in range(3)]
        for child in children:
            child.wait_until_ready()
        for child in children:
            child.go("")
        told = [child.answer() for child in children]
        held = machine.tell("state")["punches"]
    won = [answer for answer in told if "held" in answer]
    assert won
    assert all("dipakai pekerjaan lain" in a["error"] for a in told if "error" in a)
    punches, uploads, lines = clerk.call(f"{ACTS}:kept", serial="DUA01")
    assert lines == held * uploads
    assert sum(answer["accepted"] for answer in won) == punches <= held
