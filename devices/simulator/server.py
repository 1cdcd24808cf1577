"""The wire of a simulated machine: frames, sessions and the commands that pyzk sends."""

import socketserver
import struct
from collections.abc import Callable
from typing import cast

from devices.simulator import tables
from devices.simulator.machine import Finger, Machine

FRAME = struct.Struct("<HHI")
HEADER = struct.Struct("<4H")
MAGIC = (0x5050, 0x7D82)
MAX_FRAME = 1 << 20

ACK_OK, ACK_ERROR, ACK_UNAUTH = 2000, 2001, 2005
CONNECT, EXIT, ENABLE, DISABLE, REFRESH = 1000, 1001, 1002, 1003, 1013
AUTH, VERSION, PREPARE, DATA, FREE = 1102, 1100, 1500, 1501, 1502
READ_TABLE, READ_CHUNK = 1503, 1504
OPTION, SIZES, PIN_WIDTH, GET_TIME, SET_TIME = 11, 50, 69, 201, 202
WRITE_USER, READ_TEMPLATE, DELETE_USER, DELETE_TEMPLATE, SAVE_TEMPLATES = 8, 88, 18, 19, 110
CANCEL_CAPTURE, START_VERIFY, REGISTER_EVENT = 62, 60, 500
USERS, PUNCHES, TEMPLATES = 9, 13, 7


class HangUp(Exception):
    """The machine closes the connection."""


def checksum(payload: bytes) -> int:
    padded = payload + b"\0" * (len(payload) % 2)
    total: int = sum(struct.unpack(f"<{len(padded) // 2}H", padded))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def scrambled_key(key: int, session: int) -> bytes:
    """Return what a client that knows the comm key sends after CMD_AUTH (2.1 of the protocol)."""
    mirrored = int(f"{key & 0xFFFFFFFF:032b}"[::-1], 2)
    raw = struct.pack("<I", (mirrored + session) & 0xFFFFFFFF)
    _, b, c, d = (x ^ y for x, y in zip(raw, b"ZKSO", strict=True))
    return bytes([c ^ 50, d ^ 50, 50, b ^ 50])


