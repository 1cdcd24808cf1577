"""What a simulated machine holds and does, whatever protocol it speaks; kept in a file if asked."""

import codecs
import hashlib
import math
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import IntEnum
from pathlib import Path

from devices.simulator import keeping
from devices.simulator.clock import Clock
from devices.simulator.faults import Faults
from devices.simulator.punch_log import PunchLog
from devices.simulator.tables import (
    Finger,
    Operation,
    Punch,
    User,
    encode_time,
    pack_punches,
    pack_user,
)

ZKFINGER_10 = b"SS21"


class Impossible(ValueError):
    """What was asked of the machine cannot be done; the message says why."""


class NoSuchUser(Impossible):
    """A PIN that is not on the machine."""


class OtherAlgorithm(Impossible):
    """A template that this machine's algorithm cannot read."""


class Full(Impossible):
    """No place for another user or template."""


class Did(IntEnum):
    """Codes of the operation log that this machine writes (list of the push protocol)."""

    POWER_ON = 0
    POWER_OFF = 1
    OPENED_MENU = 4
    ENROLLED_FINGER = 6
    DELETED_USER = 9
    DELETED_FINGER = 10
    CLEARED_EVERYTHING = 13
    SET_CLOCK = 21
    CLEARED_PUNCHES = 23
    ADDED_USER = 30
    CHANGED_USER = 36


def synthetic_template(seed: str, size: int = 1228) -> bytes:
    """Return bytes framed like a ZKFinger 10 template that stand for no finger of anybody."""
    head = b"\x4d" + bytes([len(seed) % 256]) + ZKFINGER_10 + b"\0\0" + size.to_bytes(2, "big")
    body, block = b"", hashlib.sha256(seed.encode()).digest()
    while len(body) < size:
        body += block
        block = hashlib.sha256(block).digest()
    return (head + body)[: size - 1] + b"\x7f"  # a trailing zero would be taken for padding


CHOICES: dict[str, tuple[int, ...]] = {  # bytes of a record; an event of 0 goes with the users
    "user_size": (28, 72),
    "punch_size": (8, 16, 40, 49),
    "event_size": (0, 10, 12, 14, 32, 36, 37, 52),
}


@dataclass
class Model:
    """What kind of machine it is, and how its menu is set."""

    algorithm: int = 10  # of fingerprints; templates of another are refused
    comm_key: int = 0
    user_size: int = 72
    punch_size: int = 40
    event_size: int = 0  # bytes of a live event; 0: what goes with the size of users
    inline_limit: int = 1024  # bytes up to which a table is sent at once
    name_encoding: str = "utf-8"
    pin_width: int = 9  # digits
    user_capacity: int = 5000
    finger_capacity: int = 3000
    punch_capacity: int = 100_000

    def set(self, name: str, text: str) -> int | str:
        """Set what the menu shows under a name. Raises Impossible, ValueError for no number."""
        old = getattr(self, name) if name in {known.name for known in fields(self)} else None
        if old is None:
            raise Impossible(f"menu {name} tidak ada")
        value: int | str = int(text) if isinstance(old, int) else text
        if value not in CHOICES.get(name, (value,)):
            raise Impossible(f"{name} hanya {', '.join(map(str, CHOICES[name]))}")
        if name == "name_encoding":
            codecs.lookup(text)
        setattr(self, name, value)
        return value


