"""What the menu of every page shows: how many tasks wait for the person, and in which roles."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from organization.models import User
from organization.permissions import mandates_of
from processes import queries


class Waiting:
    """The numbers beside the menu, each asked at most once per request, and only if shown."""

    def __init__(self, user: User) -> None:
        self.user, self.now = user, timezone.now()

    @cached_property
    def mine(self) -> int:
        return queries.inbox(self.user).count()

    @cached_property
    def queue(self) -> int:
        return queries.queue(self.user, self.now).count()

    @cached_property
    def titles(self) -> str:
        found = dict.fromkeys(mandate.title for mandate in mandates_of(self.user, self.now))
        return ", ".join(found) or "Pegawai"


def waiting_of(request: HttpRequest) -> Waiting | None:
    """Return the numbers of the person signed in, the same for the view and for the menu."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    found: Waiting = vars(request).setdefault("waiting", Waiting(user))
    return found


def inbox_badge(request: HttpRequest) -> dict[str, Callable[[], Any]]:
    """Return the numbers as functions: a page that shows no menu asks the database nothing."""

    def count() -> int:
        waiting = waiting_of(request)
        return waiting.mine + waiting.queue if waiting else 0

    def titles() -> str:
        waiting = waiting_of(request)
        return waiting.titles if waiting else ""

    return {"inbox_badge": count, "user_titles": titles}