class Connection(socketserver.BaseRequestHandler):
    """One TCP connection of a client."""

    def setup(self) -> None:
        self.machine = cast("SimulatorServer", self.server).machine
        self.session = 0
        self.authenticated = False
        self.reply_id = 0
        self.table = b""
        self.incoming = b""

    def handle(self) -> None:
        try:
            while payload := self._receive():
                command, _, _, self.reply_id = HEADER.unpack_from(payload)
                while self.machine.faults.hang:
                    if not self.request.recv(4096):  # swallows what comes, answers nothing
                        return
                self._answer(command, payload[HEADER.size :])
        except (HangUp, ConnectionError, struct.error):
            return

    def _receive(self) -> bytes:
        head = self._exactly(FRAME.size)
        if not head:
            return b""
        first, second, size = FRAME.unpack(head)
        if (first, second) != MAGIC or not HEADER.size <= size <= MAX_FRAME:
            raise HangUp
        return self._exactly(size)

    def _exactly(self, size: int) -> bytes:
        received = b""
        while len(received) < size:
            part = self.request.recv(size - len(received))
            if not part:
                return b""
            received += part
        return received

    def _frame(self, code: int, data: bytes = b"") -> bytes:
        unsigned = HEADER.pack(code, 0, self.session, self.reply_id) + data
        payload = HEADER.pack(code, checksum(unsigned), self.session, self.reply_id) + data
        return FRAME.pack(*MAGIC, len(payload)) + payload

    def _send(self, code: int, data: bytes = b"") -> None:
        self.request.sendall(self._frame(code, data))

    def _answer(self, command: int, data: bytes) -> None:
        if command in (CONNECT, AUTH):
            self._open_session(command, data)
        elif not self.authenticated:
            self._send(ACK_UNAUTH)
        else:
            with self.machine.lock:
                ANSWERS.get(command, Connection._refuse)(self, data)

    def _open_session(self, command: int, data: bytes) -> None:
        if command == CONNECT:
            self.session = cast("SimulatorServer", self.server).next_session()
            self.authenticated = not self.machine.model.comm_key
        else:
            self.authenticated = data == scrambled_key(self.machine.model.comm_key, self.session)
        self._send(ACK_OK if self.authenticated else ACK_UNAUTH)

    def _refuse(self, data: bytes) -> None:
        self._send(ACK_ERROR)

    def _acknowledge(self, data: bytes) -> None:
        # Exactly 16 bytes: the client reads once and would take the rest for the next answer.
        self._send(ACK_OK)

    def _exit(self, data: bytes) -> None:
        self._send(ACK_OK)
        raise HangUp

    def _enable(self, data: bytes) -> None:
        self.machine.enabled = True
        self._send(ACK_OK)

    def _disable(self, data: bytes) -> None:
        self.machine.enabled = False
        self._send(ACK_OK)

    def _version(self, data: bytes) -> None:
        self._send(ACK_OK, b"Ver 6.60 Sep 19 2019\0")

    def _option(self, data: bytes) -> None:
        key = data.split(b"\0")[0].decode("ascii", errors="replace")
        value = {
            "~SerialNumber": self.machine.serial,
            "~Platform": "ZMM220_TFT",
            "~DeviceName": "Simulasi",
            "~ZKFPVersion": str(self.machine.model.algorithm),
            "MAC": "00:17:61:00:00:00",
        }.get(key)
        if value is None:
            self._send(ACK_ERROR)
        else:
            self._send(ACK_OK, f"{key}={value}".encode() + b"\0")

    def _pin_width(self, data: bytes) -> None:
        self._send(ACK_OK, b"\x09")

    def _sizes(self, data: bytes) -> None:
        machine, wrong = self.machine, self.machine.faults.count_error
        fields = [0] * 23
        fields[4] = len(machine.users)
        fields[6] = len(machine.fingers) + (wrong if machine.fingers else 0)
        fields[8] = len(machine.punches) + (wrong if machine.punches else 0)
        fields[12] = sum(user.privilege > 0 for user in machine.users.values())
        fields[14:17] = [3000, 5000, 100000]
        fields[17] = 3000 - len(machine.fingers)
        fields[18] = 5000 - len(machine.users)
        fields[19] = 100000 - len(machine.punches)
        self._send(ACK_OK, struct.pack("<23i", *fields))

    def _get_time(self, data: bytes) -> None:
        self._send(ACK_OK, struct.pack("<I", tables.encode_time(self.machine.now())))

    def _set_time(self, data: bytes) -> None:
        self.machine.set_clock(tables.decode_time(struct.unpack("<I", data)[0]))
        self._send(ACK_OK)

    def _read_table(self, data: bytes) -> None:
        _, table, _, _ = struct.unpack("<bhii", data)
        machine = self.machine
        if table == USERS:
            rows = [
                tables.pack_user(user, machine.model.user_size) for user in machine.users.values()
            ]
        elif table == PUNCHES:
            rows = [machine.punches.packed(machine.model.punch_size)]
        elif table == TEMPLATES:
            fingers = sorted(machine.fingers.items())
            rows = [tables.pack_template(*key, kept.valid, kept.data) for key, kept in fingers]
        else:
            return self._send(ACK_ERROR)
        content = tables.with_size(b"".join(rows))
        if len(content) <= machine.model.inline_limit:
            return self._send_table(self._frame(DATA, content))
        self.table = content
        size = len(content)
        return self._send(ACK_OK, struct.pack("<BIII", 0, size, size, 0))

    def _read_chunk(self, data: bytes) -> None:
        start, size = struct.unpack("<ii", data)
        chunk = self.table[start : start + size]
        prepared = self._frame(PREPARE, struct.pack("<II", len(chunk), 0))
        # One DATA frame and all in one piece: with several the client waits until its timeout.
        self._send_table(prepared + self._frame(DATA, chunk) + self._frame(ACK_OK))

    def _send_table(self, frames: bytes) -> None:
        if cut := self.machine.faults.cut_after:
            self.machine.faults.cut_after = 0
            self.request.sendall(frames[:cut])
            raise HangUp
        self.request.sendall(frames)

    def _read_template(self, data: bytes) -> None:
        uid, finger = struct.unpack("<hb", data)
        kept = self.machine.fingers.get((uid, finger))
        if kept is None:
            return self._send(ACK_ERROR)
        return self._send(DATA, kept.data + b"\0")

    def _write_user(self, data: bytes) -> None:
        user = tables.unpack_user(data)
        if not user.pin or any(u.pin == user.pin and u.uid != user.uid for u in self._users()):
            return self._send(ACK_ERROR)
        self.machine.put_user(user)
        return self._send(ACK_OK)

    def _users(self) -> list[tables.User]:
        return list(self.machine.users.values())

    def _free(self, data: bytes) -> None:
        self.table = self.incoming = b""
        self._send(ACK_OK)

    def _prepare(self, data: bytes) -> None:
        self.incoming = b""
        self._send(ACK_OK)

    def _take_piece(self, data: bytes) -> None:
        self.incoming += data
        self._send(ACK_OK)

    def _save_templates(self, data: bytes) -> None:
        try:
            user, fingers = tables.unpack_prepared(self.incoming)
        except (ValueError, struct.error):
            return self._send(ACK_ERROR)
        if not self.machine.faults.drop_template_writes:
            with self.machine.changed():
                self.machine.users[user.uid] = user
                for finger, template in fingers.items():
                    self.machine.fingers[user.uid, finger] = Finger(
                        self.machine.model.algorithm, 1, template
                    )
        return self._send(ACK_OK)

    def _delete_user(self, data: bytes) -> None:
        (uid,) = struct.unpack("<h", data)
        self._send(ACK_OK if self.machine.drop_user(uid) else ACK_ERROR)

    def _delete_template(self, data: bytes) -> None:
        uid, finger = struct.unpack("<hb", data)
        with self.machine.changed():
            gone = self.machine.fingers.pop((uid, finger), None)
        self._send(ACK_OK if gone else ACK_ERROR)


