"""What a terminal has still to tell: its own flags, not the server's stamps."""

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from devices.simulator.adms import records
from devices.simulator.adms.profile import Profile
from devices.simulator.machine import Did, Machine
from devices.simulator.tables import Operation, Punch, User

LINES_PER_BODY = 500


@dataclass(frozen=True)
class Body:
    """One POST of records; until it is acknowledged the same bytes are sent again."""

    table: str
    content: bytes = field(repr=False)
    punches: tuple[Punch, ...] = ()
    punches_to: int = 0  # the number behind its last new punch
    operations_to: int = 0
    also: tuple["Body", ...] = ()  # what goes in another table once this one is acknowledged


@dataclass
class Journal:
    """The send flags of one terminal: all before these numbers is acknowledged.

    Punches are numbered as the machine's log counts them, operations from its first one.
    """

    machine: Machine
    profile: Profile
    keep_in: Path | None = None
    punches_sent: int = 0
    operations_sent: int = 0
    overflowed: int = 0  # punches that the full log lost before anybody had them
    # Operations that the server ordered: they are told, the data is not sent back.
    ordered: set[int] = field(default_factory=set)
    again: deque[Body] = field(default_factory=deque)

    def load(self) -> None:
        """Take up the flags that were kept, if there are any."""
        if self.keep_in and self.keep_in.exists():
            kept = json.loads(self.keep_in.read_text(encoding="utf-8"))
            self.punches_sent, self.operations_sent = kept["punches"], kept["operations"]

    def save(self) -> None:
        if self.keep_in:
            kept = {"punches": self.punches_sent, "operations": self.operations_sent}
            self.keep_in.write_text(json.dumps(kept), encoding="utf-8")

    @property
    def waiting(self) -> int:
        """How many records nobody has acknowledged."""
        log = self.machine.punches
        punches = log.first + len(log) - max(self.punches_sent, log.first)
        return punches + len(self.machine.operations) - self.operations_sent + len(self.again)

    def next_body(self, wanted: frozenset[str]) -> Body | None:
        """Return what is to be told next of the kinds that the server wants, or None."""
        with self.machine.lock:
            if self.again:
                return self.again[0]
            if "attlog" in wanted and (body := self._new_punches()):
                return body
            return self._new_operations(wanted)

    def acknowledge(self, body: Body) -> None:
        """Set the flags of what a body told."""
        if self.again and self.again[0] is body:
            self.again.popleft()
        self.punches_sent = max(self.punches_sent, body.punches_to)
        self.operations_sent = max(self.operations_sent, body.operations_to)
        self.again.extend(body.also)
        self.save()

    def tell_all_punches(self) -> None:
        """Clear the flags of every punch in the log: all of it is told again."""
        self.punches_sent = self.machine.punches.first

    def tell_everybody(self) -> None:
        """Queue every user and every finger that the machine holds."""
        self.answer_users(list(self.machine.users.values()))
        self.answer_fingers(sorted(self.machine.fingers))

    def answer_users(self, users: list[User]) -> None:
        self._answer("OPERLOG", [records.user_line(user) for user in users])

    def answer_fingers(self, held: list[tuple[int, int]]) -> None:
        """Queue fingers by uid and number."""
        found = [
            records.finger_record(self.machine.users[uid].pin, number, self.machine.fingers[key])
            for key in held
            for uid, number in [key]
        ]
        for table in ("OPERLOG", "BIODATA"):
            self._answer(table, [line for of, line in found if of == table])

    def answer_punches(self, chosen: Callable[[Punch], bool]) -> int:
        """Queue the punches that were asked for; return how many they are."""
        found = [punch for punch in self.machine.punches if chosen(punch)]
        layout = self.profile.layout
        self._answer("ATTLOG", [records.attendance_line(punch, layout) for punch in found])
        return len(found)

    def _answer(self, table: str, lines: list[str]) -> None:
        for start in range(0, len(lines), LINES_PER_BODY):
            self.again.append(Body(table, self._text(lines[start : start + LINES_PER_BODY])))

    def _new_punches(self) -> Body | None:
        log = self.machine.punches
        self.overflowed += max(0, log.first - self.punches_sent)
        start = max(self.punches_sent, log.first)
        found = tuple(log[start - log.first : start - log.first + LINES_PER_BODY])
        self.punches_sent = start
        if not found:
            return None
        if self.profile.is_access:
            lines = [records.event_line(punch, start + n) for n, punch in enumerate(found, 1)]
        else:
            lines = [records.attendance_line(punch, self.profile.layout) for punch in found]
        table = "rtlog" if self.profile.is_access else "ATTLOG"
        return Body(table, self._text(lines), found, punches_to=start + len(found))

    def _new_operations(self, wanted: frozenset[str]) -> Body | None:
        start = self.operations_sent
        found = self.machine.operations[start : start + LINES_PER_BODY]
        lines: list[tuple[str, str]] = []
        for number, operation in enumerate(found, start):
            if "oplog" in wanted:
                lines.append(("OPERLOG", records.operation_line(operation)))
            if number not in self.ordered:
                lines += self._records_of(operation, wanted)
        told = [line for table, line in lines if table == "OPERLOG"]
        if not told or self.profile.is_access:
            self.operations_sent = start + len(found)
            return None
        biodata = [line for table, line in lines if table == "BIODATA"]
        also = (Body("BIODATA", self._text(biodata)),) if biodata else ()
        end = start + len(found)
        return Body("OPERLOG", self._text(told), operations_to=end, also=also)

    def _records_of(self, operation: Operation, wanted: frozenset[str]) -> list[tuple[str, str]]:
        """Return the data that goes with what was done at the machine, if it is still there."""
        pin, number = operation.objects[0], operation.objects[1]
        user = self.machine.find(pin)
        if not user:
            return []
        if operation.code == Did.ENROLLED_FINGER and wanted & {"enrollfp", "chgfp"}:
            finger = self.machine.fingers.get((user.uid, int(number)))
            return [records.finger_record(pin, int(number), finger)] if finger else []
        if operation.code in (Did.ADDED_USER, Did.CHANGED_USER) and wanted & {
            "enrolluser",
            "chguser",
        }:
            return [("OPERLOG", records.user_line(user))]
        return []

    def _text(self, lines: list[str]) -> bytes:
        newline = self.profile.newline
        text = newline.join(lines) + newline
        return text.encode(self.machine.model.name_encoding, errors="replace")
