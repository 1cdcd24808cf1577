"""Work on letters that nobody waits for."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from attendance.services import begin_missing_runs
from foundation.outbox import handles


@handles("attendance.begin_letter_runs")
def begin_letter_runs(payload: Mapping[str, Any]) -> None:
    """Let letters of before their procedure go on in it."""
    begin_missing_runs(now=timezone.now())