@dataclass
class Machine:
    """One machine. Change it only through its methods or within `changed()`.

    `users` by the machine's own number (uid), `fingers` by uid and finger 0-9. Whoever wants to
    hear of punches at once puts a function into `listeners`; whoever wants to sleep until anything
    changes waits on `lock`, a condition.
    """

    serial: str
    model: Model = field(default_factory=Model)
    clock: Clock = field(default_factory=Clock)
    state_file: Path | None = None
    users: dict[int, User] = field(default_factory=dict)
    fingers: dict[tuple[int, int], Finger] = field(default_factory=dict)
    punches: PunchLog = field(default_factory=PunchLog)
    operations: list[Operation] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)  # set from afar
    powered: bool = True
    boots: int = 0  # how often it was restarted or switched on again
    connected: int = 0  # clients on port 4370
    requests: Counter[int] = field(default_factory=Counter)  # what they asked, by command
    faults: Faults = field(default_factory=Faults)
    listeners: list[Callable[[Punch], None]] = field(default_factory=list, repr=False)
    lock: threading.Condition = field(default_factory=threading.Condition, repr=False)
    _depth: int = field(default=0, init=False, repr=False)
    _disabled_until: float = field(default=0.0, init=False, repr=False)

    def now(self) -> datetime:
        """Return what the machine's display shows."""
        return self.clock.shown()

    def set_clock(self, shown: datetime) -> None:
        with self.changed():
            self.clock.set(shown)
            self.note(Did.SET_CLOCK)

    def note(self, code: int, *objects: object, operator: str = "0") -> None:
        """Write a line into the operation log."""
        filled = (*map(str, objects), "0", "0", "0", "0")[:4]
        with self.changed():
            self.operations.append(Operation(code, self.clock.counted(), operator, filled))

    @property
    def enabled(self) -> bool:
        """Say whether people can use the machine: it is on and no client has locked it."""
        return self.powered and time.monotonic() >= self._disabled_until

    def enable(self) -> None:
        self._disabled_until = 0.0

    def disable(self, seconds: float | None = None) -> None:
        """Lock out people, for ever or for so long."""
        self._disabled_until = math.inf if seconds is None else time.monotonic() + seconds

    def power(self, *, on: bool) -> None:
        """Switch the machine off, when all clients lose it, or on again."""
        if on == self.powered:
            return
        with self.changed():
            self.note(Did.POWER_ON if on else Did.POWER_OFF)
            self.powered = on
            self.boots += on
            self.enable()

    def restart(self) -> None:
        with self.changed():
            self.power(on=False)
            self.power(on=True)

    def find(self, pin: str) -> User | None:
        return next((user for user in self.users.values() if user.pin == pin), None)

    def user_by_pin(self, pin: str) -> User:
        """Raises NoSuchUser."""
        if user := self.find(pin):
            return user
        raise NoSuchUser(f"PIN {pin} tidak ada di mesin {self.serial}")

    def add_user(
        self, pin: str, name: str = "", *, privilege: int = 0, password: str = "", card: int = 0
    ) -> User:
        """Return a new user under the next free uid. Raises Impossible for a PIN in use."""
        if self.find(pin):
            raise Impossible(f"PIN {pin} sudah dipakai")
        user = User(max(self.users, default=0) + 1, pin, name, privilege, password, card)
        self.put_user(user)
        return user

    def put_user(self, user: User) -> None:
        """Keep a user under its uid. Raises Full, or Impossible for what no record can hold."""
        try:
            if not 0 < len(user.pin.encode()) <= 24:
                raise ValueError("a PIN of no or too many characters")
            pack_user(user, self.model.user_size, self.model.name_encoding)
        except (ValueError, struct.error) as error:
            raise Impossible(f"pengguna PIN {user.pin!r} tidak muat di mesin ini") from error
        if user.uid not in self.users and len(self.users) >= self.model.user_capacity:
            raise Full(f"mesin {self.serial} sudah penuh pengguna")
        with self.changed():
            self.note(Did.CHANGED_USER if user.uid in self.users else Did.ADDED_USER, user.pin)
            self.users[user.uid] = user

    def drop_user(self, uid: int) -> bool:
        """Delete a user with all fingers."""
        with self.changed():
            user = self.users.pop(uid, None)
            for key in [key for key in self.fingers if key[0] == uid]:
                del self.fingers[key]
            if user:
                self.note(Did.DELETED_USER, user.pin)
        return user is not None

    def put_finger(self, pin: str, number: int, finger: Finger) -> None:
        """Keep a template. Raises NoSuchUser, OtherAlgorithm, Full, Impossible."""
        user = self.user_by_pin(pin)
        if not 0 <= number <= 9:
            raise Impossible(f"jari {number} tidak ada (0-9)")
        if finger.algorithm != self.model.algorithm:
            raise OtherAlgorithm(f"algoritma {finger.algorithm}, mesin {self.model.algorithm}")
        known = (user.uid, number) in self.fingers
        if not known and len(self.fingers) >= self.model.finger_capacity:
            raise Full(f"mesin {self.serial} sudah penuh sidik jari")
        if self.faults.drop_template_writes:
            return
        with self.changed():
            self.fingers[user.uid, number] = finger

    def drop_finger(self, pin: str, number: int) -> bool:
        user = self.find(pin)
        with self.changed():
            gone = self.fingers.pop((user.uid, number), None) if user else None
            if gone:
                self.note(Did.DELETED_FINGER, pin, number)
        return gone is not None

    def fingers_of(self, pin: str) -> dict[int, Finger]:
        user = self.find(pin)
        return {n: finger for (uid, n), finger in self.fingers.items() if user and uid == user.uid}

    def enrol(self, pin: str, number: int, seed: str = "", *, valid: int = 1) -> bytes:
        """Do what a person does who presses a finger three times at the machine's menu."""
        user = self.user_by_pin(pin)
        if not 0 <= number <= 9:
            raise Impossible(f"jari {number} tidak ada (0-9)")
        template = synthetic_template(seed or f"{self.serial}/{pin}/{number}")
        with self.changed():
            self.fingers[user.uid, number] = Finger(self.model.algorithm, valid, template)
            self.note(Did.ENROLLED_FINGER, pin, number, len(template), operator=pin)
        return template

    def punch(
        self,
        pin: str,
        *,
        state: int = 0,
        verify: int = 1,
        at: datetime | None = None,
        work_code: int = 0,
    ) -> Punch:
        """Let a person press his finger now, or at a time that the machine's clock showed.

        Raises Impossible for an unknown PIN, a locked machine, or what no record can hold.
        """
        if not self.enabled:
            raise Impossible(f"mesin {self.serial} sedang dikunci atau mati")
        user = self.user_by_pin(pin)
        moment = encode_time(at) if at else self.clock.counted()
        punch = Punch(user.uid, pin, moment, verify, state, work_code)
        try:
            pack_punches([punch], self.model.punch_size)
        except struct.error as error:
            raise Impossible(f"ketukan PIN {pin} tidak muat dalam catatan mesin ini") from error
        self.add_punches([punch])
        for listener in list(self.listeners):
            listener(punch)
        return punch

    def add_punches(self, punches: list[Punch]) -> None:
        """Put punches into the log as if they had been made while nobody was listening."""
        with self.lock:
            self.punches.add(punches, capacity=self.model.punch_capacity)
            if self.state_file:
                keeping.append_punches(self.state_file, punches)
            self.lock.notify_all()

    def clear_punches(self) -> None:
        with self.changed():
            self.punches.drop(len(self.punches))
            self.note(Did.CLEARED_PUNCHES)
            if self.state_file:
                keeping.forget_punches(self.state_file)

    def clear(self) -> None:
        """Empty the machine: users, fingers and log."""
        with self.changed():
            self.users.clear()
            self.fingers.clear()
            self.clear_punches()
            self.note(Did.CLEARED_EVERYTHING)

    def summary(self) -> dict[str, object]:
        """Return what tests and people ask of a machine, by name."""
        return {
            "serial": self.serial,
            "users": len(self.users),
            "fingers": len(self.fingers),
            "punches": len(self.punches),
            "operations": len(self.operations),
            "cleared": sum(
                row.code in (Did.CLEARED_PUNCHES, Did.CLEARED_EVERYTHING) for row in self.operations
            ),
            "enabled": self.enabled,
            "powered": self.powered,
            "boots": self.boots,
            "connected": self.connected,
            "requests": {str(code): times for code, times in sorted(self.requests.items())},
            "faults": self.faults.active(),
            "clock": self.now().isoformat(" "),
        }

    @contextmanager
    def changed(self) -> Iterator[None]:
        """Hold the machine while it changes; keep it in its file and tell those who wait after."""
        with self.lock:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if not self._depth:
                    if self.state_file:
                        keeping.save(self, self.state_file)
                    self.lock.notify_all()

    def load(self) -> None:
        """Take up what the state file holds, if there is one that can be read."""
        if self.state_file:
            keeping.load(self, self.state_file, capacity=self.model.punch_capacity)
