"""A small server that speaks the vendor's examples, and notes what it was asked."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from devices.simulator.adms.journal import Journal
from devices.simulator.adms.profile import Profile
from devices.simulator.adms.terminal import Terminal
from devices.simulator.adms.wire import Line
from devices.simulator.machine import Machine, Model

HANDSHAKE = (
    "GET OPTION FROM: {serial}\n"
    "ATTLOGStamp=None\nOPERLOGStamp=9999\nATTPHOTOStamp=None\n"
    "ErrorDelay=30\nDelay=10\nTransTimes=00:00;14:05\nTransInterval=1\n"
    "TransFlag=TransData AttLog\tOpLog\tAttPhoto\tEnrollUser\tChgUser\tEnrollFP\tChgFP\tUserPic\n"
    "TimeZone=8\nRealtime=1\nEncrypt=None"
)
DATE = "Wed, 01 Apr 2026 00:20:31 GMT"
PATIENCE = 30.0  # seconds; far more than it takes, but a busy machine must not fail a test


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass
class StandIn:
    """Answers as the vendor's documents show; `answer` may decide otherwise for a request."""

    handshake: str = HANDSHAKE
    commands: deque[str] = field(default_factory=deque)  # one reply to a poll each
    answer: Callable[[Request], tuple[int, str] | None] = lambda request: None
    requests: list[Request] = field(default_factory=list)
    chunked: bool = False

    async def __aenter__(self) -> "StandIn":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *failure: object) -> None:
        self._server.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def named(self, name: str, table: str = "") -> list[Request]:
        """Return the requests to an endpoint, or the posts of a table."""
        return [r for r in self.requests if r.name == name and r.query.get("table", "") == table]

    def posted(self, table: str) -> list[bytes]:
        return [request.body for request in self.named("cdata", table)]

    def results(self) -> list[str]:
        return [request.body.decode() for request in self.named("devicecmd")]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await self._read(reader)
            self.requests.append(request)
            status, text = self.answer(request) or (200, self._usual(request))
            writer.write(self._reply(status, text.encode()))
            await writer.drain()
        except (EOFError, ConnectionError):
            return
        finally:
            writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> Request:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        headers = dict(line.lower().split(": ", 1) for line in lines if line)
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        return Request(method, parts.path, query, headers, body)

    def _usual(self, request: Request) -> str:
        match request.name.removesuffix(".aspx"):
            case "cdata" if request.method == "GET":
                return self.handshake.format(serial=request.query["SN"])
            case "cdata":
                return f"OK: {len(request.body.splitlines())}"
            case "getrequest" if self.commands:
                return self.commands.popleft()
        return "OK"

    def _reply(self, status: int, body: bytes) -> bytes:
        head = f"HTTP/1.1 {status} X\r\nContent-Type: text/plain\r\nDate: {DATE}\r\n"
        if not self.chunked:
            return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
        parts = [body[:7], body[7:]]
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts if part)
        return f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + chunks + b"0\r\n\r\n"


def make_machine(
    serial: str = "BOCK200961014", *, algorithm: int = 10, pins: tuple[str, ...] = ("1001",)
) -> Machine:
    machine = Machine(serial, model=Model(algorithm=algorithm))
    for pin in pins:
        machine.add_user(pin, f"Pegawai {pin}")
    return machine


def make_terminal(machine: Machine, url: str, **profile: object) -> Terminal:
    """Return a terminal in a great hurry."""
    journal = Journal(machine, Profile(**profile))  # type: ignore[arg-type] # named by the test
    return Terminal(journal, Line(url, timeout=2), hurry=500)


@asynccontextmanager
async def living(*terminals: Terminal) -> AsyncIterator[None]:
    """Let terminals live while the block lasts; whatever stops one of them is a failure."""
    lives = [asyncio.create_task(terminal.run()) for terminal in terminals]
    try:
        yield
    finally:
        for life in lives:
            life.cancel()
        failures = await asyncio.gather(*lives, return_exceptions=True)
        assert all(isinstance(failure, asyncio.CancelledError) for failure in failures), failures


async def until(happened: Callable[[], object], patience: float = PATIENCE) -> None:
    """Wait until something has happened; fail when it does not."""
    async with asyncio.timeout(patience):
        while not happened():
            await asyncio.sleep(0.005)
