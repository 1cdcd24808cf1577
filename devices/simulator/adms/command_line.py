"""Options of the ADMS terminal on the simulator's command line, and running it."""

import argparse
import asyncio
import json
import random
import re
import sys
import threading
import time
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from pathlib import Path

from devices.simulator.adms import control, people
from devices.simulator.adms.figures import Figures
from devices.simulator.adms.journal import Journal
from devices.simulator.adms.profile import Profile
from devices.simulator.adms.terminal import Terminal
from devices.simulator.adms.wire import Line
from devices.simulator.clock import Clock
from devices.simulator.machine import Machine, Model

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
    add("--count", type=int, default=1, help="jumlah mesin")
    add("--same-serial", action="store_true", help="semua memakai nomor seri yang sama")
    add("--hurry", type=float, default=1.0, metavar="N", help="semua masa tunggu dibagi N")
    add("--timeout", type=float, default=60.0, metavar="DETIK")
    add("--script", type=Path, metavar="BERKAS", help="baris: +DETIK PERINTAH")
    add("--random", metavar="N/min", help="ketukan acak tiap mesin")
    add("--punches-per-second", type=float, metavar="N", help="ketukan seluruh mesin bersama")
    add("--seconds", type=float, metavar="N", help="selesai sesudah N detik, lalu cetak angka")
    add("--acknowledged", type=Path, metavar="BERKAS", help="tulis absen yang diterima server")


def run(options: argparse.Namespace) -> int:
    """Run terminals until they are stopped; 1 if punches stay unacknowledged at the end."""
    try:
        terminals = build(options)
        steps = people.read_script(options.script) if options.script else []
        rate = people.read_rate(options.random) if options.random else 0.0
    except (OSError, ValueError) as error:
        print(f"Mesin simulasi tidak dapat dijalankan: {error}", file=sys.stderr)
        return 2
    try:
        return asyncio.run(_live(options, terminals, steps, rate))
    except KeyboardInterrupt:
        return 0


def build(options: argparse.Namespace) -> list[Terminal]:
    """Make the terminals that the options describe."""
    profile = Profile(
        push_version=options.push_version,
        device_type=options.device_type or ("acc" if options.push_version[0] == "3" else "att"),
        language=options.language,
        layout=options.layout,
        suffix=options.suffix,
        vendor=options.vendor,
        batched_results=options.batched_results,
    )
    figures = Figures()
    return [_terminal(options, profile, number, figures) for number in range(options.count)]


def _terminal(
    options: argparse.Namespace, profile: Profile, number: int, figures: Figures
) -> Terminal:
    serial = options.serial if options.same_serial else numbered(options.serial, number)
    state = options.state
    if state and number:
        state = state.with_stem(f"{state.stem}-{number}")
    machine = Machine(
        serial=serial,
        clock=Clock(options.time_zone, offset=options.clock_offset),
        model=Model(
            algorithm=options.algorithm,
            name_encoding=getattr(options, "name_encoding", "utf-8"),
        ),
        state_file=state,
    )
    machine.load()
    if options.users:
        _add_users(machine, options.users)
    if options.same_serial:
        profile = replace(profile, copy=number)
    journal = Journal(machine, profile, keep_in=state.with_suffix(".sent") if state else None)
    journal.load()
    return Terminal(
        journal,
        Line(options.server, options.modern_headers, options.from_address, options.timeout),
        figures=figures,
        address=f"192.168.{1 + number // 250}.{1 + number % 250}",
        hurry=options.hurry,
        chance=random.Random(f"{serial}/{number}"),  # noqa: S311  no secret hangs on it
    )


def numbered(serial: str, number: int) -> str:
    """Return the serial that is so many after the given one."""
    match = re.search(r"\d+$", serial)
    if not match:
        return f"{serial}{number}" if number else serial
    return serial[: match.start()] + str(int(match[0]) + number).zfill(len(match[0]))


def _add_users(machine: Machine, path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        pin, _, name = line.partition("\t")
        if pin.strip() and not machine.find(pin.strip()):
            machine.add_user(pin.strip(), name.strip())


async def _live(
    options: argparse.Namespace,
    terminals: list[Terminal],
    steps: list[tuple[float, str]],
    rate: float,
) -> int:
    server = None
    if options.control_port is not None:
        server = await control.serve(terminals, options.control_port)
    _say(
        {
            "serial": terminals[0].machine.serial,
            "port": None,
            "control_port": server.sockets[0].getsockname()[1] if server else None,
        }
    )
    spread = 10.0 if len(terminals) > BOOT_TOGETHER else 0.0
    lives = [_begin(terminal.run(), index * spread / len(terminals)) for index, terminal in
             enumerate(terminals)]  # fmt: skip
    if steps:
        lives.append(_begin(people.follow(terminals, steps)))
    if rate:
        lives += [_begin(people.punch_at_random(terminal, rate)) for terminal in terminals]
    if options.stdin:
        await _obey_stdin(terminals)
    elif options.seconds is not None:
        await _measure(options, terminals)
    else:
        await asyncio.gather(*lives)
    for life in lives:
        life.cancel()
    return _report(options, terminals) if options.seconds is not None else 0


def _begin(life: Coroutine[object, object, None], after: float = 0.0) -> "asyncio.Task[None]":
    async def later() -> None:
        await asyncio.sleep(after)
        await life

    return asyncio.create_task(later())


async def _measure(options: argparse.Namespace, terminals: Sequence[Terminal]) -> None:
    """Press fingers for so long, then wait until all is told."""
    end = time.monotonic() + PATIENCE
    while not all(terminal.connected for terminal in terminals) and time.monotonic() < end:
        await asyncio.sleep(0.05)
    if options.punches_per_second:
        await people.punch_steadily(
            terminals, per_second=options.punches_per_second, seconds=options.seconds
        )
    else:
        await asyncio.sleep(options.seconds)
    end = time.monotonic() + PATIENCE
    while any(terminal.journal.waiting for terminal in terminals) and time.monotonic() < end:
        await asyncio.sleep(0.05)


def _report(options: argparse.Namespace, terminals: Sequence[Terminal]) -> int:
    figures = terminals[0].figures
    if options.acknowledged:
        rows = "".join("\t".join(key) + "\n" for key in sorted(figures.acknowledged))
        options.acknowledged.write_text(rows, encoding="utf-8")
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
