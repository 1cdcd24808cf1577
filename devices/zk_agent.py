"""Speaks to one fingerprint machine through pyzk; the only module that imports it.

A script without Django, run in a child process that its parent (`zk_client.py`) may kill. It reads
one JSON request per line and answers with one JSON line. It never clears anything on a machine and
never disables one, so there is nothing to enable again when it dies.
"""

import base64
import ipaddress
import json
import os
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NoReturn, TextIO

from zk import ZK, const
from zk.exception import ZKErrorConnection, ZKErrorResponse, ZKNetworkError
from zk.finger import Finger
from zk.user import User

READS = 3  # a punch during the read changes the counts: read again
MAX_UID = 32767  # pyzk packs it as a signed 16 bit number
NAME_BYTES = {28: 8, 72: 23}  # by size of a user's record; 24 with the closing NUL
ADMIN_LEVELS = (const.USER_DEFAULT, const.USER_ADMIN)  # any other level pyzk writes as 0
PUNCH_40 = struct.Struct("<H24sBIB8s")  # uid, PIN, verify, time, state, rest
PUNCH_16 = struct.Struct("<IIBB2sI")  # PIN, time, verify, state, rest, work code
PUNCH_8 = struct.Struct("<HBIB")  # uid, verify, time, state
PUNCH_SIZES = (40, 49, 16, 8)
# What pyzk raises, beside its own errors, on an answer that it did not expect.
UNEXPECTED = (
    ArithmeticError, AttributeError, LookupError, NameError, RuntimeError, TypeError, ValueError,
    struct.error,
)  # fmt: skip
TEMPLATE_HEAD = struct.Struct("<HHbb")  # size with this head, uid, finger, valid


