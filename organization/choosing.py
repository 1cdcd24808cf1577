"""Reads from a form's answers who was chosen as what; the names of roles and fields are data."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from foundation.actors import Actor
from organization.models import Employee
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


def choosing_himself(chosen: Sequence[Chosen], actor: Actor) -> list[str]:
    """Return the reason against it where somebody chooses himself: he would approve his own work.

    The regulation is silent; the same holds for the roles that an office gives by itself.
    """
    if actor.user_id is None:
        return []
    own = Employee.objects.filter(user=actor.user_id).values_list("pk", flat=True)
    if {choice.employee_id for choice in chosen}.isdisjoint(own):
        return []
    return ["Tidak seorang pun menunjuk dirinya sendiri; pilih orang lain."]


def answered_date(field: str | None, answers: Mapping[str, Any]) -> date | None:
    """Return a date field's value, which a form keeps as ISO text."""
    value = answers.get(field) if field else None
    return date.fromisoformat(str(value)) if value else None


def wrong_dates(first: date | None, last: date | None, on: date) -> list[str]:
    """Return what is wrong with the time of an appointment that is made today."""
    reasons = []
    if first is not None and first > on:
        reasons.append("Penugasan belum dapat dicatat: tanggal mulai berlakunya masih akan datang.")
    if last is not None and (last < on or (first is not None and last < first)):
        reasons.append("Penugasan ini sudah berakhir; perbaiki tanggal akhir berlakunya.")
    return reasons
