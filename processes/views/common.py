"""What the pages of this room share: the person, refusals as pages, pages of a list."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from organization.models import User
from processes.exceptions import AlreadyDone, ProcessError
from processes.models import Task

P = ParamSpec("P")
ModelT = TypeVar("ModelT", bound=Model)

ROWS = 25
Typed = Iterable[tuple[str, str]]
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def person(request: HttpRequest) -> User:
    """Return who is signed in; the middleware lets nobody else come this far."""
    return cast(User, request.user)


def paged(request: HttpRequest, rows: "QuerySet[ModelT]", size: int = ROWS) -> "Page[ModelT]":
    """Return the page that the address names; a number out of range is the nearest one."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def refusals_as_pages(view: View[P]) -> View[P]:
    """Turn a refusal of a service into its page: 404, 403, 409 or 422."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except ProcessError as error:
            return refused(request, error)

    return answer


def refused(
    request: HttpRequest, error: ProcessError, *, task: Task | None = None, typed: Typed = ()
) -> HttpResponse:
    """Say why nothing was done, and hand back what was typed so that it can be copied."""
    if error.status == 404:
        raise Http404(error.message)
    context: dict[str, Any] = {
        "error": error,
        "task": task,
        "typed": list(typed),
        "overtaken": isinstance(error, AlreadyDone),
    }
    return render(request, "processes/refused.html", context, status=error.status)