class Fault(Exception):
    """What went wrong, of a kind that the parent knows: unreachable, refused, mismatch."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind


class Session:
    """One connection to one machine."""

    def __init__(self) -> None:
        self.zk: Any = None

    def connect(self, *, host: str, port: int, comm_key: int, timeout: float) -> dict[str, Any]:
        # pyzk would put the host into a shell command; it never sees anything but an address.
        address = str(ipaddress.ip_address(host))
        _probe(address, port, timeout)
        zk = ZK(address, port=port, timeout=timeout, password=comm_key, ommit_ping=True)
        try:
            zk.connect()
        except ZKErrorResponse as error:
            raise Fault("refused", "unauthenticated") from error
        except ZKNetworkError as error:
            raise _connection_fault(zk, error) from error
        self.zk = zk
        return {}

    def close(self) -> dict[str, Any]:
        if self.zk is not None:
            self.zk.disconnect()
            self.zk = None
        return {}

    def status(self) -> dict[str, Any]:
        zk = self.zk
        zk.read_sizes()
        return {
            "serial": zk.get_serialnumber(),
            "firmware": _optional(zk.get_firmware_version),
            "name": _optional(zk.get_device_name),
            "algorithm": int(_optional(zk.get_fp_version) or 0),
            "time": _clock(zk),
            "users": zk.users,
            "fingers": zk.fingers,
            "punches": zk.records,
            "user_capacity": zk.users_cap,
            "finger_capacity": zk.fingers_cap,
            "punch_capacity": zk.rec_cap,
        }

    def set_time(self, *, time: str) -> dict[str, Any]:
        self.zk.set_time(datetime.fromisoformat(time))
        return {"time": _clock(self.zk)}

    def users(self) -> list[dict[str, Any]]:
        """Users without their passwords and cards: those stay in this process."""
        return [
            {"uid": user.uid, "pin": user.user_id, "name": user.name, "level": user.privilege}
            for user in self._users()
        ]

    def _users(self) -> list[User]:
        users: list[User] = self.zk.get_users()
        if len(users) != self.zk.users:
            raise Fault("mismatch", f"{len(users)} users read, {self.zk.users} announced")
        return users

    def write_users(self, *, users: list[dict[str, str]]) -> dict[str, int]:
        """Add users or give them a name; what else the machine knows of them is kept."""
        known = {user.user_id: user for user in self._users()}
        free = _free_uids({user.uid for user in known.values()})
        limit = NAME_BYTES.get(int(self.zk.user_packet_size), 23)
        done = {"added": 0, "renamed": 0, "unchanged": 0}
        for wanted in users:
            pin, name = wanted["pin"], _cut(wanted["name"], limit)
            old = known.get(pin)
            if old is not None and (old.name == name or old.privilege not in ADMIN_LEVELS):
                done["unchanged"] += 1
            elif old is not None:
                self._write(old.uid, name, pin, old.privilege, old.password, old.card)
                done["renamed"] += 1
            else:
                self._write(next(free), name, pin, const.USER_DEFAULT, "", 0)
                done["added"] += 1
        return done

    def _write(self, uid: int, name: str, pin: str, level: int, password: str, card: int) -> None:
        self.zk.set_user(
            uid=uid, name=name, privilege=level, password=password, user_id=pin, card=card
        )

    def templates(self) -> list[dict[str, Any]]:
        """All templates, byte for byte; the table is read again until its counts agree."""
        for _ in range(READS):
            pins = {user.uid: user.user_id for user in self._users()}
            announced = self.zk.fingers
            table = self._table(const.CMD_DB_RRQ, const.FCT_FINGERTMP) if announced else b""
            rows = list(_templates_in(table))
            if len(rows) == announced:
                return [
                    {"pin": pins.get(uid, ""), "finger": finger, "valid": valid, "data": data}
                    for uid, finger, valid, data in rows
                ]
        raise Fault("mismatch", f"{len(rows)} templates read, {announced} announced")

    def write_templates(self, *, users: list[dict[str, Any]]) -> dict[str, int]:
        """Put templates on the machine; a user who is not there yet is a mistake of the caller."""
        known = {user.user_id: user for user in self._users()}
        for wanted in users:
            user = known.get(wanted["pin"])
            if user is None:
                raise Fault("refused", "a template for a PIN that is not on the machine")
            # What pyzk shows as the group is a time zone's flag; writing it back would lose it.
            user.group_id = ""
            fingers = [
                Finger(user.uid, row["finger"], row["valid"], base64.b64decode(row["data"]))
                for row in wanted["fingers"]
            ]
            self.zk.save_user_template(user, fingers)
        return {"users": len(users)}

    def punches(self) -> list[list[Any]]:
        """The whole log, the protocol cannot filter: [PIN, time, state, verify, work code]."""
        for _ in range(READS):
            pins = {user.uid: user.user_id for user in self._users()}
            self.zk.read_sizes()
            announced = self.zk.records
            if not announced:
                return []
            table = self._table(const.CMD_ATTLOG_RRQ, 0)
            size = _punch_size(len(table), announced)
            if size:
                return [_punch(table[at : at + size], pins) for at in range(0, len(table), size)]
        raise Fault("mismatch", f"{len(table)} bytes of log for {announced} announced punches")

    def _table(self, command: int, function: int) -> bytes:
        """Return a table without its size; a torn one is refused, pyzk would hand it out."""
        content, _ = self.zk.read_with_buffer(command, function)
        if len(content) < 4:
            raise Fault("mismatch", "an empty table")
        (size,) = struct.unpack_from("<I", content)
        if len(content) - 4 != size:
            raise Fault("mismatch", f"{len(content) - 4} bytes came of {size}")
        return bytes(content[4:])


def _probe(address: str, port: int, timeout: float) -> None:
    """Tell an unreachable machine from a silent one: pyzk ignores that a connection failed."""
    try:
        socket.create_connection((address, port), timeout=timeout).close()
    except OSError as error:
        raise Fault("unreachable", error.strerror or type(error).__name__) from error


def _connection_fault(zk: Any, error: Exception) -> Fault:
    received = getattr(zk, "_ZK__tcp_data_recv", b"")
    if received and not received.startswith(b"\x50\x50\x82\x7d"):
        return Fault("mismatch", "the port is open, but what answers is no 4370 machine")
    return Fault("unreachable", str(error) if "timed out" in str(error) else "connection lost")


def _optional(call: Callable[[], Any]) -> Any:
    """Return None where a firmware does not know a question that we can do without."""
    try:
        return call()
    except ZKErrorResponse:
        return None


def _clock(zk: Any) -> str | None:
    try:
        return str(zk.get_time().isoformat(sep=" "))
    except ValueError:  # 31 February: a clock that lost its battery
        return None


def _free_uids(taken: set[int]) -> Iterator[int]:
    uid = 0
    while uid < MAX_UID:
        uid += 1
        if uid not in taken:
            yield uid
    raise Fault("refused", "no free place for a user")


def _cut(name: str, limit: int) -> str:
    """Cut a name to the bytes that fit, never inside a character; TAB and line ends are no name."""
    clean = " ".join(name.split())
    return clean.encode()[:limit].decode(errors="ignore").strip()


def _templates_in(table: bytes) -> Iterator[tuple[int, int, int, str]]:
    at = 0
    while at < len(table):
        size, uid, finger, valid = TEMPLATE_HEAD.unpack_from(table, at)
        data = table[at + TEMPLATE_HEAD.size : at + size]
        if size <= TEMPLATE_HEAD.size or len(data) != size - TEMPLATE_HEAD.size:
            raise Fault("mismatch", "a template is cut")
        yield uid, finger, valid, base64.b64encode(data).decode()
        at += size


def _punch_size(table: int, announced: int) -> int:
    return next((size for size in PUNCH_SIZES if size * announced == table), 0)


def _punch(record: bytes, pins: dict[int, str]) -> list[Any]:
    work_code = ""
    if len(record) >= PUNCH_40.size:
        _, raw_pin, verify, time, state, _ = PUNCH_40.unpack_from(record)
        pin = raw_pin.split(b"\0")[0].decode(errors="replace")
    elif len(record) == PUNCH_16.size:
        number, time, verify, state, _, code = PUNCH_16.unpack(record)
        pin, work_code = str(number), str(code) if code else ""
    else:
        uid, verify, time, state = PUNCH_8.unpack(record)
        pin = pins.get(uid, str(uid))
    return [pin, _moment(time), state, verify, work_code]


def _moment(value: int) -> str:
    """Return a machine's time as text; the text may be a day that does not exist."""
    days, seconds = divmod(value, 86400)
    months, day = divmod(days, 31)
    years, month = divmod(months, 12)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{2000 + years}-{month + 1:02}-{day + 1:02} {hour:02}:{minute:02}:{second:02}"


