"""Terminals that call, without the wire: what the door would do is done by function calls."""

from dataclasses import dataclass, field
from datetime import datetime

from devices.adms.results import read_results
from devices.models import Device
from devices.services.commands import settle_results, take_commands
from devices.services.receiving import receive_table
from devices.simulator.adms.commands import Result, Workings, execute
from devices.simulator.adms.journal import Journal
from devices.simulator.adms.profile import Profile, PushFaults
from devices.simulator.adms.settings import Settings
from devices.simulator.machine import Machine, Model
from organization.models import Agency
from tests.devices.make import make_device

WANTED = frozenset({"oplog", "enrollfp", "chgfp", "enrolluser", "chguser"})
MOST_CALLS = 50


@dataclass
class Terminal:
    """A simulated machine and its row. `refuses` are codes by the beginning of a command."""

    device: Device
    machine: Machine
    refuses: dict[str, int] = field(default_factory=dict)
    deaf: bool = False  # does what it is told, and its answers are lost
    told: list[str] = field(default_factory=list)  # every command that reached it

    def __post_init__(self) -> None:
        self.journal = Journal(self.machine, Profile())
        self._inside = Workings(
            self.machine, self.journal.profile, self.journal, PushFaults(), Settings(), ""
        )

    def call(self, now: datetime) -> int:
        """Tell what is new, fetch commands once, do them, answer; return how many they were."""
        Device.objects.filter(pk=self.device.pk).update(last_contact_at=now)
        self.tell(now)
        lines = take_commands(device_id=self.device.pk, now=now).decode().splitlines()
        for line in lines:
            _, number, text = line.split(":", 2)
            self.told.append(text)
            result = self._do(text)
            self.tell(now)
            if not self.deaf:
                self.answer(f"ID={number}&Return={result.code}&CMD=DATA{result.lines}", now)
        return len(lines)

    def answer(self, body: str, now: datetime) -> None:
        results = read_results(body.encode())
        settle_results(device_id=self.device.pk, results=results, now=now)

    def tell(self, now: datetime) -> None:
        while body := self.journal.next_body(WANTED):
            self.device.refresh_from_db()
            receive_table(
                device=self.device, table=body.table, body=body.content, address=None, now=now
            )
            self.journal.acknowledge(body)

    def work(self, now: datetime) -> int:
        """Call until there is nothing more to do; return the number of commands done."""
        done = 0
        for _ in range(MOST_CALLS):
            count = self.call(now)
            done += count
            if not count:
                return done
        raise AssertionError("commands without end")

    def _do(self, text: str) -> Result:
        for start, code in self.refuses.items():
            if text.startswith(start):
                return Result(code, "DATA")
        return execute(self._inside, text)

    @property
    def users(self) -> dict[str, str]:
        return {user.pin: user.name for user in self.machine.users.values()}

    @property
    def fingers(self) -> dict[tuple[str, int], bytes]:
        return {
            (self.machine.users[uid].pin, number): finger.data
            for (uid, number), finger in self.machine.fingers.items()
        }


def terminal(agency: Agency, serial: str = "PUSH00001", **values: object) -> Terminal:
    """Register an active machine that calls, with a terminal that knows nobody."""
    model = Model(algorithm=int(str(values.get("algorithm") or 10)))
    device = make_device(agency, serial, protocol="push", name=f"Mesin {serial}")
    device.algorithm = model.algorithm
    device.save(update_fields=["algorithm"])
    return Terminal(device, Machine(serial, model=model))
