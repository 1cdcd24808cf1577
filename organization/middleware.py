"""Who the person at a page is: his own password first, and what he may, read once to show it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from organization.models import User
from organization.permissions import showing_to

CHANGE = "password_change"
SHOWING = ("GET", "HEAD")


class ShowingMiddleware:
    """Read a person's mandates once for a page that is only shown; every entry of the menu asks.

    What is sent in (POST) asks anew each time: there an appointment may end between two looks.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in SHOWING or not isinstance(request.user, User):
            return self.get_response(request)
        with showing_to(request.user):
            return self.get_response(request)


class PasswordChangeMiddleware:
    """Send every page but sign-out, the change itself and static files to the change."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and getattr(user, "must_change_password", False):
            open_paths = {reverse(CHANGE), reverse("logout")}
            is_static = request.path.startswith(f"/{settings.STATIC_URL.lstrip('/')}")
            # There a token decides, which asks the same of its owner.
            is_api = request.path.startswith("/api/")
            if request.path not in open_paths and not is_static and not is_api:
                return redirect(CHANGE)
        return self.get_response(request)
