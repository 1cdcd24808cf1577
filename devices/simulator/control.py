"""What a person does at a simulated machine, as lines of text: press a finger, turn the clock."""

import json
import shlex
import socket
import socketserver
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from typing import cast

from devices.simulator.faults import Faults
from devices.simulator.machine import Impossible, Machine
from devices.simulator.tables import User

HELP = """\
user PIN NAMA                 tambah pengguna pada mesin
enrol PIN JARI [BENIH]        rekam jari 0-9 (templat sintetis)
enrol_all JARI                rekam jari itu bagi setiap pengguna yang belum terekam
punch PIN [STATUS] [WAKTU]    tempel jari; waktu 2026-04-01T07:20:00
clock DETIK|WAKTU             geser jam terhadap waktu sebenarnya, atau setel
fault NAMA NILAI              hang, cut_after, count_error, drop_template_writes
state                         ringkasan isi mesin"""


def execute(machine: Machine, line: str) -> dict[str, object]:
    """Do what one line says and return what is to be told; a mistake comes back as `error`."""
    try:
        name, *arguments = shlex.split(line)
        answer = COMMANDS[name](machine, *arguments)
    except (KeyError, TypeError, ValueError) as error:
        reason = str(error) if isinstance(error, Impossible) else "perintah tidak dikenal"
        return {"error": reason, "help": HELP}
    return {"ok": answer}


def _user(machine: Machine, pin: str, name: str) -> object:
    uid = max(machine.users, default=0) + 1
    machine.put_user(User(uid, pin, name))
    return uid


def _enrol(machine: Machine, pin: str, finger: str, seed: str = "") -> object:
    return len(machine.enrol(pin, int(finger), seed))


def _enrol_all(machine: Machine, finger: str) -> object:
    recorded = {uid for uid, _ in machine.fingers}
    missing = [user.pin for uid, user in machine.users.items() if uid not in recorded]
    for pin in missing:
        machine.enrol(pin, int(finger))
    return len(missing)


def _punch(machine: Machine, pin: str, state: str = "0", at: str = "") -> object:
    moment = datetime.fromisoformat(at) if at else None
    machine.punch(pin, state=int(state), at=moment)
    return len(machine.punches)


def _clock(machine: Machine, value: str) -> object:
    if value.lstrip("+-").isdigit():
        with machine.changed():
            machine.clock.turn(offset=float(value))
    else:
        machine.set_clock(datetime.fromisoformat(value))
    return machine.now().isoformat(" ")


def _fault(machine: Machine, name: str, value: str = "1") -> object:
    if name not in {field.name for field in fields(Faults)}:
        raise Impossible(f"gangguan {name} tidak dikenal")
    setattr(machine.faults, name, int(value))
    return True


def _state(machine: Machine) -> object:
    return machine.summary()


COMMANDS: dict[str, Callable[..., object]] = {
    "user": _user,
    "enrol": _enrol,
    "enrol_all": _enrol_all,
    "punch": _punch,
    "clock": _clock,
    "fault": _fault,
    "state": _state,
}


class ControlConnection(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        machine = cast("ControlServer", self.server).machine
        for raw in self.rfile:
            answer = execute(machine, raw.decode("utf-8", errors="replace"))
            self.wfile.write(json.dumps(answer).encode() + b"\n")


class ControlServer(socketserver.ThreadingTCPServer):
    """Takes control lines on the loopback address only."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, machine: Machine) -> None:
        super().__init__(("127.0.0.1", port), ControlConnection)
        self.machine = machine


def tell(port: int, line: str, *, timeout: float = 5.0) -> dict[str, object]:
    """Send one control line to a simulated machine on this computer and return its answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
        connection.sendall(line.encode() + b"\n")
        with connection.makefile("rb") as answers:
            answer: dict[str, object] = json.loads(answers.readline())
    return answer
