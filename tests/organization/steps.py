"""A step context as processes would give it."""

from dataclasses import replace
from typing import Any

from foundation.actors import SYSTEM
from organization.models import Agency
from tests.cast import NOW
from workflows.registry import StepContext


def context(agency: Agency, **values: Any) -> StepContext:
    """Return the context of a task about April 2026; `answers` stand in `form` as well."""
    plain = StepContext(
        instance_id=12,
        definition_key="uji",
        version="1",
        agency_id=agency.pk,
        subject="2026-04",
        step="langkah",
        visit=1,
        actor=SYSTEM,
        now=NOW,
    )
    answers = values.get("answers", {})
    return replace(plain, **{"form": answers, **values})
