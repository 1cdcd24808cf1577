"""Speaks to one fingerprint machine through pyzk; the only module that imports it.

A program without Django, run in a child process that its parent (`client.py`) may kill. It reads
one JSON request per line and answers with one JSON line. Before the answer to `read_log` come the
bytes of the log as the machine sends them: a line `{"id": n, "part": size}`, then so many bytes.
It never clears anything on a machine and never disables one, so there is nothing to enable again
when it dies.
"""

import base64
import ipaddress
import json
import os
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, BinaryIO, NoReturn

from zk import ZK, const
from zk.exception import ZKErrorConnection, ZKErrorResponse, ZKNetworkError
from zk.finger import Finger
from zk.user import User

from devices.pull.wire import BEGINS, NO_4370, Fault, PacketSocket, probe

READS = 3  # a finger recorded during the read changes the counts: read again
READ_TABLE = 1503
CHUNK = {True: 0xFFC0, False: 16 * 1024}  # bytes that a machine gives at once, over TCP and UDP
MAX_REPLY = 0xFFFF
MAX_TABLE = 64 << 20  # bytes; the largest memory sold holds a fraction of it
MAX_UID = 32767  # pyzk packs it as a signed 16 bit number
NAME_BYTES = {28: 8, 72: 23}  # by size of a user's record; 24 with the closing NUL
ADMIN_LEVELS = (const.USER_DEFAULT, const.USER_ADMIN)  # any other level pyzk writes as 0
# What pyzk raises, beside its own errors, on an answer that it did not expect.
UNEXPECTED = (
    ArithmeticError, AttributeError, LookupError, NameError, RuntimeError, TypeError, ValueError,
    struct.error,
)  # fmt: skip
TEMPLATE_HEAD = struct.Struct("<HHbb")  # size with this head, uid, finger, valid


class Session:
    """One connection to one machine."""

    def __init__(self, hand_over: Callable[[bytes], None]) -> None:
        """`hand_over` takes a part of a log on its way to the parent."""
        self.zk: Any = None
        self._hand_over = hand_over
        self._log: Iterator[bytes] = iter(())

    def connect(
        self, *, host: str, port: int, comm_key: int, timeout: float, over_udp: bool
    ) -> dict[str, Any]:
        # pyzk would put the host into a shell command; it never sees anything but an address.
        address = str(ipaddress.IPv4Address(host))
        if not over_udp:
            probe(address, port, timeout)
        zk = ZK(
            address, port=port, timeout=timeout, password=comm_key, ommit_ping=True,
            force_udp=over_udp,
        )  # fmt: skip
        try:
            zk.connect()
        except ZKErrorResponse as error:
            if str(error) == "Unauthenticated":
                raise Fault("refused", "unauthenticated") from error
            raise Fault("mismatch", NO_4370) from error
        except ZKNetworkError as error:
            raise _connection_fault(zk, error) from error
        if not over_udp:
            zk._ZK__sock = PacketSocket(zk._ZK__sock)
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
        if done["added"]:
            self._read_back({row["pin"] for row in users}, there=True)
        return done

    def _write(self, uid: int, name: str, pin: str, level: int, password: str, card: int) -> None:
        self.zk.set_user(
            uid=uid, name=name, privilege=level, password=password, user_id=pin, card=card
        )

    def delete_users(self, *, pins: list[str]) -> dict[str, int]:
        """Take users off the machine and their fingers with them; others are left alone."""
        known = {user.user_id: user.uid for user in self._users()}
        gone = {pin: known[pin] for pin in pins if pin in known}
        for uid in gone.values():
            self.zk.delete_user(uid=_sendable(uid))
        if gone:
            self._read_back(set(gone), there=False)
            # Not every firmware takes the fingers of a user away with the user.
            self._delete_fingers({key for key in self._fingers() if key[0] in gone.values()})
        return {"deleted": len(gone)}

    def _read_back(self, pins: set[str], *, there: bool) -> None:
        shown = {user.user_id for user in self._users()}
        wrong = pins - shown if there else pins & shown
        if wrong:
            raise Fault("refused", f"{len(wrong)} of {len(pins)} users not as written")

    def delete_templates(self, *, fingers: list[tuple[str, int]]) -> dict[str, int]:
        """Take single fingers off the machine; one that is not there is gone already."""
        known = {user.user_id: user.uid for user in self._users()}
        wanted = {(known[pin], finger) for pin, finger in fingers if pin in known}
        return {"deleted": self._delete_fingers(wanted & self._fingers())}

    def _delete_fingers(self, fingers: set[tuple[int, int]]) -> int:
        for uid, finger in sorted(fingers):
            # By uid: pyzk's way by PIN cannot be packed.
            self.zk.delete_user_template(uid=_sendable(uid), temp_id=finger)
        if fingers:
            self.zk.refresh_data()
            if left := fingers & self._fingers():
                raise Fault("refused", f"{len(left)} of {len(fingers)} fingers still there")
        return len(fingers)

    def _fingers(self) -> set[tuple[int, int]]:
        """Return uid and finger of every template on the machine."""
        self.zk.read_sizes()
        if not self.zk.fingers:
            return set()
        table = self._table(const.CMD_DB_RRQ, const.FCT_FINGERTMP)
        return {(uid, finger) for uid, finger, _, _ in _templates_in(table)}

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

    def open_log(self) -> dict[str, int]:
        """Ask for the log of punches; return how many are announced, and in how many bytes."""
        self.zk.read_sizes()
        announced = self.zk.records
        self._log = iter(())
        try:
            size, self._log = self._open(const.CMD_ATTLOG_RRQ, 0)
        except ZKErrorResponse:
            if announced:
                raise
            return {"count": 0, "bytes": 0}  # many firmwares refuse to send an empty table
        return {"count": announced, "bytes": size}

    def read_log(self) -> dict[str, int]:
        """Hand over the log that was opened; return how many punches are announced after it."""
        for part in self._log:
            self._hand_over(part)
        self.zk.read_sizes()
        return {"count": self.zk.records, "users": self.zk.users}

    def _table(self, command: int, function: int) -> bytes:
        _, parts = self._open(command, function)
        return b"".join(parts)

    def _open(self, command: int, function: int) -> tuple[int, Iterator[bytes]]:
        """Ask for a table; return its size and its bytes as they come.

        pyzk's own way collects all of it and hands out what is torn.
        """
        zk, request = self.zk, struct.pack("<bhii", 1, command, function, 0)
        reply = zk._ZK__send_command(READ_TABLE, request, MAX_REPLY)
        if not reply["status"]:
            raise ZKErrorResponse("table refused")
        if reply["code"] == const.CMD_DATA:
            whole = zk._ZK__recieve_chunk()
            return max(len(whole) - 4, 0), _without_size(iter([whole]), len(whole))
        (size,) = struct.unpack_from("<I", zk._ZK__data, 1)
        if size > MAX_TABLE:
            raise Fault("mismatch", f"a table of {size} bytes")
        return max(size - 4, 0), _without_size(self._chunks(size), size)

    def _chunks(self, size: int) -> Iterator[bytes]:
        most = CHUNK[self.zk.tcp]
        for start in range(0, size, most):
            wanted = min(most, size - start)
            chunk = self.zk._ZK__read_chunk(start, wanted)
            if len(chunk) != wanted:
                raise Fault("mismatch", f"{len(chunk)} bytes came of {wanted}")
            yield chunk
        self.zk.free_data()


