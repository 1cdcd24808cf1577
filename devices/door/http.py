"""As much of HTTP as the door needs: a body of bounded size in, a short plain answer out."""

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

Header = tuple[bytes, bytes]

PLAIN: Header = (b"content-type", b"text/plain")


class TooLarge(Exception):
    """The body is larger than anything that a machine sends."""


class CutOff(Exception):
    """The sender hung up before its body was whole; nothing of it counts."""


def declared_length(scope: Scope) -> int | None:
    """Return how many bytes the sender says that the body has; None where it says nothing."""
    told = header(scope, b"content-length")
    return int(told) if told.isdigit() else None


def header(scope: Scope, name: bytes) -> bytes:
    """Return what a header, named in small letters, says; empty where it is not there."""
    return next((value for told, value in scope["headers"] if told == name), b"")


async def read_body(scope: Scope, receive: Receive, *, limit: int) -> bytes:
    """Return the whole body, of at most `limit` bytes; refuse a larger one before reading it."""
    if (declared_length(scope) or 0) > limit:
        raise TooLarge
    parts: list[bytes] = []
    left, more = limit, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise CutOff
        parts.append(message.get("body", b""))
        left -= len(parts[-1])
        if left < 0:
            raise TooLarge
        more = message.get("more_body", False)
    return parts[0] if len(parts) == 1 else b"".join(parts)


async def answer(
    send: Send, status: int, body: bytes = b"", *, headers: Sequence[Header] = (PLAIN,)
) -> None:
    """Send a whole answer. No cookie, no redirect: terminals follow neither."""
    all_headers = [*headers, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": all_headers})
    await send({"type": "http.response.body", "body": body})


async def live(receive: Receive, send: Send, at_end: Callable[[], Awaitable[None]]) -> None:
    """Follow the server's life; do `at_end` before it is over."""
    while (await receive())["type"] != "lifespan.shutdown":
        await send({"type": "lifespan.startup.complete"})
    await at_end()
    await send({"type": "lifespan.shutdown.complete"})
