"""Guesses at once, and from addresses that are none: in a process of the office."""

from collections import Counter
from typing import Any

from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from foundation import ledger
from foundation.actors import SYSTEM
from foundation.models import Event
from organization import services
from organization.locked import locked_until
from organization.models import User
from tests.faults.staging import HEADS
from tests.processes.races import at_once

AT_ONCE = 12


def guesses_at_once(*, times: int) -> list[dict[str, Any]]:
    """Let twelve browsers guess at the same name at once; return what came of it each time."""
    return [_guessed_at_once() for _ in range(times)]


def _guessed_at_once() -> dict[str, Any]:
    told, before = list[int](), _locks()
    errors = at_once([lambda: told.append(_guess("10.1.1.1")) for _ in range(AT_ONCE)])
    now, user = timezone.now(), User.objects.get(username=HEADS[0])
    locked = locked_until(now=now, username=user.username) is not None
    # So that the next time is a lock of its own.
    services.unlock_account(user=user, reason="dicoba lagi", actor=SYSTEM, now=now)
    return {
        "errors": errors,
        "odd": sorted(set(told) - {200, 429}),
        "locked": locked,
        "events": _locks() - before,
        "faults": len(list(ledger.verify())),
    }


def guesses_from(*, addresses: list[str]) -> dict[str, Any]:
    """Guess six times from each; return the answers, and under how many addresses they count."""
    found: dict[str, Any] = {}
    for address in addresses:
        AccessAttempt.objects.all().delete()
        answers = Counter(str(_guess(address)) for _ in range(6))
        found[address] = [dict(answers), AccessAttempt.objects.count()]
    return found


def _guess(address: str) -> int:
    browser = Client(raise_request_exception=False)
    fields = {"username": HEADS[0], "password": "tebakan"}
    return browser.post("/accounts/login/", fields, REMOTE_ADDR=address).status_code


def _locks() -> int:
    return Event.objects.filter(verb="account_locked").count()
