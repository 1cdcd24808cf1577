"""What this room takes away in time: sessions, wrong passwords, tokens, notes of who looked."""

from datetime import datetime

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet

from foundation.models import Viewing
from foundation.retention import AT_ONCE, Sweep, sweep
from organization.models import ApiToken


def _sessions(before: datetime) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lt=before)


def _failures(before: datetime) -> QuerySet[AccessAttempt]:
    found: QuerySet[AccessAttempt] = AccessAttempt.objects.filter(attempt_time__lt=before)
    return found


def _tokens(before: datetime) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(Q(expires_at__lt=before) | Q(revoked_at__lt=before))


def _viewings(before: datetime) -> QuerySet[Viewing]:
    return Viewing.objects.filter(at__lt=before)


def _remove_viewings(before: datetime) -> int:
    done = 0
    while ids := list(_viewings(before).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        done += Viewing.objects.filter(pk__in=ids).delete()[0]
    return done


sweep(
    Sweep(
        key="organization.sessions",
        count=lambda before: _sessions(before).count(),
        remove=lambda before: _sessions(before).delete()[0],
    )
)
sweep(
    Sweep(
        key="organization.failures",
        count=lambda before: _failures(before).count(),
        remove=lambda before: _failures(before).delete()[0],
    )
)
sweep(
    Sweep(
        key="organization.tokens",
        count=lambda before: _tokens(before).count(),
        remove=lambda before: _tokens(before).delete()[0],
    )
)
sweep(
    Sweep(
        key="organization.viewings",
        count=lambda before: _viewings(before).count(),
        remove=_remove_viewings,
    )
)
