"""What happens between the rooms and whoever reads their pages."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.messages.storage.base import BaseStorage
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import Resolver404, resolve

from organization.api.problems import MEDIA_TYPE, problem

LOST = "Tindakan ini belum dijalankan. Tekan lagi tombolnya bila masih diperlukan."


class LostPostMiddleware:
    """Lead who opens the address of a button back to the page with the button.

    Signing in again after the session ended opens the address that was posted to, which a browser
    can only read: what was sent is lost. Programs, which ask for no HTML, are told 405 as ever.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_read = request.method == "GET" and "text/html" in request.headers.get("accept", "")
        if not (is_read and isinstance(response, HttpResponseNotAllowed)):
            return response
        query = request.META.get("QUERY_STRING", "")
        told = messages.get_messages(request)
        if LOST not in [str(message) for message in told]:
            messages.warning(request, LOST)
        if isinstance(told, BaseStorage):
            told.used = False  # looked at here, but still to be shown on the page
        return HttpResponseRedirect(page_above(request.path) + (f"?{query}" if query else ""))


def page_above(path: str) -> str:
    """Return the nearest address above this one that leads somewhere: "/tugas/7/" of its acts."""
    while (path := path.rstrip("/").rpartition("/")[0] + "/") != "/":
        try:
            resolve(path)
        except Resolver404:
            continue
        return path
    return "/"


class ApiProblemMiddleware:
    """Answer programs with problem+json where a page of the site would say what is wrong.

    Most refusals of the API are such already; this is for those that are made before or beside it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_api = request.path.startswith("/api/")
        if not is_api or response.status_code < 400 or response["Content-Type"] == MEDIA_TYPE:
            return response
        allow = {"Allow": response["Allow"]} if response.has_header("Allow") else {}
        return problem(response.status_code, headers=allow)