def _without_size(chunks: Iterator[bytes], whole: int) -> Iterator[bytes]:
    """Yield a table without the size before it; one that disagrees with it is torn."""
    first = next(chunks, b"")
    if len(first) >= 4 and struct.unpack_from("<I", first) != (whole - 4,):
        raise Fault("mismatch", f"{whole - 4} bytes come, the table says otherwise")
    yield first[4:]
    yield from chunks


def _connection_fault(zk: Any, error: Exception) -> Fault:
    if "timed out" in str(error):
        return Fault("unreachable", str(error))
    received = getattr(zk, "_ZK__tcp_data_recv", b"")
    if zk.force_udp or (received and not received.startswith(BEGINS)):
        return Fault("mismatch", NO_4370)
    return Fault("unreachable", "connection lost")


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


def _sendable(uid: int) -> int:
    if not 0 < uid <= MAX_UID:
        raise Fault("refused", f"the machine's own number {uid} of a user cannot be sent")
    return uid


def _cut(name: str, limit: int) -> str:
    """Cut a name to the bytes that fit, never inside a character; TAB and line ends are no name."""
    clean = " ".join(name.split())
    clean = "".join(mark for mark in clean if mark.isprintable())
    return clean.encode(errors="ignore")[:limit].decode(errors="ignore").strip()


def _templates_in(table: bytes) -> Iterator[tuple[int, int, int, str]]:
    at = 0
    while at < len(table):
        size, uid, finger, valid = TEMPLATE_HEAD.unpack_from(table, at)
        data = table[at + TEMPLATE_HEAD.size : at + size]
        if size <= TEMPLATE_HEAD.size or len(data) != size - TEMPLATE_HEAD.size:
            raise Fault("mismatch", "a template is cut")
        yield uid, finger, valid, base64.b64encode(data).decode()
        at += size


def answer(session: Session, request: dict[str, Any]) -> dict[str, Any]:
    """Do one request. Errors carry a kind and a few words, never what was sent."""
    try:
        call = getattr(session, request["call"])
        return {"ok": call(**request.get("arguments", {}))}
    except Fault as error:
        kind, detail = error.kind, str(error)
    except (ZKErrorResponse, ZKErrorConnection) as error:
        kind, detail = "refused", str(error)
    except (ZKNetworkError, OSError) as error:
        kind, detail = "unreachable", str(error)
    except UNEXPECTED as error:
        # Its words may quote what came, which may be a finger: only the kind goes out.
        kind, detail = "mismatch", type(error).__name__
    return {"error": {"kind": kind, "detail": detail[:200]}}


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    number = 0

    def say(message: dict[str, Any], content: bytes = b"") -> None:
        answers.write(json.dumps({"id": number} | message).encode() + b"\n" + content)
        answers.flush()

    session = Session(lambda part: say({"part": len(part)}, part))
    for line in requests:
        request = json.loads(line)
        number = request["id"]
        say(answer(session, request))


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
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, answers)
    sys.exit(0)


if __name__ == "__main__":
    main()
