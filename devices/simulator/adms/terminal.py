"""The terminal itself: boots, calls its server, tells, polls, obeys."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote, urlencode

from devices.simulator.adms import access, records
from devices.simulator.adms.commands import Result, Workings, execute
from devices.simulator.adms.figures import Figures
from devices.simulator.adms.journal import Body, Journal
from devices.simulator.adms.profile import Profile, PushFaults
from devices.simulator.adms.settings import NotUnderstood, Settings, read_settings
from devices.simulator.adms.wire import Line, NoReply, Reply
from devices.simulator.machine import Did, Machine
from devices.simulator.tables import Punch

RETRY = 5.0  # seconds until the same body is sent again
FAILURES_IN_A_ROW = 3  # then the terminal begins again with the handshake
INFO_EVERY = 10  # polls
STAMPS = {"ATTLOG": "Stamp", "OPERLOG": "OpStamp"}
UNSEEN = datetime.min


@dataclass
class Terminal:
    """One terminal on its line. All waiting is divided by `hurry`, so that a test need not wait.

    `run` never ends by itself. It lives in one event loop; `wake` may be called from any thread.
    """

    journal: Journal  # of the machine that this terminal is
    line: Line
    faults: PushFaults = field(default_factory=PushFaults)
    figures: Figures = field(default_factory=Figures)
    address: str = "192.168.1.201"  # its own, as its menu shows it
    hurry: float = 1.0
    chance: random.Random = field(default_factory=random.Random, repr=False)
    settings: Settings = field(default_factory=Settings)
    connected: bool = False
    polls: int = 0
    commands_done: list[tuple[str, int]] = field(default_factory=list)  # verb and code

    def __post_init__(self) -> None:
        self.machine: Machine = self.journal.machine
        self.profile: Profile = self.journal.profile
        self._woken = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._boots = self._failures = 0
        self._poll_at = self._told_at = 0.0
        self._options_due = self._told_now = False
        self._looked_at_clock = UNSEEN
        self.machine.listeners.append(self._pressed)

    async def run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.machine.note(Did.POWER_ON)
        while True:
            self._boots = self.machine.boots
            await self._reconnect()
            await self._work()

    def wake(self) -> None:
        """Let the terminal look at once what there is to tell."""
        if self._loop:
            self._loop.call_soon_threadsafe(self._woken.set)

    def summary(self) -> dict[str, object]:
        return self.machine.summary() | {
            "online": self.connected,
            "waiting": self.journal.waiting,
            "polls": self.polls,
            "commands": [f"{verb}={code}" for verb, code in self.commands_done[-20:]],
            "overflowed": self.journal.overflowed,
        }

    def _pressed(self, punch: Punch) -> None:
        self.figures.press(self.machine.serial, punch)
        self.wake()

    # Life between two boots

    async def _work(self) -> None:
        self._poll_at = 0.0
        while self.machine.boots == self._boots:
            await self._tell()
            if time.monotonic() >= self._poll_at:
                await self._poll()
            await self._rest()

    async def _rest(self) -> None:
        """Sleep until the next poll, or until something happens."""
        waiting = self._poll_at - time.monotonic()
        if waiting > 0:
            try:
                # Not wait_for: woken and switched off at once, it would forget the second.
                async with asyncio.timeout(waiting):
                    await self._woken.wait()
            except TimeoutError:
                return
        self._woken.clear()

    async def _sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.hurry)

    async def _reconnect(self) -> None:
        """Shake hands, again and again every ErrorDelay, until the server answers as it must."""
        self.connected = False
        while not await self._shake_hands():
            await self._sleep(self.settings.error_delay)
        self.connected, self._failures = True, 0

    async def _shake_hands(self) -> bool:
        try:
            reply = await self._ask("GET", "cdata", self._announcement())
            if self.profile.is_access:
                self.settings = await access.register(
                    self._access_call, self.machine, self.profile, reply
                )
            else:
                self.settings = read_settings(self._text(reply), self.machine.serial)
        except (NoReply, NotUnderstood):
            return False
        self._obey_clock(reply)
        if self.settings.asks_again("ATTLOG"):
            self.journal.tell_all_punches()
        if self.settings.asks_again("OPERLOG"):
            self.journal.tell_everybody()
        self._options_due = self.settings.push_options is not None
        return True

    def _announcement(self) -> dict[str, object]:
        return {
            "options": "all",
            "language": self.profile.language,
            "pushver": self.profile.push_version,
            "DeviceType": self.profile.device_type,
            "PushOptionsFlag": 1,
        }

    def _obey_clock(self, reply: Reply) -> None:
        shown = self.settings.local_time(reply.headers.get("date", ""))
        if shown and not self.faults.ignore_time:
            self.machine.clock.set(shown)

    # What it tells

    async def _tell(self) -> None:
        if self._options_due and not self.profile.is_access:
            told = records.options(self.machine, self.profile, self.address)
            line = records.options_line(told, self.settings.push_options or ())
            await self._deliver("cdata", {"table": "options"}, line.encode())
            self._options_due = False
        if not self._may_tell():
            return
        while body := self.journal.next_body(self.settings.wanted):
            await self._tell_body(body)

    def _may_tell(self) -> bool:
        """Return whether it is time: always in real time, else by interval and hours of the day."""
        now, shown = time.monotonic(), self.machine.now()
        passed = any(
            self._looked_at_clock.time() < moment <= shown.time()
            for moment in self.settings.trans_times
        )
        interval = self.settings.trans_interval * 60 / self.hurry
        due = passed or bool(interval and now - self._told_at >= interval)
        self._looked_at_clock = shown
        if not (self.settings.realtime or due or self._told_now):
            return False
        self._told_at, self._told_now = now, False
        return True

    async def _tell_body(self, body: Body) -> None:
        stamp = STAMPS.get(body.table, "Stamp")
        await self._deliver("cdata", {"table": body.table, stamp: 9999}, body.content)
        self.journal.acknowledge(body)
        self.figures.acknowledge(self.machine.serial, body.punches)

    async def _deliver(self, name: str, query: dict[str, object], content: bytes) -> None:
        """Send one body again and again, the same bytes, until the server says 200."""
        while True:
            try:
                await self._ask("POST", name, query, content)
            except NoReply:
                await self._after_failure()
            else:
                return

    async def _after_failure(self) -> None:
        self._failures += 1
        await self._sleep(RETRY)
        if self._failures >= FAILURES_IN_A_ROW:
            await self._reconnect()

    # What it is told

    async def _poll(self) -> None:
        """Ask for commands and do them."""
        query: dict[str, object] = {}
        if self.polls % INFO_EVERY == 0:
            query["INFO"] = records.info_text(self.machine, self.profile, self.address)
        try:
            reply = await self._ask("GET", "getrequest", query)
        except NoReply:
            return await self._after_failure()
        self.polls += 1
        commands = self._commands(reply.body)
        # After an answer a terminal asks again at once.
        delay = 0.0 if commands else self.settings.delay / self.hurry
        self._poll_at = time.monotonic() + delay
        afterwards = await self._obey(commands)
        if "handshake" in afterwards:
            await self._reconnect()
        self._told_now = "send" in afterwards
        if "reboot" in afterwards:
            self.machine.restart()

    def _commands(self, content: bytes) -> list[tuple[str, str]]:
        """Return ids and texts; lines without the C:id: head are dropped without a word."""
        encoding = self.machine.model.name_encoding
        seen = content[: self.profile.reply_bytes].decode(encoding, errors="replace")
        found = []
        for line in seen.split("\n"):
            head, _, rest = line.rstrip("\r").partition(":")
            number, colon, text = rest.partition(":")
            if head == "C" and number and colon:
                found.append((number, text))
        return found[: self.profile.reply_commands]

    async def _obey(self, commands: list[tuple[str, str]]) -> set[str]:
        """Do the commands in their order; what stands behind a reboot is never done."""
        inside = Workings(
            self.machine, self.profile, self.journal, self.faults, self.settings, self.address
        )
        results, afterwards = [], set()
        for number, text in commands:
            result = execute(inside, text)
            self.commands_done.append((result.verb, result.code))
            afterwards.add(result.afterwards)
            while self.journal.again:  # what was asked for goes before the result
                await self._tell_body(self.journal.again[0])
            if not self._strikes(self.faults.lose_results):
                results.append(self._answer(number, result))
            if result.afterwards == "reboot":
                break
        await self._answer_all(results)
        return afterwards

    def _answer(self, number: str, result: Result) -> str:
        return f"ID={number}&Return={result.code}&CMD={result.verb}{result.more}{result.lines}\n"

    async def _answer_all(self, results: list[str]) -> None:
        posts = ["".join(results)] if self.profile.batched_results else results
        for post in filter(None, posts):
            for _ in range(2 if self.faults.double_results else 1):
                await self._deliver("devicecmd", {}, post.encode())

    # The line

    async def _ask(
        self, method: str, name: str, query: dict[str, object], content: bytes = b""
    ) -> Reply:
        """Send a request; raises NoReply unless the server said 200 and the terminal heard it."""
        while self.faults.silent or not self.machine.powered:
            await asyncio.sleep(0.05)
        values = urlencode({"SN": self.machine.serial} | query, quote_via=quote, safe=",")
        cut = bool(content) and self.faults.cut_bodies > 0
        self.faults.cut_bodies -= cut
        started = time.monotonic()
        try:
            target = f"/iclock/{name}{self.profile.suffix}?{values}"
            reply = await self.line.ask(method, target, content, cut=cut)
            if self._strikes(self.machine.faults.lose_replies):
                raise NoReply("lost")
        except NoReply:
            self.figures.unanswered()
            raise
        kind = str(query.get("table", name))
        self.figures.answered(kind, reply.status, time.monotonic() - started)
        if reply.status != 200:
            raise NoReply(str(reply.status))
        self._failures = 0
        return reply

    @property
    def _access_call(self) -> Callable[[str, bytes], Awaitable[str]]:
        async def call(name: str, content: bytes) -> str:
            return self._text(await self._ask("POST", name, {}, content))

        return call

    def _text(self, reply: Reply) -> str:
        return reply.body.decode("utf-8", errors="replace")

    def _strikes(self, per_cent: float) -> bool:
        return bool(per_cent) and self.chance.uniform(0, 100) < per_cent
