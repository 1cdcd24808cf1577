"""Found an agency, and say under which other it stands."""

from datetime import datetime
from typing import Any

from django.db import transaction

from foundation import ledger
from foundation.actors import Actor
from organization.exceptions import AgencyRefused
from organization.models import Agency

DEEPEST = 3  # a PD, its branch (UPT), and what that keeps apart


@transaction.atomic
def found_agency(*, code: str, name: str, actor: Actor, now: datetime, **details: Any) -> Agency:
    """Create an agency with its letterhead; `details` are the other columns of its row."""
    agency = Agency.objects.create(code=code, name=name, **details)
    ledger.record(
        stream=agency,
        actor=actor,
        verb="agency_founded",
        subject=f"organization.agency:{agency.pk}",
        after={"code": code, "name": name, "parent": agency.parent_id},
        now=now,
    )
    return agency


@transaction.atomic
def place_agency(*, agency: Agency, under: Agency | None, actor: Actor, now: datetime) -> Agency:
    """Let an agency stand under another, or under none; the same again changes nothing.

    It says where people find it. Nobody may do more or less by it: rights are appointments.
    Raises AgencyRefused for a ring, or a tree deeper than three.
    """
    # One at a time, whatever the agency: two that are placed under each other make a ring.
    rows = {row.pk: row for row in Agency.objects.select_for_update(no_key=True).order_by("pk")}
    row = rows[agency.pk]
    before, after = row.parent_id, under.pk if under else None
    if before == after:
        return row
    row.parent_id = after
    if problem := _problem(row, rows):
        raise AgencyRefused(problem)
    row.save(update_fields=["parent"])
    ledger.record(
        stream=row,
        actor=actor,
        verb="agency_placed",
        subject=f"organization.agency:{row.pk}",
        before={"parent": before},
        after={"parent": after},
        now=now,
    )
    return row


def _problem(moved: Agency, rows: dict[int, Agency]) -> str:
    above, at = [moved], moved
    while at.parent_id is not None:
        at = rows[at.parent_id]
        if at == moved:
            return f"{moved.name} tidak dapat berada di bawah dirinya sendiri."
        above.append(at)
    if len(above) - 1 + _height(moved, rows) > DEEPEST:
        return f"Susunan perangkat daerah paling dalam {DEEPEST} tingkat."
    return ""


def _height(agency: Agency, rows: dict[int, Agency]) -> int:
    below = [row for row in rows.values() if row.parent_id == agency.pk]
    return 1 + max((_height(row, rows) for row in below), default=0)
