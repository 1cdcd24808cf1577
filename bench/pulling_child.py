"""One measurement of `python -m bench.pulling`, in a process of its own: what it took, and held."""

import json
import re
import sys
import time
from pathlib import Path

from zk import ZK, const

from devices.pull.client import ZkClient

HOST = "127.0.0.1"


def transfer(port: int, over_udp: bool) -> dict[str, float]:
    """Let pyzk itself fetch the table of punches and do nothing with it."""
    zk = ZK(HOST, port=port, timeout=60, ommit_ping=True, force_udp=over_udp)
    zk.connect()
    started = time.perf_counter()
    table, _ = zk.read_with_buffer(const.CMD_ATTLOG_RRQ)
    seconds = time.perf_counter() - started
    zk.disconnect()
    return {"seconds": seconds, "bytes": len(table), "parent_mb": peak_mb("self")}


def pull(port: int, over_udp: bool) -> dict[str, float]:
    """Fetch the log as the product does, all of it counted; tell it from a known one."""
    with ZkClient(HOST, port, timeout=60, over_udp=over_udp) as client:
        started = time.perf_counter()
        log = client.punches()
        seconds = time.perf_counter() - started
        agent_mb = _agent_mb(client)
    with log:
        started = time.perf_counter()
        log.digest_of(log.count)
        known_seconds = time.perf_counter() - started
        return {
            "seconds": seconds, "known_seconds": known_seconds,
            "bytes": 4 + log.count * log.record_size,
            "parent_mb": peak_mb("self"), "agent_mb": agent_mb,
        }  # fmt: skip


def first(port: int, over_udp: bool) -> dict[str, float]:
    """Fetch the log as at a first pull, and take every record of it as a line of text."""
    with ZkClient(HOST, port, timeout=60, over_udp=over_udp) as client:
        started = time.perf_counter()
        with client.punches(ahead=True) as log:
            lines = sum(part.count(b"\n") for part in log.parts())
            seconds = time.perf_counter() - started
            return {
                "seconds": seconds, "bytes": 4 + lines * log.record_size,
                "parent_mb": peak_mb("self"), "agent_mb": _agent_mb(client),
            }  # fmt: skip


def _agent_mb(client: ZkClient) -> float:
    agent = client._agent
    return peak_mb(str(agent.process.pid)) if agent else 0.0


def peak_mb(process: str) -> float:
    """Return the most memory that a process ever held."""
    status = Path(f"/proc/{process}/status").read_text()
    (kilobytes,) = re.findall(r"VmHWM:\s+(\d+) kB", status)
    return int(kilobytes) / 1024


if __name__ == "__main__":
    act, port, protocol = sys.argv[1:]
    acts = {"transfer": transfer, "pull": pull, "first": first}
    print(json.dumps(acts[act](int(port), protocol == "udp")))
