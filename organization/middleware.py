"""A person with a password given by the office chooses an own one before anything else."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

CHANGE = "password_change"


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
