"""What the menu of every page shows: how many tasks wait for the person, and in which roles."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, cast

from django.http import HttpRequest
from django.utils import timezone

from organization.models import User
from organization.permissions import mandates_of
from processes import queries
from processes.counting import Count


class Waiting:
    """The numbers beside the menu: asked at once, at most once per request, only if shown."""

    def __init__(self, user: User) -> None:
        self.user, self.now = user, timezone.now()

    @classmethod
    def of(cls, request: HttpRequest) -> "Waiting":
        """Return the numbers of who is signed in, asked once for everything on the page."""
        found: Waiting = vars(request).setdefault("waiting", cls(cast(User, request.user)))
        return found

    @cached_property
    def _numbers(self) -> queries.Numbers:
        return queries.numbers(self.user, self.now)

    @property
    def mine(self) -> Count:
        return self._numbers.mine

    @property
    def queue(self) -> Count:
        return self._numbers.queue

    @property
    def unread(self) -> Count:
        """Return how many notices the person has not read."""
        return self._numbers.unread

    @property
    def filters(self) -> Count:
        """Return how many filters the person keeps for his lists."""
        return self._numbers.filters

    @cached_property
    def titles(self) -> str:
        found = dict.fromkeys(mandate.title for mandate in mandates_of(self.user, self.now))
        return ", ".join(found) or "Pegawai"

    @cached_property
    def acting(self) -> list[str]:
        """How far each mandate of a Plt. or Plh. reaches; with the agency where there are more."""
        mandates = mandates_of(self.user, self.now)
        words = [(m.agency_id, m.acting_words) for m in mandates if m.acting_words]
        agencies = {m.agency_id for m in mandates}
        if not words or len(agencies) == 1:
            return list(dict.fromkeys(text for _, text in words))
        names = {m.agency_id: m.agency_name for m in mandates}
        return list(dict.fromkeys(f"{names[agency]}: {text}" for agency, text in words))


def waiting_of(request: HttpRequest) -> Waiting | None:
    """Return the numbers of the person signed in, the same for the view and for the menu."""
    user = getattr(request, "user", None)
    return Waiting.of(request) if user is not None and user.is_authenticated else None


def inbox_badge(request: HttpRequest) -> dict[str, Callable[[], Any]]:
    """Return the numbers as functions: a page that shows no menu asks the database nothing."""

    def count() -> str:
        waiting = waiting_of(request)
        found = waiting.mine + waiting.queue if waiting else Count(0)
        return found.brief if found else ""

    def titles() -> str:
        waiting = waiting_of(request)
        return waiting.titles if waiting else ""

    def acting() -> list[str]:
        waiting = waiting_of(request)
        return waiting.acting if waiting else []

    return {"inbox_badge": count, "user_titles": titles, "user_acting": acting}
