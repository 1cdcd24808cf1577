"""Simulated terminals call the server as it runs in an office: real processes, real sockets."""

import asyncio
import base64
import hashlib
import json
import sqlite3
import zlib
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from devices.simulator.adms import control
from devices.simulator.adms.journal import Journal
from devices.simulator.adms.profile import Profile
from devices.simulator.adms.terminal import Terminal
from devices.simulator.adms.wire import Line
from devices.simulator.machine import Machine, Model
from devices.simulator.tables import time_text
from tests import tables
from tests.devices.simulator_adms.stand_in import living, until
from tests.devices.simulators import simulator
from tests.faults.http_client import wait_until_served
from tests.office import Clerk, Office, Service
from tests.ports import free_port

pytestmark = [pytest.mark.xdist_group("machine-door"), pytest.mark.long]

PATIENCE = 180.0
HURRY = 50  # a terminal's seconds are so much shorter
MORNING = datetime(2026, 4, 1, 7, 0)
PLAIN = Profile()

UNKNOWN, EASTERN, CLONED, GLUTTON, MODEST = "UNKNOWN1", "EAST1", "CLONE1", "GLUTTON1", "MODEST1"
LOSSY = [f"LOSSY{number}" for number in range(10)]
KILLED = [f"KILLED{number}" for number in range(5)]
RECORDING = ["ENROL1", "ENROL2"]
TELLTALES = ["TELLTALE1", "TELLTALE2"]  # the second is registered nowhere
VARIETIES: dict[str, tuple[Profile, dict[str, Any]]] = {
    "ASPX0001": (Profile(suffix=".aspx", layout=6), {}),
    "BOCK0001": (Profile(layout=8, push_version="2.4.0", device_type="middle east"), {}),
    "PALM0001": (Profile(layout=10), {}),
    "FACE0001": (Profile(layout=11, batched_results=True), {"algorithm": 13}),
    "CHINA0001": (Profile(language=83, push_version="2.2.14"), {"name_encoding": "gb2312"}),
    "DOOR0001": (Profile(push_version="3.1.2", device_type="acc"), {}),
}
SERIALS = [CLONED, GLUTTON, MODEST, TELLTALES[0], *LOSSY, *KILLED, *VARIETIES]


@dataclass
class PushOffice:
    """An office whose server runs; `pins` are the numbers of its people.

    `others` are those of a second agency, where fingers are recorded.
    """

    office: Office
    clerk: Clerk
    web: Service
    port: int
    pins: list[str]
    others: list[str]

    async def ask(self, function: str, **arguments: Any) -> Any:
        """Run a function of `push_office` in a process of the office, while terminals live."""
        name = f"tests.devices.push_office:{function}"
        return await asyncio.to_thread(self.clerk.call, name, **arguments)

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        """Look beside the server; a process with Django would cost seconds."""
        address = f"file:{self.office.folder / 'sopan.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            yield connection

    def rows(self, sql: str, *values: str) -> list[tuple[Any, ...]]:
        with self._database() as connection:
            return connection.execute(sql, values).fetchall()

    def _backups(self) -> dict[str, bytes]:
        """Return what a backup would hold: a copy by the page, and a dump in SQL."""
        with self._database() as connection, closing(sqlite3.connect(":memory:")) as copy:
            connection.backup(copy)
            dump = "\n".join(connection.iterdump())
            return {"backup": copy.serialize(), "dump": dump.encode(errors="replace")}

    def punches(self, terminal: Terminal) -> list[tuple[str, str]]:
        """Return time and PIN of every punch that counts as this machine's."""
        return self.rows(
            "SELECT local_time, pin FROM devices_punch WHERE device_id ="
            " (SELECT id FROM devices_device WHERE serial = ?) ORDER BY 1, 2",
            terminal.machine.serial,
        )

    def alarms(self, kind: str) -> list[str]:
        """Return what the alarms of a kind are about."""
        found = self.rows("SELECT target FROM devices_alarm WHERE kind = ?", kind)
        return [target for (target,) in found]

    def terminal(
        self,
        serial: str,
        profile: Profile = PLAIN,
        *,
        from_address: str = "",
        people: Sequence[str] | None = None,
        **model: Any,
    ) -> Terminal:
        """Return a terminal with the office's people on it, or with those of these PINs."""
        machine = Machine(serial, model=Model(**model))
        for pin in self.pins if people is None else people:
            machine.add_user(pin)
        line = Line(f"http://127.0.0.1:{self.port}", from_address=from_address, timeout=10)
        return Terminal(Journal(machine, profile), line, hurry=HURRY)

    def where_is(self, secret: bytes) -> list[str]:
        """Return where a secret stands in clear: files, backups, bodies that are only packed."""
        places = {
            path.name: path.read_bytes() for path in self.office.folder.rglob("*") if path.is_file()
        }
        places |= self._backups()
        packed = self.rows("SELECT id, content FROM devices_rawupload WHERE coding = 'zlib'")
        places |= {f"upload {number}": zlib.decompress(body) for number, body in packed}
        return [name for name, content in places.items() if shows(content, secret)]


