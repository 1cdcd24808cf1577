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
on NOMOR_SERI PERINTAH        untuk satu dari beberapa mesin; tanpa ini: mesin pertama
fault NAMA NILAI              juga:
""" + "\n".join(f"  {name:<20}{text}" for name, text in FAULTS.items())


def execute(terminals: Sequence[Terminal], line: str) -> dict[str, object]:
    """Do what one line says and return what is to be told; a mistake comes back as `error`."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        return {"error": str(error)}
    terminal = terminals[0]
    if words[:1] == ["on"] and len(words) > 2:
        named = [each for each in terminals if each.machine.serial == words[1]]
        if not named:
            return {"error": f"tidak ada mesin {words[1]}"}
        terminal, words = named[0], words[2:]
    answer = _execute(terminal, words)
    terminal.wake()
    return answer


def _execute(terminal: Terminal, words: list[str]) -> dict[str, object]:
    name, arguments = (words[0] if words else ""), words[1:]
    if name == "fault" and arguments and arguments[0] not in FAULTS:
        return control.execute(terminal.machine, shlex.join(words))
    if name not in COMMANDS:
        return control.execute(terminal.machine, shlex.join(words))
    try:
        return {"ok": COMMANDS[name](terminal, *arguments)}
    except (TypeError, ValueError, LookupError) as error:
        return {"error": str(error) or "perintah tidak dikenal"}


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
