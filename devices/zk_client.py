"""The parent of the agent that speaks to a machine: typed calls, frozen results, clear errors.

The agent (`zk_agent.py`) runs in a child process: it is killed when it hangs, and its licence stays
at arm's length. Nothing secret stands on its command line or in its environment.
"""

import base64
import ipaddress
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

AGENT = Path(__file__).with_name("zk_agent.py")
# What a Python may need to start; nothing else of our environment goes over.
LOADER = ("LD_LIBRARY_PATH", "SYSTEMROOT")


class DeviceError(Exception):
    """A machine could not be worked with; the message is a sentence for the person."""


class DeviceUnreachable(DeviceError):
    """Nobody answers, or the connection broke: worth another try later."""


class DeviceRefused(DeviceError):
    """The machine answers and says no: wrong comm key, no room, an unknown user."""


class ProtocolMismatch(DeviceError):
    """What came is not what the protocol promises: torn tables, another kind of machine."""


@dataclass(frozen=True)
class DeviceStatus:
    """What a machine says of itself; `clock` is its wall clock, None when it shows no real date."""

    serial: str
    firmware: str
    name: str
    algorithm: int
    clock: datetime | None
    users: int
    fingers: int
    punches: int
    user_capacity: int
    finger_capacity: int
    punch_capacity: int


@dataclass(frozen=True)
class MachineUser:
    uid: int  # the machine's own row; means nothing elsewhere
    pin: str
    name: str


@dataclass(frozen=True)
class MachineTemplate:
    """A finger on a machine. The bytes never show up in a repr."""

    pin: str
    finger: int
    valid: int  # 1, or 3 for a duress finger
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class MachinePunch:
    """One record of the log; `time` is text: a machine may hold a day that does not exist."""

    pin: str
    time: str
    state: int
    verify: int
    work_code: str


@dataclass(frozen=True)
class WriteReport:
    added: int
    renamed: int
    unchanged: int


class ZkClient:
    """A session with one machine, as a context manager.

    `timeout` is how long the machine may stay silent, `call_timeout` how long a whole call may
    take before the agent is killed; both in seconds.
    """

    def __init__(
        self,
        host: str,
        port: int = 4370,
        comm_key: int = 0,
        *,
        timeout: float = 10.0,
        call_timeout: float = 60.0,
    ) -> None:
        self._address = str(ipaddress.ip_address(host))
        self._port = port
        self._comm_key = comm_key
        self._timeout = timeout
        self._call_timeout = call_timeout
        self._process: subprocess.Popen[str] | None = None
        self._last_id = 0

    def __repr__(self) -> str:
        return f"<ZkClient {self._address}:{self._port}>"

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-I", str(AGENT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env={name: os.environ[name] for name in LOADER if name in os.environ},
        )
        try:
            self._call(
                "connect",
                host=self._address,
                port=self._port,
                comm_key=self._comm_key,
                timeout=self._timeout,
            )
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None and self._process and self._process.poll() is None:
                self._call("close", wait=self._timeout)
        except DeviceError:
            pass  # all that was asked for is done; the machine closes the session by itself
        finally:
            self._end()

    def _end(self) -> None:
        if self._process is None:
            return
        process, self._process = self._process, None
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with suppress(BrokenPipeError):  # a request that the dead agent never read
                    pipe.close()
        process.wait()

    def status(self) -> DeviceStatus:
        row: dict[str, Any] = self._call("status")
        clock = row.pop("time")
        texts: dict[str, Any] = {
            name: row.pop(name) or "" for name in ("serial", "firmware", "name")
        }
        return DeviceStatus(clock=datetime.fromisoformat(clock) if clock else None, **texts, **row)

    def set_clock(self, shown: datetime) -> None:
        """Set the machine's clock to a naive time of its own zone."""
        self._call("set_time", time=shown.replace(tzinfo=None, microsecond=0).isoformat())

    def users(self) -> tuple[MachineUser, ...]:
        return tuple(
            MachineUser(row["uid"], row["pin"], row["name"]) for row in self._call("users")
        )

    def write_users(self, users: Mapping[str, str]) -> WriteReport:
        """Make sure that these users (PIN -> name) are on the machine; others are left alone."""
        wanted = [{"pin": pin, "name": name} for pin, name in users.items()]
        return WriteReport(**self._call("write_users", users=wanted))

    def templates(self) -> tuple[MachineTemplate, ...]:
        return tuple(
            MachineTemplate(row["pin"], row["finger"], row["valid"], base64.b64decode(row["data"]))
            for row in self._call("templates")
        )

    def write_templates(self, templates: Sequence[MachineTemplate]) -> None:
        """Put fingers of users that are on the machine onto it. Read back what matters."""
        by_pin: dict[str, list[dict[str, Any]]] = {}
        for template in templates:
            data = base64.b64encode(template.data).decode()
            row = {"finger": template.finger, "valid": template.valid, "data": data}
            by_pin.setdefault(template.pin, []).append(row)
        users = [{"pin": pin, "fingers": fingers} for pin, fingers in by_pin.items()]
        self._call("write_templates", users=users)

    def punches(self) -> tuple[MachinePunch, ...]:
        """Return the whole log: the protocol cannot ask for less, and nothing is cleared."""
        return tuple(MachinePunch(*row) for row in self._call("punches"))

    def _call(self, call: str, *, wait: float | None = None, **arguments: Any) -> Any:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise RuntimeError("ZkClient is used outside its with block")
        self._last_id += 1
        request = {"id": self._last_id, "call": call, "arguments": arguments}
        overdue = threading.Event()

        def kill() -> None:
            overdue.set()
            process.kill()

        # pyzk may wait for ever (a connection that closed within a table): only a kill helps.
        timer = threading.Timer(wait or self._call_timeout, kill)
        timer.start()
        try:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            timer.cancel()
        if not line:
            raise self._no_answer(overdue.is_set(), wait or self._call_timeout)
        answer = json.loads(line)
        if "error" in answer:
            raise self._error(answer["error"]["kind"], answer["error"]["detail"])
        return answer["ok"]

    def _no_answer(self, overdue: bool, seconds: float) -> DeviceError:
        if overdue:
            return DeviceUnreachable(
                f"Mesin di {self._address}:{self._port} berhenti menjawab; sambungan diputus "
                f"setelah {seconds:g} detik. Nyalakan ulang mesin, lalu coba lagi."
            )
        return ProtocolMismatch(
            f"Penghubung ke mesin {self._address}:{self._port} berhenti di tengah pekerjaan. "
            "Coba lagi; bila terulang, laporkan kepada pengelola."
        )

    def _error(self, kind: str, detail: str) -> DeviceError:
        where = f"{self._address}:{self._port}"
        if kind == "unreachable":
            return DeviceUnreachable(
                f"Mesin di {where} tidak dapat dihubungi ({detail}). Periksa listrik, kabel LAN "
                "dan alamat IP mesin, lalu coba lagi."
            )
        if detail == "unauthenticated":
            return DeviceRefused(
                f"Mesin di {where} menolak kunci komunikasi. Samakan kunci di menu mesin dan di "
                "pendaftaran mesin."
            )
        if kind == "refused":
            return DeviceRefused(f"Mesin di {where} menolak permintaan ({detail}).")
        return ProtocolMismatch(
            f"Jawaban mesin di {where} tidak sesuai protokol 4370 ({detail}). Tidak ada yang "
            "disimpan; coba lagi, dan periksa merek serta jenis mesin bila terulang."
        )
