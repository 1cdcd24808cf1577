"""Command line of the simulated machine."""

import argparse
import json
import sys
import threading
from pathlib import Path

from devices.simulator.clock import Clock
from devices.simulator.control import HELP, ControlServer, execute, tell
from devices.simulator.machine import Machine, Model
from devices.simulator.server import SimulatorServer
from devices.simulator.tables import User


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--serial", default="SIM0000000001", help="nomor seri yang dilaporkan")
    parser.add_argument("--host", default="127.0.0.1", help="alamat yang didengarkan")
    parser.add_argument("--port", type=int, default=4370, help="0 = pilih yang kosong")
    parser.add_argument("--time-zone", default="Asia/Makassar")
    parser.add_argument("--clock-offset", type=float, default=0.0, metavar="DETIK")
    parser.add_argument("--comm-key", type=int, default=0, help="kunci komunikasi (angka)")
    parser.add_argument("--algorithm", type=int, default=10, help="versi algoritma sidik jari")
    parser.add_argument("--users", type=Path, metavar="BERKAS", help="baris: PIN<TAB>nama")
    parser.add_argument("--state", type=Path, metavar="BERKAS", help="isi mesin disimpan di sini")
    parser.add_argument("--user-size", type=int, choices=[28, 72], default=72)
    parser.add_argument("--punch-size", type=int, choices=[8, 16, 40, 49], default=40)
    parser.add_argument("--inline-limit", type=int, default=1024, metavar="BITA")
    parser.add_argument("--control-port", type=int, metavar="PORT", help="terima perintah di sini")
    parser.add_argument(
        "--stdin", action="store_true", help="perintah juga lewat stdin; selesai bila stdin ditutup"
    )
    parser.add_argument(
        "--tell", metavar="PERINTAH", help="kirim satu perintah ke --control-port lalu selesai"
    )


def run(options: argparse.Namespace) -> int:
    """Run a machine until it is stopped; or tell a running one something."""
    if options.tell:
        return _tell(options.control_port, options.tell)
    machine = Machine(
        serial=options.serial,
        clock=Clock(options.time_zone, offset=options.clock_offset),
        model=Model(
            algorithm=options.algorithm,
            user_size=options.user_size,
            punch_size=options.punch_size,
            comm_key=options.comm_key,
            inline_limit=options.inline_limit,
        ),
        state_file=options.state,
    )
    machine.load()
    if options.users:
        _add_users(machine, options.users)
    with SimulatorServer((options.host, options.port), machine) as server:
        control = None
        if options.control_port is not None:
            control = ControlServer(options.control_port, machine)
            threading.Thread(target=control.serve_forever, daemon=True).start()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        _say(
            {
                "serial": machine.serial,
                "port": server.server_address[1],
                "control_port": control.server_address[1] if control else None,
            }
        )
        try:
            if options.stdin:
                _obey(machine)
            else:
                threading.Event().wait()
        except KeyboardInterrupt:
            pass
        finally:
            server.shutdown()
    return 0


def _obey(machine: Machine) -> None:
    """Do what the lines on stdin say until they end."""
    for line in sys.stdin:
        if line.strip() == "quit":
            return
        if line.strip():
            _say(execute(machine, line))


def _say(answer: dict[str, object]) -> None:
    print(json.dumps(answer), flush=True)


def _tell(port: int | None, line: str) -> int:
    if port is None:
        print("--tell memerlukan --control-port", file=sys.stderr)
        return 2
    try:
        answer = tell(port, line)
    except OSError as error:
        print(f"Mesin simulasi tidak menjawab di port {port}: {error.strerror}", file=sys.stderr)
        return 1
    _say(answer)
    return 1 if "error" in answer else 0


def _add_users(machine: Machine, path: Path) -> None:
    known = {user.pin for user in machine.users.values()}
    for line in path.read_text(encoding="utf-8").splitlines():
        pin, _, name = line.partition("\t")
        if pin.strip() and pin.strip() not in known:
            machine.put_user(User(max(machine.users, default=0) + 1, pin.strip(), name.strip()))


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m devices.simulator",
        description="Mesin sidik jari simulasi (protokol 4370).",
        epilog="Perintah lewat stdin atau --tell:\n" + HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_arguments(parser)
    return run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
