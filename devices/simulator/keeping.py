"""The memory of a simulated machine: a JSON file, and beside it its log, one punch a line."""

import base64
import json
import os
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from devices.simulator.clock import Clock
from devices.simulator.punch_log import PunchLog
from devices.simulator.tables import Finger, Operation, Punch, User


class Contents(Protocol):
    """What of a machine outlives its being switched off."""

    clock: Clock
    users: dict[int, User]
    fingers: dict[tuple[int, int], Finger]
    operations: list[Operation]
    options: dict[str, str]
    punches: PunchLog


def log_beside(path: Path) -> Path:
    return path.with_suffix(".punches")


def save(machine: Contents, path: Path) -> None:
    """Write everything but the log, whole or not at all."""
    content = {
        "clock": {"offset": machine.clock.offset, "impossible": machine.clock.impossible},
        "users": [asdict(user) for user in machine.users.values()],
        "fingers": [
            [uid, number, finger.algorithm, finger.valid, base64.b64encode(finger.data).decode()]
            for (uid, number), finger in machine.fingers.items()
        ],
        "operations": machine.operations,
        "options": machine.options,
        "gone": machine.punches.first,
    }
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(content), encoding="utf-8")
    os.replace(fresh, path)


def append_punches(path: Path, punches: Iterable[Punch]) -> None:
    with log_beside(path).open("a", encoding="utf-8") as log:
        log.writelines(json.dumps(punch) + "\n" for punch in punches)


def forget_punches(path: Path) -> None:
    log_beside(path).unlink(missing_ok=True)


def load(machine: Contents, path: Path, *, capacity: int) -> None:
    """Take up what was kept; what cannot be read is put aside and the machine starts empty."""
    if not path.exists():
        return
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        users = [User(**row | {"time_zones": tuple(row["time_zones"])}) for row in content["users"]]
        fingers = {
            (uid, number): Finger(algorithm, valid, base64.b64decode(data))
            for uid, number, algorithm, valid, data in content["fingers"]
        }
        operations = [
            Operation(code, time, operator, tuple(objects))
            for code, time, operator, objects in content["operations"]
        ]
        clock, options, gone = content["clock"], content["options"], content["gone"]
    except (ValueError, TypeError, KeyError) as error:
        aside = path.with_suffix(".unreadable")
        os.replace(path, aside)
        print(
            f"{path} tidak terbaca ({type(error).__name__}); dipindah ke {aside}", file=sys.stderr
        )
        return
    machine.users = {user.uid: user for user in users}
    machine.fingers, machine.operations, machine.options = fingers, operations, options
    machine.clock.offset, machine.clock.impossible = clock["offset"], clock["impossible"]
    machine.punches.first = gone
    machine.punches.add(_punches(path), capacity=capacity)


def _punches(path: Path) -> list[Punch]:
    log = log_beside(path)
    if not log.exists():
        return []
    rows = []
    for line in log.read_text(encoding="utf-8").splitlines():
        try:
            rows.append(Punch(*json.loads(line)))
        except (ValueError, TypeError):
            continue  # the machine was switched off while it wrote this line
    return rows
