"""What every request must be before a page looks at it."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

from foundation.tracing import accepted, asked_by, traced

NUL = "\x00"


class TraceMiddleware:
    """Give every request an id, the caller's own where it brings one; the answer tells it.

    Stands before everything else, so that whatever refuses or fails does so under the id.
    """

    HEADER = "X-Request-ID"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        trace = accepted(request.headers.get(self.HEADER))
        with traced(trace), asked_by(lambda: _known_user(request)):
            response = self.get_response(request)
        response[self.HEADER] = trace
        return response


def _known_user(request: HttpRequest) -> int | None:
    """Return the number of who asks, if somebody has looked already: a log asks no database."""
    found = vars(request).get("_cached_user")
    return found.pk if found is not None else None


class StorableTextMiddleware:
    """Refuse the character NUL in an address or a form.

    No keyboard makes it, and PostgreSQL stores it nowhere: neither a search nor a draft with it
    could be answered otherwise than by a fault.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> None:
        """Look here and not earlier: a form is read only after its token was found right."""
        for sent in (request.GET, request.POST):
            if any(NUL in value for _, values in sent.lists() for value in values):
                raise BadRequest("Isian memuat huruf yang tidak dapat disimpan.")
