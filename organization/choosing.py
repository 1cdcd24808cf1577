"""Reads from a form's answers who was chosen as what; the names of roles and fields are data."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from organization.services import Chosen


def chosen_officers(fields: Mapping[str, str], answers: Mapping[str, Any]) -> list[Chosen]:
    """Return the people of each role. A field holds the id of an employee, or a list of them."""
    chosen = []
    for role, field in fields.items():
        value = answers.get(field) or []
        values: Sequence[Any] = value if isinstance(value, list | tuple) else [value]
        # What is no number is nobody: the services refuse an unknown person by name.
        chosen += [Chosen(int(v) if str(v).isdecimal() else 0, role) for v in values]
    return chosen


def answered_date(field: str | None, answers: Mapping[str, Any]) -> date | None:
    """Return a date field's value, which a form keeps as ISO text."""
    value = answers.get(field) if field else None
    return date.fromisoformat(str(value)) if value else None
