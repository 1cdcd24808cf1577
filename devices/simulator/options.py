"""Options that every simulated machine has, whatever it speaks, and the machines they describe."""

import argparse
import codecs
import re
from pathlib import Path

from devices.simulator import faults, plausible
from devices.simulator.clock import Clock
from devices.simulator.machine import CHOICES, Machine, Model


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--serial", default="SIM0000000001", help="nomor seri yang dilaporkan")
    add("--count", type=int, default=1, metavar="N", help="N mesin; seri dan port berurutan")
    add("--time-zone", default="Asia/Makassar", help="zona waktu tempat mesin tergantung")
    add("--clock-offset", type=float, default=0.0, metavar="DETIK", help="jam mendahului sekian")
    add("--drift", type=float, default=0.0, metavar="DETIK", help="jam bertambah cepat tiap jam")
    add("--algorithm", type=int, default=10, help="versi algoritma sidik jari")
    add("--name-encoding", default="utf-8", type=_encoding, help="sandi nama: utf-8, atau gb2312")
    add("--users", type=Path, metavar="BERKAS", help="baris: PIN<TAB>nama")
    add("--fill", type=int, default=0, metavar="N", help="isi log dengan N ketukan yang wajar")
    add("--state", type=Path, metavar="BERKAS", help="isi mesin disimpan di sini")
    add("--control-port", type=int, metavar="PORT", help="terima perintah di sini")
    add("--stdin", action="store_true", help="perintah juga lewat stdin; selesai bila ditutup")
    add("--tell", metavar="PERINTAH", help="kirim satu perintah ke --control-port lalu selesai")
    _add_wire_arguments(parser)


def _add_wire_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("mesin yang ditarik (--protocol 4370)").add_argument
    add("--host", default="127.0.0.1", help="alamat yang didengarkan")
    add("--port", type=int, default=4370, help="TCP dan UDP; 0 = pilih yang kosong")
    add("--comm-key", type=int, default=0, help="kunci komunikasi (angka)")
    for name, what in (("user", "pengguna"), ("punch", "ketukan"), ("event", "kejadian")):
        size = f"{name}_size"
        add(
            f"--{name}-size", type=int, choices=CHOICES[size], default=getattr(Model, size),
            help=f"bita per {what}",
        )  # fmt: skip
    add("--inline-limit", type=int, default=1024, metavar="BITA", help="tabel dikirim langsung")
    add(
        "--fault", action="append", default=[], type=_fault, metavar="NAMA=N",
        help="gangguan sejak awal: " + ", ".join(faults.HELP),
    )  # fmt: skip


def _encoding(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        raise argparse.ArgumentTypeError(f"sandi {name} tidak dikenal") from None


def _fault(text: str) -> tuple[str, int]:
    name, _, value = text.partition("=")
    if name not in faults.HELP:
        raise argparse.ArgumentTypeError(f"gangguan {name} tidak dikenal")
    return name, int(value or 1)


def machines(options: argparse.Namespace) -> list[Machine]:
    """Return the machines that the options describe, with what their files hold."""
    return [_machine(options, number) for number in range(options.count)]


def _machine(options: argparse.Namespace, number: int) -> Machine:
    state = options.state
    if state and number:
        state = state.with_stem(f"{state.stem}-{number}")
    machine = Machine(
        serial=numbered(options.serial, number),
        clock=Clock(options.time_zone, offset=options.clock_offset, drift=options.drift),
        model=Model(
            algorithm=options.algorithm,
            comm_key=options.comm_key,
            user_size=options.user_size,
            punch_size=options.punch_size,
            event_size=options.event_size,
            inline_limit=options.inline_limit,
            name_encoding=options.name_encoding,
        ),
        state_file=state,
    )
    machine.load()
    for name, value in options.fault:
        machine.faults.set(name, value)
    if options.users:
        _add_users(machine, options.users)
    if options.fill:
        plausible.fill(machine, options.fill)
    return machine


def numbered(serial: str, number: int) -> str:
    """Return the serial that is so many after the given one."""
    match = re.search(r"\d+$", serial)
    if not match:
        return f"{serial}{number}" if number else serial
    return serial[: match.start()] + str(int(match[0]) + number).zfill(len(match[0]))


def _add_users(machine: Machine, path: Path) -> None:
    with machine.changed():
        for line in path.read_text(encoding="utf-8").splitlines():
            pin, _, name = line.partition("\t")
            if pin.strip() and not machine.find(pin.strip()):
                machine.add_user(pin.strip(), name.strip())
