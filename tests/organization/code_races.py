"""One code of the second step that several browsers send at once: in a process of the office."""

from datetime import datetime
from typing import Any

import pyotp
from django.utils import timezone

from foundation import ledger
from foundation.models import Event
from organization import services
from organization.models import RecoveryCode, SecondFactor, User
from organization.permissions import person
from tests.faults.staging import HEADS
from tests.processes.races import at_once

AT_ONCE = 4


def same_code(*, on_paper: bool, times: int) -> list[dict[str, Any]]:
    """Let four browsers send the same code at once; return what came of it each time."""
    return [_sent_at_once(on_paper) for _ in range(times)]


def _sent_at_once(on_paper: bool) -> dict[str, Any]:
    user, now = User.objects.get(username=HEADS[0]), timezone.now()
    SecondFactor.objects.filter(user=user).delete()
    factor = services.begin_second_factor(user=user, actor=person(user), now=now)
    telephone = pyotp.TOTP(services.key_of(factor))
    # Confirmed by the code of the half minute before, so that the one of now is unused.
    earlier = telephone.at(now, -1)
    papers = services.confirm_second_factor(user=user, code=earlier, actor=person(user), now=now)
    code = papers[0] if on_paper else telephone.at(now)
    told, before = list[bool](), _uses()
    errors = at_once([lambda: told.append(_opens(user, code, now)) for _ in range(AT_ONCE)])
    return {
        "errors": errors,
        "opened": sorted(told),
        "papers_used": RecoveryCode.objects.filter(used_at__isnull=False).count(),
        "events": _uses() - before,
        "faults": len(list(ledger.verify())),
    }


def _opens(user: User, code: str, now: datetime) -> bool:
    return services.check_code(user=user, code=code, actor=person(user), now=now).opens


def _uses() -> int:
    return Event.objects.filter(verb="recovery_code_used").count()
