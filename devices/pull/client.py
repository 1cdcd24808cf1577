"""The parent of the agent that speaks to a machine: typed calls, frozen results, clear errors.

The agent (`agent.py`) runs in a child process (`process.py`): it is killed when it hangs, and
its licence stays at arm's length.
"""

import base64
import ipaddress
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from devices.pull.log import PART_LINES, MachineLog
from devices.pull.process import AgentDied, AgentFault, AgentHung, AgentProcess
from devices.pull.records import UID_SIZE, record_size

MAX_COMM_KEY = 999_999  # six digits: what the menus of the machines take
BAD_ADDRESS = (
    "Alamat mesin bukan alamat IPv4 sebuah mesin, misalnya 192.168.1.201. Tidak ada yang "
    "dijalankan. Perbaiki alamat di pendaftaran mesin, lalu coba lagi."
)
BAD_KEY = (
    f"Kunci komunikasi bukan angka 0 sampai {MAX_COMM_KEY}. Tidak ada yang dijalankan. Isi ulang "
    "kunci di pendaftaran mesin, lalu coba lagi."
)
BAD_PORT = (
    "Port mesin bukan angka 1 sampai 65535. Tidak ada yang dijalankan. Perbaiki di pendaftaran "
    "mesin, lalu coba lagi."
)
READS = 3  # a punch during the read changes the counts: read again


class DeviceError(Exception):
    """A machine could not be worked with; the message is a sentence for the person."""


class NotConnectable(DeviceError):
    """What is registered of a machine cannot be its address or key; nothing was run."""


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
class WriteReport:
    added: int
    renamed: int
    unchanged: int


