"""The one store of bodies and punches, on both databases: first telling wins, nothing is lost."""

import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.office import Clerk, Office

pytestmark = [pytest.mark.xdist_group("device-storing"), pytest.mark.timeout(600)]
ACTS = "tests.devices.storing_acts"
AT = "2026-04-20T01:00:00+00:00"  # 09.00 WITA
LATEST = "2026-04-20 09:10:00"
_serials = itertools.count()


class Machine:
    """A machine of its own for each test, with what lies in the store of it."""

    def __init__(self, clerk: Clerk) -> None:
        self.clerk, self.serial = clerk, f"SIMPAN{next(_serials)}"
        self.act("found")

    def act(self, name: str, **arguments: Any) -> Any:
        return self.clerk.call(f"{ACTS}:{name}", serial=self.serial, **arguments)

    def tell(self, *bodies: str) -> list[dict[str, int]]:
        told: list[dict[str, int]] = self.act("tell", bodies=list(bodies), at=AT)
        return told


@pytest.fixture
def machine(clerk: Clerk) -> Machine:
    return Machine(clerk)


def counts(**told: int) -> dict[str, int]:
    names = ("total", "accepted", "duplicate", "quarantined", "differing")
    return {name: told.get(name, 0) for name in names}


def test_a_telling_that_is_told_again_adds_nothing(machine: Machine) -> None:
    body = "9001\t2026-04-01 07:20:31\t0\t1\t\t0\t0\t\r\n9001\t2026-04-01 16:02:00\t1\t1\r\n"
    assert machine.tell(body) == [counts(total=2, accepted=2)]
    assert machine.tell(body, body) == [counts(total=2, duplicate=2)] * 2
    assert len(machine.act("punches")) == 2
    assert machine.act("kept")["uploads"][-1] == {
        "total": 2, "accepted": 0, "duplicate": 2, "quarantined": 0,
    }  # fmt: skip


def test_the_first_telling_wins_also_within_a_batch_and_within_a_body(machine: Machine) -> None:
    first = "9001\t2026-04-01 07:20:31\t0\t1"
    other = "9001\t2026-04-01 07:20:31\t1\t15\t3"
    told = machine.tell(f"{first}\n{other}\n{other}", other, first)
    assert told == [
        counts(total=3, accepted=1, duplicate=2, differing=1),
        counts(total=1, duplicate=1, differing=1),
        counts(total=1, duplicate=1),
    ]
    assert machine.act("punches")[0][2:5] == [0, 1, ""]
    assert machine.act("evidence") == [["9001", "2026-04-01 07:20:31", 1, 15, "3"]]


def test_evidence_without_values_is_kept_once_too(machine: Machine) -> None:
    machine.tell("9001\t2026-04-01 07:20:31\t0\t1")
    for _ in range(2):
        assert machine.tell("9001\t2026-04-01 07:20:31")[0]["differing"] == 1
    assert machine.act("evidence") == [["9001", "2026-04-01 07:20:31", None, None, ""]]


def test_pins_are_kept_as_they_were_told(machine: Machine) -> None:
    pins = ["V-0001", "0042", "42", "000", "9" * 24, "ž1", "٣"]
    machine.tell("\n".join(f"{pin}\t2026-04-01 07:20:31\t0\t1" for pin in pins))
    assert sorted(row[0] for row in machine.act("punches")) == sorted(pins)


def test_a_number_given_a_moment_ago_is_seen(machine: Machine) -> None:
    number = 70_001 + next(_serials)
    ours = machine.clerk.call(f"{ACTS}:give", number=number, since="2026-04-02")
    machine.tell(
        f"{number}\t2026-04-01 23:59:59\t0\t1\n{number}\t2026-04-02 00:00:00\t0\t1\n"
        f"000{number}\t2026-04-02 00:00:01\t0\t1\nP{number}\t2026-04-02 00:00:01\t0\t1"
    )
    owners = {(row[0], row[1]): row[5] for row in machine.act("punches")}
    assert owners == {
        (f"{number}", "2026-04-01 23:59:59"): None,
        (f"{number}", "2026-04-02 00:00:00"): ours,
        (f"000{number}", "2026-04-02 00:00:01"): ours,
        (f"P{number}", "2026-04-02 00:00:01"): None,
    }


def test_a_number_of_another_agency_is_nobodys_here(machine: Machine) -> None:
    number = 90_001 + next(_serials)
    machine.clerk.call(f"{ACTS}:give", number=number, since="2020-01-01", code="dinkes")
    machine.tell(f"{number}\t2026-04-01 07:00:00\t0\t1")
    assert machine.act("punches")[0][5] is None


@pytest.mark.fault("F41")
def test_impossible_times_are_in_quarantine_and_told_of_once(machine: Machine) -> None:
    body = (
        "9001\t2000-01-01 00:00:00\t0\t1\n9001\t2009-12-31 23:59:59\t0\t1\n"
        f"9001\t{LATEST}\t0\t1\n9001\t2026-04-20 09:10:01\t0\t1\n9001\t9999-12-31 23:59:59\t0\t1\n"
    )
    assert machine.tell(body) == [counts(total=5, accepted=1, quarantined=4)]
    assert machine.tell(body) == [counts(total=5, duplicate=5)]


@pytest.mark.fault("F40")
def test_one_bad_line_of_a_thousand_keeps_the_others_and_itself_once(machine: Machine) -> None:
    lines = [f"9001\t2026-04-01 07:{n // 60:02}:{n % 60:02}\t0\t1" for n in range(1000)]
    lines[500] = "rusak \0 \ud800".encode("utf-8", "replace").decode()
    body = "\r\n".join(lines)
    assert machine.tell(body) == [counts(total=1000, accepted=999, quarantined=1)]
    assert machine.tell(body) == [counts(total=1000, duplicate=1000)]
    assert machine.act("kept")["bad"] == ["rusak � ?"]