def shows(content: bytes, secret: bytes) -> bool:
    """Say whether bytes hold a secret as it is, in hexadecimal, or anywhere inside a base64."""
    # In base64 the same bytes look otherwise at each of three places; at the ends their
    # neighbours show through.
    spelt = [base64.b64encode(secret[place:])[4:-4] for place in range(3)]
    spelt += [secret, secret.hex().encode(), secret.hex().upper().encode()]
    return any(each[:60] in content for each in spelt if len(each) >= 8)


def template_middle(template: bytes) -> bytes:
    """Return the part of a template that no other has."""
    return template[16:-16]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PushOffice]:
    office = Office(tmp_path_factory.mktemp("push-office"))
    tables.lay(office.folder)
    port = free_port()
    web = Service(office, "web", SOPAN_PORT=str(port))
    with office.clerk() as clerk:
        pins, others = clerk.call(
            "tests.devices.push_office:prepare",
            serials=SERIALS,
            eastern=EASTERN,
            recording=RECORDING,
        )
        web.start()
        try:
            wait_until_served(port)
            yield PushOffice(office, clerk, web, port, pins, others)
        finally:
            web.kill()


def play(scene: Coroutine[object, object, None]) -> None:
    asyncio.run(scene)


def told(*terminals: Terminal) -> Callable[[], bool]:
    return lambda: not any(terminal.journal.waiting for terminal in terminals)


def press(terminal: Terminal, count: int, *, start: datetime = MORNING) -> None:
    """Let everybody press a finger in turn, one each second."""
    pins = [user.pin for user in terminal.machine.users.values()]
    for number in range(count):
        when = start + timedelta(seconds=number)
        terminal.machine.punch(pins[number % len(pins)], at=when)


def made(terminal: Terminal) -> list[tuple[str, str]]:
    """Return time and PIN of what was pressed at a terminal."""
    return sorted((time_text(punch.time), punch.pin) for punch in terminal.machine.punches)


async def connected(*terminals: Terminal) -> None:
    await until(lambda: all(terminal.connected for terminal in terminals), PATIENCE)


def test_an_unknown_terminal_waits_apart_and_is_adopted_with_its_punches(
    served: PushOffice,
) -> None:
    announced = "SELECT announced FROM devices_caller WHERE serial = ?"
    waiting = "SELECT count(*) FROM devices_rawupload WHERE outcome = 'waiting' AND serial = ?"

    async def scene() -> None:
        terminal = served.terminal(UNKNOWN)
        press(terminal, 20)
        async with living(terminal):
            await until(told(terminal), PATIENCE)
            ((caller,),) = served.rows(announced, UNKNOWN)
            assert json.loads(caller)["push_version"] == "2.4.1"
            assert served.rows(waiting, UNKNOWN)[0][0] > 0
            await served.ask("register", serial=UNKNOWN, approved=False)
            press(terminal, 5, start=MORNING + timedelta(hours=1))
            await until(told(terminal), PATIENCE)
            assert not served.punches(terminal)
            await served.ask("approve", serial=UNKNOWN)
            assert served.punches(terminal) == made(terminal)

    play(scene())


@pytest.mark.fault("F37")
def test_with_lost_replies_no_punch_is_lost_and_none_is_there_twice(served: PushOffice) -> None:
    async def scene() -> None:
        terminals = [served.terminal(serial) for serial in LOSSY]
        for terminal in terminals:
            terminal.machine.faults.set("lose_replies", 30)
            terminal.faults.set("cut_bodies", 5)
        async with living(*terminals):
            await connected(*terminals)
            for number in range(200):
                for terminal in terminals:
                    when = MORNING + timedelta(seconds=number)
                    terminal.machine.punch(served.pins[number % len(served.pins)], at=when)
                await asyncio.sleep(0.01)
            await until(told(*terminals), PATIENCE)
        assert sum(terminal.figures.statuses["none"] for terminal in terminals) > 100
        for terminal in terminals:
            assert served.punches(terminal) == made(terminal)

    play(scene())


def test_a_server_that_is_killed_in_the_middle_loses_nothing(served: PushOffice) -> None:
    async def scene() -> None:
        terminals = [served.terminal(serial) for serial in KILLED]
        async with living(*terminals):
            await connected(*terminals)
            for number in range(300):
                for terminal in terminals:
                    when = MORNING + timedelta(seconds=number)
                    terminal.machine.punch(served.pins[number % len(served.pins)], at=when)
                if number in (100, 200):
                    served.web.kill()
                    served.web.start()
                await asyncio.sleep(0.01)
            await until(told(*terminals), PATIENCE)
        assert sum(terminal.figures.statuses["none"] for terminal in terminals) > 0
        for terminal in terminals:
            assert served.punches(terminal) == made(terminal)

    play(scene())


