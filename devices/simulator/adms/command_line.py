"""Options of the ADMS terminal on the simulator's command line, and running it."""

import argparse
import asyncio
import json
import sys
import threading
import time
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from pathlib import Path

from devices.simulator import options
from devices.simulator.adms import control, people
from devices.simulator.adms.figures import Figures
from devices.simulator.adms.journal import Journal
from devices.simulator.adms.profile import HELP as FAULTS
from devices.simulator.adms.profile import Profile
from devices.simulator.adms.terminal import Terminal
from devices.simulator.adms.wire import Line

BOOT_TOGETHER = 50  # more terminals than this start one after another
PATIENCE = 60.0  # seconds until all are connected, or all is told


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what only a terminal that calls needs; serial, clock, state are the simulator's own."""
    group = parser.add_argument_group("mesin ADMS (--protocol adms)")
    add = group.add_argument
    add("--server", metavar="URL", default="http://127.0.0.1:8000", help="alamat server")
    add("--push-version", default="2.4.1", help="3.x = ragam akses pintu (A&C)")
    add("--device-type", default="", help="att, acc, atau lain menurut mesin")
    add("--language", type=int, default=69, help="73 Indonesia, 69 Inggris, 83 Tionghoa")
    add("--layout", type=int, choices=[6, 7, 8, 10, 11], default=7, help="kolom baris ATTLOG")
    add("--suffix", default="", help=".aspx pada sebagian mesin")
    add("--vendor", default="ZKTECO CO., LTD.", help="~OEMVendor")
    add("--modern-headers", action="store_true", help="kepala HTTP mesin baru")
    add("--batched-results", action="store_true", help="beberapa hasil perintah sekali kirim")
    add("--from-address", default="", metavar="ALAMAT", help="alamat asal di komputer ini")
    add(
        "--push-fault", action="append", default=[], type=_fault, metavar="NAMA=N",
        help="gangguan sejak awal: " + ", ".join(FAULTS),
    )  # fmt: skip
    add("--same-serial", action="store_true", help="semua memakai nomor seri yang sama")
    add("--hurry", type=float, default=1.0, metavar="N", help="semua masa tunggu dibagi N")
    add("--timeout", type=float, default=60.0, metavar="DETIK")
    add("--script", type=Path, metavar="BERKAS", help="baris: +DETIK PERINTAH")
    add("--random", metavar="N/min", help="ketukan acak tiap mesin")
    add("--punches-per-second", type=float, metavar="N", help="ketukan seluruh mesin bersama")
    add("--seconds", type=float, metavar="N", help="selesai sesudah N detik, lalu cetak angka")
    add("--acknowledged", type=Path, metavar="BERKAS", help="tulis absen yang diterima server")


def run(chosen: argparse.Namespace) -> int:
    """Run terminals until they are stopped; 1 if punches stay unacknowledged at the end."""
    try:
        terminals = build(chosen)
        steps = people.read_script(chosen.script) if chosen.script else []
        rate = people.read_rate(chosen.random) if chosen.random else 0.0
    except (OSError, ValueError) as error:
        print(f"Mesin simulasi tidak dapat dijalankan: {error}", file=sys.stderr)
        return 2
    try:
        return asyncio.run(_live(chosen, terminals, steps, rate))
    except KeyboardInterrupt:
        return 0


def build(chosen: argparse.Namespace) -> list[Terminal]:
    """Make the terminals that the options describe, each with its machine."""
    profile = Profile(
        push_version=chosen.push_version,
        device_type=chosen.device_type or ("acc" if chosen.push_version[0] == "3" else "att"),
        language=chosen.language,
        layout=chosen.layout,
        suffix=chosen.suffix,
        vendor=chosen.vendor,
        batched_results=chosen.batched_results,
    )
    figures, terminals = Figures(), []
    for number, machine in enumerate(options.machines(chosen)):
        if chosen.same_serial:
            machine.serial = chosen.serial
        state = machine.state_file
        journal = Journal(
            machine,
            replace(profile, copy=number if chosen.same_serial else 0),
            keep_in=state.with_suffix(".sent") if state else None,
        )
        journal.load()
        line = Line(chosen.server, chosen.modern_headers, chosen.from_address, chosen.timeout)
        terminal = Terminal(journal, line, figures=figures, hurry=chosen.hurry)
        terminal.address = f"192.168.{1 + number // 250}.{1 + number % 250}"
        for name, value in chosen.push_fault:
            terminal.faults.set(name, value)
        terminals.append(terminal)
    return terminals


