"""A request larger than anything that SOPan takes is refused before anything of it is kept.

Django would take in all of it, on disk, and refuse it afterwards. Machines have a door and a
measure of their own.
"""

import asyncio
import json
from contextlib import suppress

from django.conf import settings
from django.template.loader import render_to_string

from devices.door import http
from organization.api import problems

TOO_LARGE = 413
LENGTH_REQUIRED = 411
# Of an upload, beside its file: names, boundaries and what else was filled in.
BESIDE_A_FILE = 4 * 1024 * 1024
# A browser that is still sending takes a closed connection for a broken one.
READ_AWAY_SECONDS = 5
HTML = (b"content-type", b"text/html; charset=utf-8")
PROBLEM = (b"content-type", problems.MEDIA_TYPE.encode())
# The rest of it may still be on its way: it is not the next request.
CLOSE = (b"connection", b"close")


class BodyLimit:
    """Stands before the site: what is too large, or tells no length, never reaches it.

    A body in chunks has no length, and the interface below would hand the site an empty one.
    """

    def __init__(self, inner: http.Application) -> None:
        self.inner = inner
        self.limit = settings.UPLOAD_MAX_BYTES + BESIDE_A_FILE

    async def __call__(self, scope: http.Scope, receive: http.Receive, send: http.Send) -> None:
        status = self._refusal(scope) if scope["type"] == "http" else None
        if status is None:
            await self.inner(scope, receive, send)
            return
        is_program = scope["path"].startswith("/api/")
        if not http.header(scope, b"expect"):
            await _read_away(receive)
        body = _problem(status) if is_program else _page(status)
        await http.answer(send, status, body, headers=[PROBLEM if is_program else HTML, CLOSE])

    def _refusal(self, scope: http.Scope) -> int | None:
        length = http.declared_length(scope)
        if length is not None:
            return TOO_LARGE if length > self.limit else None
        return LENGTH_REQUIRED if http.header(scope, b"transfer-encoding") else None


async def _read_away(receive: http.Receive) -> None:
    """Let a sender who asked nothing first come to the end, or nearly: then he reads the answer."""
    with suppress(TimeoutError):
        async with asyncio.timeout(READ_AWAY_SECONDS):
            while (await receive()).get("more_body"):
                pass


def _page(status: int) -> bytes:
    size = settings.UPLOAD_MAX_BYTES // 1024**2
    return render_to_string("413.html", {"status": status, "megabytes": size}).encode()


def _problem(status: int) -> bytes:
    return json.dumps(problems.problem_body(status), ensure_ascii=False).encode()