ANSWERS: dict[int, Callable[[Connection, bytes], None]] = {
    EXIT: Connection._exit,
    ENABLE: Connection._enable,
    DISABLE: Connection._disable,
    VERSION: Connection._version,
    OPTION: Connection._option,
    PIN_WIDTH: Connection._pin_width,
    SIZES: Connection._sizes,
    GET_TIME: Connection._get_time,
    SET_TIME: Connection._set_time,
    READ_TABLE: Connection._read_table,
    READ_CHUNK: Connection._read_chunk,
    READ_TEMPLATE: Connection._read_template,
    WRITE_USER: Connection._write_user,
    FREE: Connection._free,
    PREPARE: Connection._prepare,
    DATA: Connection._take_piece,
    SAVE_TEMPLATES: Connection._save_templates,
    DELETE_USER: Connection._delete_user,
    DELETE_TEMPLATE: Connection._delete_template,
    **dict.fromkeys(
        (REFRESH, CANCEL_CAPTURE, START_VERIFY, REGISTER_EVENT), Connection._acknowledge
    ),
}


class SimulatorServer(socketserver.ThreadingTCPServer):
    """Listens for clients of one machine."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, address: tuple[str, int], machine: Machine) -> None:
        super().__init__(address, Connection)
        self.machine = machine
        self._session = 0x1000

    def next_session(self) -> int:
        self._session = self._session % 0xFFF0 + 1
        return self._session
