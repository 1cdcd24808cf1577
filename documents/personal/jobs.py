"""The outbox handlers of copies of personal data."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from documents.models import PersonalCopy
from documents.personal import copies
from foundation.incidents import About, describe
from foundation.outbox import handles, on_incident


@handles(copies.JOB)
def make_copy(payload: Mapping[str, Any]) -> None:
    """Write a copy that somebody asked for; safe to repeat: {"copy"}."""
    copies.make_copy(copy_id=payload["copy"], now=timezone.now())


@on_incident(copies.JOB)
def copy_failed(payload: Mapping[str, Any], error: str) -> None:
    copies.fail_copy(copy_id=payload["copy"], reason=error)


def _about(payload: Mapping[str, Any]) -> About:
    """Whose data it was is not told to those who look after failed work."""
    row = PersonalCopy.objects.get(pk=payload["copy"])
    return About(
        text="Salinan data pribadi",
        agency_id=row.agency_id,
        is_over=row.state != PersonalCopy.State.FAILED,
    )


describe({copies.JOB: "Menyusun salinan data pribadi"}, _about, retried_here=False)