def test_wall_time_becomes_a_moment(machine: Machine) -> None:
    machine.tell("9001\t2026-04-01 07:20:31\t0\t1")
    assert machine.act("moments") == ["2026-03-31T23:20:31+00:00"]


def test_nothing_is_left_of_a_transaction_that_fails(machine: Machine) -> None:
    body = "9001\t2026-04-01 07:20:31\t0\t1\nrusak"
    assert machine.act("tell_inside_a_transaction", body=body) == 0
    assert machine.tell(body) == [counts(total=2, accepted=1, quarantined=1)]


def test_no_tellings_and_empty_bodies_store_no_punches(machine: Machine) -> None:
    assert machine.tell() == []
    assert machine.tell("", "\r\n\n") == [counts(), counts()]


PINS = st.sampled_from(["1", "01", "V-1", "9" * 9, "12345678901"])
TIMES = st.sampled_from([
    "2026-04-01 07:00:00", "2026-04-01 07:00:01", "2024-02-29 12:00:00", "2000-01-01 00:00:01",
    "2030-01-01 00:00:00",
])  # fmt: skip
LINE = st.one_of(
    st.tuples(
        PINS, TIMES, st.sampled_from(["", "0", "255"]), st.sampled_from(["", "1"]),
        st.sampled_from(["", "7", "7\t0\t0\t"]),
    ).map("\t".join),
    st.sampled_from(["rusak", "1\t2026-02-30 07:00:00\t0\t1", "2 2026-04-01 7:00:00 0 1", ""]),
)  # fmt: skip
BODY = st.tuples(st.lists(LINE, max_size=6), st.sampled_from(["\n", "\r\n"])).map(
    lambda told: told[1].join(told[0])
)


class Model:
    """The same store as a dictionary: the first telling wins."""

    def __init__(self) -> None:
        self.punches: dict[tuple[str, str], tuple[Any, Any, str]] = {}
        self.evidence: set[tuple[Any, ...]] = set()
        self.bad: set[str] = set()

    def tell(self, body: str) -> dict[str, int]:
        told = counts()
        differing: set[tuple[Any, ...]] = set()
        for line in body.replace("\r\n", "\n").split("\n"):
            if not line.strip():
                continue
            told["total"] += 1
            columns = [*(line.split("\t") if "\t" in line else self._spaced(line)), "", "", "", ""]
            key = columns[0], columns[1]
            state, verify = (int(c) if c.isdigit() else None for c in columns[2:4])
            values = state, verify, columns[4]
            if line == "rusak" or "02-30" in line:
                told["duplicate" if line in self.bad else "quarantined"] += 1
                self.bad.add(line)
            elif key in self.punches:
                told["duplicate"] += 1
                if self.punches[key] != values:
                    differing.add((*key, *values))
            else:
                self.punches[key] = values
                impossible = not "2010" <= key[1] <= LATEST
                told["quarantined" if impossible else "accepted"] += 1
        self.evidence |= differing
        return told | {"differing": len(differing)}

    @staticmethod
    def _spaced(line: str) -> list[str]:
        return ["2", "2026-04-01 07:00:00", "0", "1"] if line.startswith("2 ") else [line]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(batches=st.lists(st.lists(BODY, max_size=4), max_size=4))
def test_the_store_is_a_dictionary_in_which_the_first_telling_wins(
    clerk: Clerk, batches: list[list[str]]
) -> None:
    machine, model = Machine(clerk), Model()
    for bodies in batches:
        assert machine.tell(*bodies) == [model.tell(body) for body in bodies]
    stored = {(row[0], row[1]): tuple(row[2:5]) for row in machine.act("punches")}
    assert stored == model.punches
    assert {tuple(row) for row in machine.act("evidence")} == model.evidence
    assert machine.act("kept")["bad"] == sorted(model.bad)


def told_at_once(office: Office, serial: str, *, senders: int, **what: Any) -> list[dict[str, int]]:
    children = [
        office.begin(f"{ACTS}:tell_many", serial=serial, backwards=bool(n % 2), **what)
        for n in range(senders)
    ]
    for child in children:
        child.wait_until_ready()
    for child in children:
        child.go("now")
    return [child.answer() for child in children]


@pytest.mark.fault("F36")
def test_three_senders_three_times_ten_thousand_lines_are_ten_thousand_rows(
    office: Office, clerk: Clerk
) -> None:
    clerk.call(f"{ACTS}:found", serial="BALAP1")
    told = told_at_once(office, "BALAP1", senders=3, times=3, lines=10_000, batch=500)
    assert sum(one["accepted"] for one in told) == 10_000
    assert sum(one["duplicate"] for one in told) == 80_000
    found = clerk.call(f"{ACTS}:summary", serial="BALAP1")
    assert found == {"punches": 10_000, "accepted": 10_000, "evidence": 0}


@pytest.mark.fault("F18", "F36")
def test_senders_in_opposite_orders_do_not_wait_for_each_other_forever(
    office: Office, clerk: Clerk
) -> None:
    clerk.call(f"{ACTS}:found", serial="BALAP2")
    told = told_at_once(office, "BALAP2", senders=4, times=6, lines=600, batch=25)
    assert sum(one["accepted"] for one in told) == 600
    assert clerk.call(f"{ACTS}:summary", serial="BALAP2")["punches"] == 600
