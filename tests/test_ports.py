"""Nobody takes a port from under a test."""

import subprocess
import sys

from tests.ports import BLOCKS, FIRST, SIZE, free_port, free_ports

ASKED = "from tests.ports import free_port; print(free_port()); input()"


def test_no_port_is_handed_out_twice() -> None:
    ports = [free_port() for _ in range(20)]
    assert len(set(ports)) == 20


def test_ports_in_a_row_are_nobody_elses() -> None:
    first = free_ports(110)
    assert free_port() >= first + 110
    assert FIRST <= first < FIRST + SIZE * BLOCKS


def test_another_process_gets_ports_of_another_block() -> None:
    mine = free_port()
    with subprocess.Popen(
        [sys.executable, "-c", ASKED], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        theirs = int(other.stdout.readline())
        other.communicate("")
    assert (theirs - FIRST) // SIZE != (mine - FIRST) // SIZE