def answer(session: Session, line: str) -> dict[str, Any]:
    """Do one request. Errors carry a kind and a few words, never what was sent."""
    request = json.loads(line)
    try:
        call = getattr(session, request["call"])
        return {"id": request["id"], "ok": call(**request.get("arguments", {}))}
    except Fault as error:
        kind, detail = error.kind, str(error)
    except (ZKErrorResponse, ZKErrorConnection) as error:
        kind, detail = "refused", str(error)
    except (ZKNetworkError, OSError) as error:
        kind, detail = "unreachable", str(error)
    except UNEXPECTED as error:
        # Its words may quote what came, which may be a finger: only the kind goes out.
        kind, detail = "mismatch", type(error).__name__
    return {"id": request["id"], "error": {"kind": kind, "detail": detail[:200]}}


def serve(requests: TextIO, answers: TextIO) -> None:
    session = Session()
    for line in requests:
        answers.write(json.dumps(answer(session, line)) + "\n")
        answers.flush()


def die_with_parent() -> None:
    """End this process when its parent is gone: pyzk may spin for ever on a closed connection."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def main() -> NoReturn:
    die_with_parent()
    # pyzk prints warnings to stdout, where only answers may stand.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    serve(sys.stdin, answers)
    sys.exit(0)


if __name__ == "__main__":
    main()
