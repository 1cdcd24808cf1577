"""What programs that watch are answered, before any page, session or sign-in is thought of.

These are no routes of the site: a probe calls the server by its number, over plain HTTP and without
a cookie, which the rest of the middleware is there to refuse.
"""

import json
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from config.health.access import may_look_inside
from config.health.findings import Asker, State, overall
from config.health.parts import GROUPS
from config.metrics import exposition
from devices.door import http

LIVE = "/healthz/live"
ALIVE = {"status": "ok"}
asker = Asker(GROUPS)


class HealthMiddleware:
    """Answers `/healthz`, `/healthz/ready`, `/healthz/live` and `/metrics`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = ANSWERS.get(request.path_info.rstrip("/"))
        if answer is None:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        response = answer(request)
        response["Cache-Control"] = "no-store"
        return response


def ready(request: HttpRequest) -> HttpResponse:
    found = asker.ask()
    state = overall(asker.parts, found)
    status = 503 if state is State.DOWN else 200
    if not may_look_inside(request):
        return JsonResponse({"status": State.DOWN if status == 503 else State.OK}, status=status)
    parts = {name: {"state": part.state, **part.figures} for name, part in found.items()}
    return JsonResponse({"status": state, "parts": parts}, status=status)


def live(request: HttpRequest) -> HttpResponse:
    return JsonResponse(ALIVE)


def metrics(request: HttpRequest) -> HttpResponse:
    if not may_look_inside(request):
        return HttpResponse(status=403, content_type="text/plain")
    return HttpResponse(exposition.written(), content_type=exposition.CONTENT_TYPE)


ANSWERS = {"/healthz": ready, "/healthz/ready": ready, LIVE: live, "/metrics": metrics}


class LiveDoor:
    """Says that the process lives before any thread is needed: all of them may wait for a database.

    Whoever restarts what does not answer would else restart servers that are only waiting.
    """

    def __init__(self, inner: http.Application) -> None:
        self.inner = inner

    async def __call__(self, scope: http.Scope, receive: http.Receive, send: http.Send) -> None:
        if scope["type"] == "http" and scope["path"] == LIVE:
            await http.answer(send, 200, json.dumps(ALIVE).encode())
        else:
            await self.inner(scope, receive, send)