def test_terminals_of_all_kinds_are_understood(served: PushOffice) -> None:
    async def scene() -> None:
        terminals = [
            served.terminal(serial, profile, **model)
            for serial, (profile, model) in VARIETIES.items()
        ]
        for terminal in terminals:
            terminal.machine.user_by_pin(served.pins[0]).name = "王小明"
            press(terminal, 30)
        async with living(*terminals):
            await until(told(*terminals), PATIENCE)
        seen = {
            row[0]: row[1:]
            for row in served.rows(
                "SELECT serial, push_version, dialect, user_count, options FROM devices_device"
            )
        }
        for terminal in terminals:
            version, dialect, _, _ = seen[terminal.machine.serial]
            assert served.punches(terminal) == made(terminal), terminal.machine.serial
            assert version == terminal.profile.push_version
            assert dialect == ("acc" if terminal.profile.is_access else "att")
        _, _, users, options = seen["BOCK0001"]
        assert users == len(served.pins)
        assert json.loads(options)["MAC"].startswith("00:17:61:")

    play(scene())


def test_a_finger_goes_from_one_machine_to_all_and_is_gone_from_all_when_its_owner_leaves(
    served: PushOffice,
) -> None:
    async def scene() -> None:
        pin = served.others[-1]
        here, there = (served.terminal(serial, people=[]) for serial in RECORDING)
        with simulator(serial="PULLED1") as third:
            async with living(here, there):
                pulled = {"serial": third.serial, "host": "127.0.0.1", "port": third.port}
                await served.ask("bring_people", **pulled)
                for machine in (here.machine, there.machine):
                    assert {user.pin for user in machine.users.values()} == set(served.others)
                control.execute([here], f"enrol {pin} 6")
                await until(told(here), PATIENCE)
                assert await served.ask("bring_fingers") == 1
                finger = here.machine.fingers_of(pin)[6]
                assert there.machine.fingers_of(pin)[6].data == finger.data
                (shown,) = third.tell(f"fingers {pin}")
                assert shown["sha256"] == hashlib.sha256(finger.data).hexdigest()
                secret = template_middle(finger.data)
                assert not await asyncio.to_thread(served.where_is, secret)
                await served.ask("leave", pin=pin)
                assert not here.machine.find(pin)
                assert not there.machine.find(pin)
                assert pin not in [user["pin"] for user in third.tell("users")]
                assert not here.machine.fingers
                assert not there.machine.fingers
                assert not third.tell("fingers")

    play(scene())


def test_a_secret_is_found_however_it_is_spelt() -> None:
    secret = bytes(range(40, 140))
    for place in range(3):
        around = b"abc"[:place] + secret + b"xyz"
        for content in (around, around.hex().encode(), base64.b64encode(around)):
            assert shows(b"before " + content + b" after", secret)
    assert not shows(base64.b64encode(bytes(range(140, 240))), secret)


def test_the_clock_of_a_terminal_follows_the_zone_of_its_place(served: PushOffice) -> None:
    async def scene() -> None:
        terminal = served.terminal(EASTERN)
        control.execute([terminal], "clock 2000-01-01T00:00:00")
        async with living(terminal):
            await until(lambda: terminal.polls, PATIENCE)
        ahead = terminal.machine.now() - terminal.machine.clock.true().replace(tzinfo=None)
        assert abs(ahead - timedelta(hours=1)) < timedelta(seconds=5)

    play(scene())


@pytest.mark.fault("F38")
def test_two_terminals_of_one_serial_raise_an_alarm(served: PushOffice) -> None:
    async def scene() -> None:
        here = served.terminal(CLONED)
        there = served.terminal(CLONED, Profile(copy=1), from_address="127.0.0.2")
        async with living(here, there):
            await until(lambda: min(here.polls, there.polls) > 5, PATIENCE)
        assert served.alarms("cloned") == [CLONED]

    play(scene())


def test_a_body_beyond_all_measure_is_refused_with_an_alarm_and_others_are_served(
    served: PushOffice,
) -> None:
    async def scene() -> None:
        glutton, other = served.terminal(GLUTTON), served.terminal(MODEST)
        control.execute([glutton], "huge 20")
        async with living(glutton, other):
            await until(lambda: served.alarms("body_too_large"), PATIENCE)
            press(other, 20)
            await until(told(other), PATIENCE)
        assert not told(glutton)()
        assert served.punches(other) == made(other)
        assert served.alarms("body_too_large") == [GLUTTON]

    play(scene())


@pytest.mark.fault("F58")
def test_a_password_that_a_terminal_tells_is_kept_nowhere(served: PushOffice) -> None:
    async def scene() -> None:
        terminals = [served.terminal(serial) for serial in TELLTALES]
        for terminal in terminals:
            control.execute([terminal], f"password {served.pins[0]} sandi-7Q")
        async with living(*terminals):
            await until(told(*terminals), PATIENCE)
        assert not served.where_is(b"sandi-7Q")

    play(scene())
