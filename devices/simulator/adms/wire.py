"""HTTP as terminals speak it: one connection per request, bytes in and bytes out."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

CLASSIC_HEADERS = {
    "User-Agent": "iClock Proxy/1.09",
    "Connection": "close",
    "Accept": "*/*",
    "Content-Type": "text/plain",
}
MODERN_HEADERS = {
    "User-Agent": "iClock Proxy/1.09",
    "Connection": "starting",
    "Accept": "application/push",
    "Accept-Charset": "UTF-8",
    "Accept-Language": "zh-CN",
    "Content-Type": "application/push;charset=UTF-8",
}


class NoReply(Exception):
    """The request got no reply that the terminal could read."""


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes


@dataclass
class Line:
    """The way from one terminal to its server."""

    server: str  # http://host:port
    modern_headers: bool = False
    from_address: str = ""  # which of this computer's addresses calls
    timeout: float = 60.0

    def __post_init__(self) -> None:
        parts = urlsplit(self.server)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"alamat server {self.server!r} bukan http://nama:port")
        self._secure = ssl.create_default_context() if parts.scheme == "https" else None
        self._host, self._port = parts.hostname, parts.port or (443 if self._secure else 80)
        wanted = MODERN_HEADERS if self.modern_headers else CLASSIC_HEADERS
        self._head = "".join(f"{name}: {value}\r\n" for name, value in wanted.items())
        self._head = f"Host: {parts.netloc}\r\n{self._head}"

    async def ask(self, method: str, target: str, body: bytes = b"", *, cut: bool = False) -> Reply:
        """Send one request, or only half of it; raises NoReply when no reply came."""
        head = f"{method} {target} HTTP/1.1\r\n{self._head}"
        if method == "POST":
            head += f"Content-Length: {len(body)}\r\n"
        try:
            async with asyncio.timeout(self.timeout):
                return await self._exchange(f"{head}\r\n".encode("latin-1"), body, cut=cut)
        except (OSError, EOFError, ValueError, TimeoutError) as error:
            raise NoReply(type(error).__name__) from error

    async def _exchange(self, head: bytes, body: bytes, *, cut: bool) -> Reply:
        local = (self.from_address, 0) if self.from_address else None
        reader, writer = await asyncio.open_connection(
            self._host, self._port, ssl=self._secure, local_addr=local
        )
        try:
            if cut:
                writer.write(head + body[: len(body) // 2])
                await writer.drain()
                raise EOFError
            writer.write(head + body)
            await writer.drain()
            return await _read_reply(reader)
        finally:
            writer.close()


async def _read_reply(reader: asyncio.StreamReader) -> Reply:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    headers = {}
    for line in filter(None, lines):
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = await _read_chunks(reader)
    elif "content-length" in headers:
        body = await reader.readexactly(int(headers["content-length"]))
    else:
        body = await reader.read()
    return Reply(int(first.split()[1]), headers, body)


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readline()).split(b";")[0], 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readuntil(b"\r\n")
    return body
