"""What the menu of every page shows: how many tasks wait for the person, and in which roles."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from organization.models import User
from organization.permissions import mandates_of
from processes import queries


def inbox_badge(request: HttpRequest) -> dict[str, Callable[[], Any]]:
    """Return the numbers as functions: a page that shows no menu asks the database nothing."""
    user = getattr(request, "user", None)

    @cache
    def count() -> int:
        if not isinstance(user, User):
            return 0
        return queries.inbox(user).count() + queries.queue(user, timezone.now()).count()

    @cache
    def titles() -> str:
        if not isinstance(user, User):
            return ""
        found = dict.fromkeys(mandate.title for mandate in mandates_of(user, timezone.now()))
        return ", ".join(found) or "Pegawai"

    return {"inbox_badge": count, "user_titles": titles}
