"""What a simulated machine holds: users, templates, punches, a clock; kept in a file if asked."""

import base64
import hashlib
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from devices.simulator.tables import Punch, User, encode_time

ZKFINGER_10 = b"SS21"


class Impossible(ValueError):
    """What was asked of the machine cannot be done; the message says why."""


def synthetic_template(seed: str, size: int = 1228) -> bytes:
    """Return bytes framed like a ZKFinger 10 template that stand for no finger of anybody."""
    head = b"\x4d" + bytes([len(seed) % 256]) + ZKFINGER_10 + b"\0\0" + size.to_bytes(2, "big")
    body, block = b"", hashlib.sha256(seed.encode()).digest()
    while len(body) < size:
        body += block
        block = hashlib.sha256(block).digest()
    return (head + body)[: size - 1] + b"\x7f"  # a trailing zero would be taken for padding


@dataclass
class Faults:
    """How the machine misbehaves; each is a real machine's habit."""

    hang: bool = False  # takes requests and answers nothing
    cut_after: int = 0  # bytes of the next table after which the connection closes
    count_error: int = 0  # added to the counts that the machine reports
    drop_template_writes: bool = False  # acknowledges a template and does not keep it


@dataclass
class Machine:
    serial: str
    time_zone: str = "Asia/Makassar"
    clock_offset: float = 0.0  # seconds that the machine's clock is ahead of the true time
    algorithm: int = 10
    user_size: int = 72
    punch_size: int = 40
    comm_key: int = 0
    inline_limit: int = 1024
    state_file: Path | None = None
    users: dict[int, User] = field(default_factory=dict)
    fingers: dict[tuple[int, int], tuple[int, bytes]] = field(default_factory=dict)
    punches: list[Punch] = field(default_factory=list)
    enabled: bool = True
    faults: Faults = field(default_factory=Faults)
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def now(self) -> datetime:
        """Return what the machine's display shows."""
        shown = datetime.now(ZoneInfo(self.time_zone)) + timedelta(seconds=self.clock_offset)
        return shown.replace(tzinfo=None, microsecond=0)

    def set_clock(self, shown: datetime) -> None:
        with self.changed():
            true = datetime.now(ZoneInfo(self.time_zone)).replace(tzinfo=None)
            self.clock_offset = round((shown - true).total_seconds(), 3)

    def put_user(self, user: User) -> None:
        with self.changed():
            self.users[user.uid] = user

    def drop_user(self, uid: int) -> bool:
        with self.changed():
            for key in [key for key in self.fingers if key[0] == uid]:
                del self.fingers[key]
            return self.users.pop(uid, None) is not None

    def user_by_pin(self, pin: str) -> User:
        for user in self.users.values():
            if user.pin == pin:
                return user
        raise Impossible(f"PIN {pin} tidak ada di mesin {self.serial}")

    def enrol(self, pin: str, finger: int, seed: str = "") -> bytes:
        """Do what a person does who presses a finger three times at the machine's menu."""
        if not 0 <= finger <= 9:
            raise Impossible(f"jari {finger} tidak ada (0-9)")
        user = self.user_by_pin(pin)
        template = synthetic_template(seed or f"{self.serial}/{pin}/{finger}")
        with self.changed():
            self.fingers[user.uid, finger] = (1, template)
        return template

    def punch(
        self, pin: str, *, state: int = 0, verify: int = 1, at: datetime | None = None
    ) -> None:
        user = self.user_by_pin(pin)
        with self.changed():
            moment = encode_time(at or self.now())
            self.punches.append(Punch(user.uid, pin, moment, verify, state))

    def summary(self) -> dict[str, object]:
        return {
            "serial": self.serial,
            "users": len(self.users),
            "fingers": len(self.fingers),
            "punches": len(self.punches),
            "enabled": self.enabled,
            "clock": self.now().isoformat(" "),
        }

    @contextmanager
    def changed(self) -> Iterator[None]:
        """Hold the machine while it changes, and keep it in its file afterwards."""
        with self.lock:
            yield
            if self.state_file:
                self._save(self.state_file)

    def _save(self, path: Path) -> None:
        content = {
            "clock_offset": self.clock_offset,
            "users": [asdict(user) for user in self.users.values()],
            "fingers": [
                [uid, finger, valid, base64.b64encode(template).decode()]
                for (uid, finger), (valid, template) in self.fingers.items()
            ],
            "punches": [asdict(punch) for punch in self.punches],
        }
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(content), encoding="utf-8")
        os.replace(fresh, path)

    def load(self) -> None:
        """Take up what the state file holds, if there is one."""
        if not self.state_file or not self.state_file.exists():
            return
        content = json.loads(self.state_file.read_text(encoding="utf-8"))
        self.clock_offset = content["clock_offset"]
        self.users = {row["uid"]: User(**row) for row in content["users"]}
        self.fingers = {
            (uid, finger): (valid, base64.b64decode(template))
            for uid, finger, valid, template in content["fingers"]
        }
        self.punches = [Punch(**row) for row in content["punches"]]
