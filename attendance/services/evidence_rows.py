"""What every write about the evidence of days shares: its event, and the days judged anew."""

import hashlib
import json
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from attendance.services.sheets import rejudge
from foundation import ledger
from foundation.actors import Actor
from organization.models import Agency
from organization.permissions import local_date


def record(
    agency: Agency,
    actor: Actor,
    verb: str,
    subject: str,
    *,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Append what happened to a row to the ledger of the agency; nothing personal goes there."""
    ledger.record(
        stream=agency,
        actor=actor,
        verb=verb,
        subject=f"attendance.{subject}",
        before=before,
        after=after,
        now=now,
    )


def content_hash(*said: object) -> str:
    """Return the hash that an event keeps in place of what was said about a person."""
    text = json.dumps([str(part) for part in said], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def judge_again(
    agency: Agency | None,
    employees: Collection[int] | None,
    first: date,
    last: date | None,
    *,
    cause: str,
    now: datetime,
) -> None:
    """Have days judged anew after the commit, up to today; None for all agencies or all people."""
    today = local_date(agency, now) if agency is not None else now.date()
    last = today if last is None else min(last, today)
    if first > last or (employees is not None and not employees):
        return
    agency_id = agency.pk if agency is not None else None
    rejudge(
        agency_id=agency_id, employees=employees, first=first, last=last, cause=cause[:200], now=now
    )
