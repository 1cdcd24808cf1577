"""Command line of the simulated machines: run them, or tell a running one something."""

import argparse
import json
import sys
import threading
from contextlib import ExitStack

from devices.simulator import adms, options
from devices.simulator.control import HELP, ControlServer, execute, tell
from devices.simulator.machine import Machine
from devices.simulator.pull.server import SimulatorServer

DESCRIPTION = """\
Mesin sidik jari simulasi: mencoba semuanya tanpa mesin.

  1. Jalankan mesinnya (jendela ini tetap terbuka; Ctrl-C mematikannya):
       manage.py simulate_device --serial LOBI0001 --port 4370 --control-port 4470
  2. Daftarkan di /mesin/ dengan alamat 127.0.0.1, port 4370, lalu setujui.
  3. Dari jendela lain, lakukan apa yang dilakukan orang pada mesin:
       manage.py simulate_device --control-port 4470 --tell "user 1001 'Maria Tefa'"
       manage.py simulate_device --control-port 4470 --tell "enrol 1001 6"
       manage.py simulate_device --control-port 4470 --tell "punch 1001"
  4. Coba gangguannya, misalnya sambungan yang putus di tengah tabel:
       manage.py simulate_device --control-port 4470 --tell "fault cut_after 500"

Mesin ADMS, yang memanggil server sendiri:
       manage.py simulate_device --protocol adms --server http://127.0.0.1:8000

Tiga mesin sekaligus, seri dan port berurutan: --count 3. Mesin yang ingat isinya: --state BERKAS.
"""
EPILOG = f"""\
Perintah lewat --tell, atau stdin dengan --stdin (di depannya boleh @SERI atau @semua):

{HELP}
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of both kinds of machine."""
    parser.add_argument(
        "--protocol", choices=["4370", "adms"], default="4370", help="ditarik, atau memanggil"
    )
    options.add_arguments(parser)
    adms.add_arguments(parser)


def run(chosen: argparse.Namespace) -> int:
    """Run machines until they are stopped; or tell a running one something."""
    if chosen.tell:
        return _tell(chosen.control_port, chosen.tell)
    if chosen.protocol == "adms":
        return adms.run(chosen)
    try:
        machines = options.machines(chosen)
    except (OSError, LookupError, ValueError) as error:
        return _refuse(f"Mesin simulasi tidak dapat dibuat: {error}")
    with ExitStack() as running:
        for number, machine in enumerate(machines):
            try:
                _start(machine, number, chosen, running)
            except OSError as error:
                return _refuse(f"{machine.serial} tidak dapat dijalankan: {error.strerror}")
        try:
            if chosen.stdin:
                _obey(machines)
            else:
                threading.Event().wait()
        except KeyboardInterrupt:
            pass
    return 0


def _start(machine: Machine, number: int, chosen: argparse.Namespace, running: ExitStack) -> None:
    """Let a machine listen while the others do, and say where."""
    port = chosen.port + number if chosen.port else 0
    server = running.enter_context(SimulatorServer(machine, chosen.host, port))
    control_port = None
    if chosen.control_port is not None:
        wanted = chosen.control_port + number if chosen.control_port else 0
        control = running.enter_context(ControlServer(wanted, machine))
        threading.Thread(target=control.serve_forever, daemon=True).start()
        control_port = control.server_address[1]
    _say({"serial": machine.serial, "port": server.port, "control_port": control_port})


def _obey(machines: list[Machine]) -> None:
    """Do what the lines on stdin say until they end; without @SERI the first machine does it."""
    by_serial = {machine.serial: machine for machine in machines}
    for line in sys.stdin:
        told = line.strip()
        if told == "quit":
            return
        addressee, _, rest = told[1:].partition(" ") if told.startswith("@") else ("", "", told)
        if addressee == "semua":
            _say({"ok": {serial: execute(machine, rest) for serial, machine in by_serial.items()}})
        elif addressee and addressee not in by_serial:
            _say({"error": f"mesin {addressee} tidak ada di sini"})
        elif rest:
            _say(execute(by_serial.get(addressee, machines[0]), rest))


def _say(answer: dict[str, object]) -> None:
    print(json.dumps(answer), flush=True)


def _refuse(sentence: str, code: int = 1) -> int:
    print(sentence, file=sys.stderr)
    return code


def _tell(port: int | None, line: str) -> int:
    if port is None:
        return _refuse("--tell memerlukan --control-port", 2)
    try:
        answer = tell(port, line)
    except OSError as error:
        return _refuse(f"Mesin simulasi tidak menjawab di port {port}: {error.strerror}")
    _say(answer)
    return 1 if "error" in answer else 0


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m devices.simulator",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_arguments(parser)
    return run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