def _fault(text: str) -> tuple[str, int]:
    name, _, value = text.partition("=")
    if name not in FAULTS:
        raise argparse.ArgumentTypeError(f"gangguan {name} tidak dikenal")
    return name, int(value or 1)


async def _live(
    chosen: argparse.Namespace,
    terminals: list[Terminal],
    steps: list[tuple[float, str]],
    rate: float,
) -> int:
    server = None
    if chosen.control_port is not None:
        server = await control.serve(terminals, chosen.control_port)
    _say(
        {
            "serial": terminals[0].machine.serial,
            "port": None,
            "control_port": server.sockets[0].getsockname()[1] if server else None,
        }
    )
    if chosen.punches_per_second:
        people.populate(terminals, per_second=chosen.punches_per_second)
    spread = 10.0 if len(terminals) > BOOT_TOGETHER else 0.0
    lives = [_begin(terminal.run(), index * spread / len(terminals)) for index, terminal in
             enumerate(terminals)]  # fmt: skip
    if steps:
        lives.append(_begin(people.follow(terminals, steps)))
    if rate:
        lives += [_begin(people.punch_at_random(terminal, rate)) for terminal in terminals]
    if chosen.stdin:
        await _obey_stdin(terminals)
    elif chosen.seconds is not None:
        await _measure(chosen, terminals)
    else:
        await asyncio.gather(*lives)
    for life in lives:
        life.cancel()
    return _report(chosen, terminals) if chosen.seconds is not None else 0


def _begin(life: Coroutine[object, object, None], after: float = 0.0) -> "asyncio.Task[None]":
    async def later() -> None:
        await asyncio.sleep(after)
        await life

    return asyncio.create_task(later())


async def _measure(chosen: argparse.Namespace, terminals: Sequence[Terminal]) -> None:
    """Wait until all have started, press fingers for so long, wait until all is told."""
    end = time.monotonic() + PATIENCE
    while not all(map(_is_at_rest, terminals)) and time.monotonic() < end:
        await asyncio.sleep(0.05)
    terminals[0].figures.seconds.clear()  # how long a start takes is another question
    if chosen.punches_per_second:
        await people.punch_steadily(
            terminals, per_second=chosen.punches_per_second, seconds=chosen.seconds
        )
    else:
        await asyncio.sleep(chosen.seconds)
    end = time.monotonic() + PATIENCE
    while not all(map(_is_at_rest, terminals)) and time.monotonic() < end:
        await asyncio.sleep(0.05)


def _is_at_rest(terminal: Terminal) -> bool:
    return terminal.connected and not terminal.journal.waiting


def _report(chosen: argparse.Namespace, terminals: Sequence[Terminal]) -> int:
    figures = terminals[0].figures
    if chosen.acknowledged:
        rows = "".join("\t".join(key) + "\n" for key in sorted(figures.acknowledged))
        chosen.acknowledged.write_text(rows, encoding="utf-8")
    overflowed = sum(terminal.journal.overflowed for terminal in terminals)
    summary = figures.summary()
    _say({"terminals": len(terminals), "overflowed": overflowed} | summary)
    return 1 if summary["unacknowledged"] else 0


async def _obey_stdin(terminals: Sequence[Terminal]) -> None:
    """Do what the lines on stdin say until they end; a thread reads, the loop does."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()

    def obey(line: str) -> None:
        _say(control.execute(terminals, line))

    def read() -> None:
        for line in sys.stdin:
            if line.strip() == "quit":
                break
            if line.strip():
                loop.call_soon_threadsafe(obey, line)
        loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=read, daemon=True).start()
    await ended.wait()


def _say(answer: dict[str, object]) -> None:
    print(json.dumps(answer), flush=True)
