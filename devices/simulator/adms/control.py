"""What a person does at a simulated terminal, and to its line, as lines of text."""

import asyncio
import json
import shlex
from collections.abc import Callable, Sequence

from devices.simulator import control
from devices.simulator.adms.journal import Body
from devices.simulator.adms.profile import HELP as FAULTS
from devices.simulator.adms.terminal import Terminal

HELP = """\
password PIN SANDI            kata sandi pengguna (ikut terkirim dalam baris USER)
operation KODE [OBJEK ...]    catat satu baris OPLOG, misalnya 21 = jam diubah
post_all                      kirim ulang semua: absen, pengguna, sidik jari
huge MEGABITA                 kirim satu badan ATTLOG sebesar itu
fault NAMA NILAI              juga:
""" + "\n".join(f"  {name:<20}{text}" for name, text in FAULTS.items())


def execute(terminals: Sequence[Terminal], line: str) -> dict[str, object]:
    """Do what one line says and return what is to be told; a mistake comes back as `error`.

    `@SERIAL` before it names one of several terminals, `@semua` all; without it the first is meant.
    """
    by_serial = {terminal.machine.serial: terminal for terminal in reversed(terminals)}
    addressee, _, rest = line.strip()[1:].partition(" ") if line[:1] == "@" else ("", "", line)
    if addressee == "semua":
        return {"ok": {serial: _execute(each, rest) for serial, each in by_serial.items()}}
    if addressee and addressee not in by_serial:
        return {"error": f"mesin {addressee} tidak ada di sini"}
    return _execute(by_serial.get(addressee, terminals[0]), rest)


def _execute(terminal: Terminal, line: str) -> dict[str, object]:
    try:
        name, *arguments = shlex.split(line) or [""]
        if name not in COMMANDS or (
            name == "fault" and arguments[:1] and arguments[0] not in FAULTS
        ):
            return control.execute(terminal.machine, line)
        return {"ok": COMMANDS[name](terminal, *arguments)}
    except (TypeError, ValueError, LookupError) as error:
        return {"error": str(error) or "perintah tidak dikenal"}
    finally:
        terminal.wake()


def _fault(terminal: Terminal, name: str, value: str = "1") -> object:
    terminal.faults.set(name, int(value))
    return True


def _state(terminal: Terminal) -> object:
    return terminal.summary()


def _password(terminal: Terminal, pin: str, password: str) -> object:
    user = terminal.machine.user_by_pin(pin)
    user.password = password
    terminal.machine.put_user(user)
    return True


def _operation(terminal: Terminal, code: str, *objects: str) -> object:
    terminal.machine.note(int(code), *objects)
    return len(terminal.machine.operations)


def _post_all(terminal: Terminal) -> object:
    """What CHECK does on a server whose stamps are 0."""
    terminal.journal.tell_all_punches()
    terminal.journal.tell_everybody()
    return terminal.journal.waiting


def _huge(terminal: Terminal, megabytes: str) -> object:
    line = b"1\t2026-04-01 07:20:31\t0\t1\t0\t0\t0\n"
    body = line * (int(megabytes) * 1_000_000 // len(line) + 1)
    terminal.journal.again.append(Body("ATTLOG", body))
    return len(body)


COMMANDS: dict[str, Callable[..., object]] = {
    "fault": _fault,
    "state": _state,
    "password": _password,
    "operation": _operation,
    "post_all": _post_all,
    "huge": _huge,
}


async def serve(terminals: Sequence[Terminal], port: int) -> asyncio.Server:
    """Take control lines on the loopback address; the same answers as `execute`."""

    async def obey(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                answer = execute(terminals, line.decode("utf-8", errors="replace"))
                writer.write(json.dumps(answer).encode() + b"\n")
                await writer.drain()
        except ConnectionError:
            return
        finally:
            writer.close()

    return await asyncio.start_server(obey, "127.0.0.1", port)
