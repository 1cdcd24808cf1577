"""The door of the machines answers any request, and never with a fault of its own.

A real server, on both databases; `SOPAN_FUZZ_SECONDS` lets it go on for so long (`make fuzz`).
"""

import os
import time
from functools import cache
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.devices.door.test_door_over_http import Door, door
from tests.fuzz import machines

__all__ = ["door"]
SECONDS = int(os.environ.get("SOPAN_FUZZ_SECONDS", "0"))
pytestmark = [
    pytest.mark.xdist_group("door"),
    pytest.mark.long,
    pytest.mark.timeout(900 + 2 * SECONDS),
]

EXAMPLES = 120
TERMINALS = 40  # a machine that calls too often is told to wait, and then nothing of it is read
METHODS = ("GET", "POST", "POST", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "PATCH", "get")
PATHS = ("cdata", "cdata.aspx", "getrequest", "devicecmd", "ping", "fdata", "exchange", "registry",
         "push", "querydata", "rtdata", "iclock/cdata", "", "x")  # fmt: skip
KEYS = ("table", "type", "tablename", "options", "INFO", "Stamp", "pushver", "DeviceType", "cmdid",
        "language", "SN", "PushOptionsFlag")  # fmt: skip
VALUES = ("ATTLOG", "OPERLOG", "options", "rtlog", "tabledata", "transaction", "user", "BIODATA",
          "ERRORLOG", "time", "all", "acc", "att", "3.1.2", "9999", "-1", "",
          "Ver 8.0,1,2,3,10.0.0.1,10,99999", "Ver,999999999,999999999,999999999,x,-7")  # fmt: skip
REFUSALS = (400, 404, 405, 411, 413, 414, 429)


@cache
def bodies() -> st.SearchStrategy[bytes]:
    """Return what machines send, whole and torn, and any bytes."""
    seeds = [
        seed
        for made in (machines.attlog_seeds, machines.options_seeds, machines.results_seeds,
                     machines.tables_seeds, machines.rtlog_seeds)
        for seed in made()
    ]  # fmt: skip
    torn = st.builds(
        lambda whole, at, more: whole[:at] + more + whole[at:],
        st.sampled_from(seeds), st.integers(0, 2000), st.binary(max_size=20),
    )  # fmt: skip
    return st.one_of(st.sampled_from(seeds), torn, st.binary(max_size=300))


QUERIES = st.lists(
    st.tuples(
        st.sampled_from(KEYS) | st.text(max_size=8),
        st.sampled_from(VALUES).map(str.encode) | st.binary(max_size=30),
    ),
    max_size=5,
)


def test_no_request_is_a_fault_of_the_server(door: Door) -> None:
    terminals = [door.machine() for _ in range(TERMINALS)]
    end, number = time.monotonic() + SECONDS, 0
    while not number or time.monotonic() < end:
        ask_much(door, terminals, number)
        number += 1
    # It has gone on serving: a good punch is kept.
    serial = door.machine()
    assert door.post(serial, "ATTLOG", machines.GOOD).body == "OK: 1"


def ask_much(door: Door, terminals: list[str], number: int) -> None:
    @seed(number)
    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(
        st.sampled_from(METHODS), st.sampled_from(PATHS), st.sampled_from(terminals), QUERIES,
        bodies(),
    )  # fmt: skip
    def ask(
        method: str, path: str, serial: str, query: list[tuple[str, bytes]], body: bytes
    ) -> None:
        told = [f"SN={serial}", *(f"{_quoted(key.encode())}={_quoted(v)}" for key, v in query)]
        answer = door.call(method, f"/iclock/{path}?{'&'.join(told)}", body)
        assert answer.status == 200 or answer.status in REFUSALS, answer

    ask()


def _quoted(value: bytes) -> str:
    return quote_from_bytes(value, safe="")
