"""Who the person at a page is: still there, his own password first, and what he may, read once."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from organization.models import User
from organization.permissions import showing_to

CHANGE = "password_change"
SHOWING = ("GET", "HEAD")

# In the session: when it began, and when its owner last did something; seconds.
BEGAN, SEEN = "began", "seen"
SIGNED_OUT_IDLE = "signed_out_idle"
LACKS_SECOND_FACTOR = "lacks_second_factor"
# Noted no more often than this, or a quarter of a short limit: a click costs no write for it.
NOTED_EVERY = 5 * 60


@receiver(user_logged_in)
def note_beginning(request: HttpRequest, **kwargs: Any) -> None:
    """Note in the session when it begins."""
    request.session[BEGAN] = request.session[SEEN] = int(timezone.now().timestamp())


class IdleMiddleware:
    """Sign out who has done nothing for `SESSION_IDLE_MINUTES` (0: no such limit).

    And everybody `SESSION_COOKIE_AGE` after signing in: each writing of a session would put off its
    end. A page that looks again by itself is nobody's doing, nor is a form that only stands open.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session, limit = request.session, 60 * settings.SESSION_IDLE_MINUTES
        if SESSION_KEY in session:
            now = int(timezone.now().timestamp())
            # One from before these were noted begins now.
            began, seen = session.get(BEGAN, now), session.get(SEEN, now)
            noted_every = min(NOTED_EVERY, limit // 4) if limit else NOTED_EVERY
            if limit and now - seen >= limit:
                logout(request)
                session[SIGNED_OUT_IDLE] = True
            elif now - began >= settings.SESSION_COOKIE_AGE:
                logout(request)
            elif BEGAN not in session or (now - seen >= noted_every and is_activity(request)):
                session[BEGAN], session[SEEN] = began, now
        return self.get_response(request)


def is_activity(request: HttpRequest) -> bool:
    """Say whether a person did this: opened a page, pressed a button, or typed in an open form.

    What scripts fetch tells so in a header of the browser, or, over plain HTTP, of ours; a form
    that stands open says which of the two it is in its address (`sopan/beat.js`).
    """
    if "typing" in request.GET:
        return True
    if "untouched" in request.GET:
        return False
    fetched = request.headers.get("Sec-Fetch-Dest", "document") != "document"
    return not fetched and "X-Looks-Again" not in request.headers


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
        must = user.is_authenticated and getattr(user, "must_change_password", False)
        if must and is_page_but(request, CHANGE, "logout"):
            return redirect(CHANGE)
        return self.get_response(request)


class SecondFactorMiddleware:
    """Send who needs a second step and has none, as his sign-in noted, to where he takes it up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        lacks = SESSION_KEY in request.session and request.session.get(LACKS_SECOND_FACTOR)
        if lacks and is_page_but(request, CHANGE, "logout", "account", "second_factor"):
            return redirect("account")
        return self.get_response(request)


def is_page_but(request: HttpRequest, *names: str) -> bool:
    """Say whether this is a page of the site, and none of these.

    At the API a token decides, which asks the same of its owner.
    """
    is_static = request.path.startswith(f"/{settings.STATIC_URL.lstrip('/')}")
    is_api = request.path.startswith("/api/")
    return not (is_static or is_api or request.path in {reverse(name) for name in names})