class ZkClient:
    """A session with one machine, as a context manager.

    `timeout` is how long the machine may stay silent, `call_timeout` how long the agent may before
    it is killed; both in seconds. `at_work` is called every second or so while a long read makes
    progress. Raises NotConnectable, before anything is run, for what is no address, port or key.
    """

    def __init__(
        self,
        host: str,
        port: int = 4370,
        comm_key: int = 0,
        *,
        over_udp: bool = False,
        timeout: float = 10.0,
        call_timeout: float = 60.0,
        at_work: Callable[[], None] | None = None,
    ) -> None:
        self._connection: dict[str, Any] = {
            "host": machine_address(host),
            "port": _checked(port, range(1, 65536), BAD_PORT),
            "comm_key": _checked(comm_key, range(MAX_COMM_KEY + 1), BAD_KEY),
            "timeout": timeout,
            "over_udp": over_udp,
        }
        self._timeout = timeout
        self._call_timeout = call_timeout
        self._at_work = at_work
        self._agent: AgentProcess | None = None

    def __repr__(self) -> str:
        return f"<ZkClient {self._where}>"

    @property
    def _where(self) -> str:
        return f"{self._connection['host']}:{self._connection['port']}"

    def __enter__(self) -> Self:
        self._agent = AgentProcess(self._at_work)
        try:
            self._call("connect", **self._connection)
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
            if error is None and self._agent and self._agent.process.poll() is None:
                self._call("close", wait=self._timeout)
        except DeviceError:
            pass  # all that was asked for is done; the machine closes the session by itself
        finally:
            self._end()

    def _end(self) -> None:
        if self._agent is not None:
            agent, self._agent = self._agent, None
            agent.end()

    def status(self) -> DeviceStatus:
        row: dict[str, Any] = self._call("status")
        clock = row.pop("time")
        texts: dict[str, Any] = {
            name: _shown(row.pop(name)) for name in ("serial", "firmware", "name")
        }
        if min(row.values()) < 0:
            raise self._error("mismatch", "counts below zero")
        return DeviceStatus(clock=datetime.fromisoformat(clock) if clock else None, **texts, **row)

    def set_clock(self, shown: datetime) -> None:
        """Set the machine's clock to a naive time of its own zone."""
        self._call("set_time", time=shown.replace(tzinfo=None, microsecond=0).isoformat())

    def users(self) -> tuple[MachineUser, ...]:
        return tuple(
            MachineUser(row["uid"], row["pin"], row["name"]) for row in self._call("users")
        )

    def write_users(self, users: Mapping[str, str]) -> WriteReport:
        """Make sure that these users (PIN -> name) are on the machine, read back; others stay."""
        wanted = [{"pin": pin, "name": name} for pin, name in users.items()]
        return WriteReport(**self._call("write_users", users=wanted))

    def delete_users(self, pins: Iterable[str]) -> int:
        """Take users and their fingers off the machine, read back; return how many were there."""
        deleted: int = self._call("delete_users", pins=list(pins))["deleted"]
        return deleted

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

    def delete_templates(self, fingers: Iterable[tuple[str, int]]) -> int:
        """Take fingers (PIN, finger) off the machine, read back; return how many were there."""
        deleted: int = self._call("delete_templates", fingers=list(fingers))["deleted"]
        return deleted

    def punches(self, *, part_lines: int = PART_LINES, ahead: bool = False) -> MachineLog:
        """Return the whole log: the protocol cannot ask for less, and nothing is cleared.

        Nothing is handed out before all bytes came and the counts before and after agree. `ahead`
        is for a log of which everything will be read: it is read into lines while it comes.
        """
        pins: dict[int, str] | None = None
        for _ in range(READS):
            opened = self._call("open_log")
            size = record_size(opened["bytes"], opened["count"])
            if size == UID_SIZE and pins is None:
                pins = {user.uid: user.pin for user in self.users()}
                opened = self._call("open_log")
                size = record_size(opened["bytes"], opened["count"])
            if size or opened == {"count": 0, "bytes": 0}:
                log = MachineLog(
                    opened["count"], size, pins or {}, part_lines=part_lines, ahead=ahead
                )
                if self._fill(log, users=len(pins or {})):
                    return log
        raise self._error(
            "mismatch", f"{opened['bytes']} bytes of log for {opened['count']} announced punches"
        )

    def _fill(self, log: MachineLog, *, users: int) -> bool:
        """Read the log that was opened; say whether its counts agree. It is closed otherwise."""
        with ExitStack() as stack:
            stack.enter_context(log)
            after = self._call("read_log", take=log.take)
            same_users = log.record_size != UID_SIZE or after["users"] == users
            if log.is_whole() and after["count"] == log.count and same_users:
                stack.pop_all()
                return True
        return False

    def _call(
        self,
        call: str,
        *,
        wait: float | None = None,
        take: Callable[[bytes], None] | None = None,
        **arguments: Any,
    ) -> Any:
        if self._agent is None:
            raise RuntimeError("ZkClient is used outside its with block")
        patience = wait or self._call_timeout
        try:
            return self._agent.ask(call, arguments, patience=patience, take=take)
        except AgentHung as error:
            raise DeviceUnreachable(
                f"Mesin di {self._where} berhenti menjawab; sambungan diputus setelah "
                f"{patience:g} detik. Nyalakan ulang mesin, lalu coba lagi."
            ) from error
        except AgentDied as error:
            raise ProtocolMismatch(
                f"Penghubung ke mesin {self._where} berhenti di tengah pekerjaan. "
                "Coba lagi; bila terulang, laporkan kepada pengelola."
            ) from error
        except AgentFault as error:
            raise self._error(error.kind, str(error)) from error

    def _error(self, kind: str, detail: str) -> DeviceError:
        if kind == "unreachable":
            return DeviceUnreachable(
                f"Mesin di {self._where} tidak dapat dihubungi ({detail}). Periksa listrik, kabel "
                "LAN dan alamat IP mesin, lalu coba lagi."
            )
        if detail == "unauthenticated":
            return DeviceRefused(
                f"Mesin di {self._where} menolak kunci komunikasi. Samakan kunci di menu mesin "
                "dan di pendaftaran mesin."
            )
        if kind == "refused":
            return DeviceRefused(f"Mesin di {self._where} menolak permintaan ({detail}).")
        return ProtocolMismatch(
            f"Jawaban mesin di {self._where} tidak sesuai protokol 4370 ({detail}). Tidak ada "
            "yang disimpan; coba lagi, dan periksa merek serta jenis mesin bila terulang."
        )


def machine_address(host: str) -> str:
    """Return an IPv4 address that one machine can have; the protocol's library knows no other."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError as error:
        raise NotConnectable(BAD_ADDRESS) from error
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        if mapped is None or address.scope_id:
            raise NotConnectable(BAD_ADDRESS)
        address = mapped
    if address.is_unspecified or address.is_multicast or address.is_reserved:
        raise NotConnectable(BAD_ADDRESS)
    return str(address)


def _checked(value: int, allowed: range, sentence: str) -> int:
    if type(value) is not int or value not in allowed:
        raise NotConnectable(sentence)
    return value


def _shown(text: str | None) -> str:
    """Return what a machine says of itself without characters that no page can show."""
    return "".join(mark for mark in text or "" if mark.isprintable())[:80]
