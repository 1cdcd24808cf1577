"""What a person does at a simulated machine, as lines of text: press a finger, turn the clock."""

import hashlib
import json
import shlex
import socket
import socketserver
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime

from devices.simulator import faults, plausible
from devices.simulator.machine import Impossible, Machine, Model
from devices.simulator.tables import time_text

HELP = "\n".join(
    (
        "user PIN NAMA [HAK] [SANDI]   tambah pengguna pada mesin; hak 0 biasa, 14 admin",
        "drop PIN                      hapus pengguna dengan sidik jarinya",
        "enrol PIN JARI [BENIH]        rekam jari 0-9 (templat sintetis)",
        "enrol_all JARI                rekam jari itu bagi setiap pengguna yang belum terekam",
        "drop_finger PIN JARI          hapus satu jari",
        "punch PIN [STATUS] [WAKTU]    tempel jari; waktu 2026-04-01T07:20:00",
        "fill N                        isi log dengan N ketukan masuk dan pulang yang wajar",
        "clock DETIK|WAKTU|mustahil    geser jam dari waktu sebenarnya, setel, atau 31 Februari",
        "drift DETIK                   jam bertambah cepat sekian detik setiap jam",
        "set NAMA NILAI                menu mesin: " + ", ".join(f.name for f in fields(Model)),
        "power on|off                  nyalakan atau matikan; restart menghidupkan ulang",
        "restart                       hidupkan ulang: semua sambungan putus",
        "fault NAMA [NILAI]            gangguan, 0 = hilang:",
        *(f"  {name:<26}  {meaning}" for name, meaning in faults.HELP.items()),
        "heal                          hilangkan semua gangguan",
        "users | fingers [PIN]         pengguna; jari tanpa templat (hanya sidiknya, sha256)",
        "log [N]                       N ketukan terakhir (10)",
        "state                         ringkasan isi mesin, sambungan, permintaan, gangguan",
    )
)


def execute(machine: Machine, line: str) -> dict[str, object]:
    """Do what one line says and return what is to be told; a mistake comes back as `error`."""
    try:
        name, *arguments = shlex.split(line)
        answer = COMMANDS[name](machine, *arguments)
    except Impossible as error:
        return {"error": str(error), "help": HELP}
    except (LookupError, TypeError, ValueError):
        return {"error": "perintah tidak dikenal", "help": HELP}
    return {"ok": answer}


def _user(
    machine: Machine, pin: str, name: str, privilege: str = "0", password: str = ""
) -> object:
    return machine.add_user(pin, name, privilege=int(privilege), password=password).uid


def _drop(machine: Machine, pin: str) -> object:
    return machine.drop_user(machine.user_by_pin(pin).uid)


def _enrol(machine: Machine, pin: str, finger: str, seed: str = "") -> object:
    return len(machine.enrol(pin, int(finger), seed))


def _enrol_all(machine: Machine, finger: str) -> object:
    recorded = {uid for uid, _ in machine.fingers}
    missing = [user.pin for uid, user in machine.users.items() if uid not in recorded]
    with machine.changed():
        for pin in missing:
            machine.enrol(pin, int(finger))
    return len(missing)


def _drop_finger(machine: Machine, pin: str, finger: str) -> object:
    return machine.drop_finger(pin, int(finger))


def _punch(machine: Machine, pin: str, state: str = "0", at: str = "") -> object:
    moment = datetime.fromisoformat(at) if at else None
    machine.punch(pin, state=int(state), at=moment)
    return len(machine.punches)


def _fill(machine: Machine, count: str) -> object:
    return plausible.fill(machine, int(count))


def _clock(machine: Machine, value: str) -> object:
    with machine.changed():
        if value == "mustahil":
            machine.clock.impossible = True
        elif value.lstrip("+-").isdigit():
            machine.clock.turn(offset=float(value))
        else:
            machine.set_clock(datetime.fromisoformat(value))
    return time_text(machine.clock.counted())


def _drift(machine: Machine, seconds: str) -> object:
    with machine.changed():
        machine.clock.turn(offset=machine.clock.offset)
        machine.clock.drift = float(seconds)
    return machine.clock.drift


def _set(machine: Machine, name: str, value: str) -> object:
    with machine.changed():
        return machine.model.set(name, value)


def _power(machine: Machine, on_or_off: str) -> object:
    machine.power(on={"on": True, "off": False}[on_or_off])
    return machine.powered


def _restart(machine: Machine) -> object:
    machine.restart()
    return machine.boots


def _fault(machine: Machine, name: str, value: str = "1") -> object:
    try:
        machine.faults.set(name, int(value))
    except LookupError:
        raise Impossible(f"gangguan {name} tidak dikenal") from None
    return True


def _heal(machine: Machine) -> object:
    for name in machine.faults.active():
        machine.faults.set(name, 0)
    return True


def _users(machine: Machine) -> object:
    return [
        {"uid": user.uid, "pin": user.pin, "name": user.name, "privilege": user.privilege}
        for user in machine.users.values()
    ]


def _fingers(machine: Machine, pin: str = "") -> object:
    return [
        {
            "pin": machine.users[uid].pin,
            "finger": number,
            "valid": finger.valid,
            "algorithm": finger.algorithm,
            "size": len(finger.data),
            "sha256": hashlib.sha256(finger.data).hexdigest(),
        }
        for (uid, number), finger in sorted(machine.fingers.items(), key=lambda item: item[0])
        if not pin or machine.users[uid].pin == pin
    ]


def _log(machine: Machine, count: str = "10") -> object:
    return [
        {"pin": punch.pin, "time": time_text(punch.time), "state": punch.state}
        for punch in machine.punches[-int(count) :]
    ]


def _state(machine: Machine) -> object:
    return machine.summary()


COMMANDS: dict[str, Callable[..., object]] = {
    "user": _user,
    "drop": _drop,
    "enrol": _enrol,
    "enrol_all": _enrol_all,
    "drop_finger": _drop_finger,
    "punch": _punch,
    "fill": _fill,
    "clock": _clock,
    "drift": _drift,
    "set": _set,
    "power": _power,
    "restart": _restart,
    "fault": _fault,
    "heal": _heal,
    "users": _users,
    "fingers": _fingers,
    "log": _log,
    "state": _state,
}


class ControlConnection(socketserver.StreamRequestHandler):
    server: "ControlServer"

    def handle(self) -> None:
        for raw in self.rfile:
            answer = execute(self.server.machine, raw.decode("utf-8", errors="replace"))
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
