"""What every change of the calendar leaves behind: an event, and days to be judged anew."""

import uuid
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied

from foundation import ledger, outbox
from foundation.actors import Actor
from organization.models import Agency, User
from organization.permissions import actor_allowed, agencies_where, refusal

OWN, PROVINCE = "calendar.manage", "holidays.manage"


def authority(user: User, agency: Agency | None, now: datetime) -> tuple[Agency, Actor]:
    """Return in whose ledger a change is noted, and who makes it; raise PermissionDenied.

    What holds for every agency (None) is noted in the ledger of the agency whose role allows it,
    the person's own before others.
    """
    if agency is not None:
        return agency, actor_allowed(user, OWN, agency, now)
    found = list(agencies_where(user, PROVINCE, now).order_by("pk"))
    own = user.employee.agency_id if user.employee else None
    stream = next((agency for agency in found if agency.pk == own), found[0] if found else None)
    if stream is None:
        raise PermissionDenied(refusal(user, PROVINCE, None, now))
    return stream, actor_allowed(user, PROVINCE, stream, now)


def note(
    stream: Agency,
    actor: Actor,
    verb: str,
    subject: str,
    *,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Append what happened to a row of the calendar."""
    ledger.record(
        stream=stream,
        actor=actor,
        verb=verb,
        subject=f"organization.{subject}",
        before=before,
        after=after,
        now=now,
    )


def judge_again(
    *,
    agency: Agency | int | None,
    employees: Collection[int] | None,
    first: date,
    last: date | None,
    today: date,
    cause: str,
    now: datetime,
) -> None:
    """Have days judged anew after the commit, up to today; None for all agencies or all people."""
    last = today if last is None else min(last, today)
    if first > last or (employees is not None and not employees):
        return
    outbox.enqueue(
        kind="attendance.rejudge",
        key=f"rejudge:calendar:{uuid.uuid4().hex}",
        payload={
            "agency": agency.pk if isinstance(agency, Agency) else agency,
            "employees": None if employees is None else sorted(employees),
            "first": first.isoformat(),
            "last": last.isoformat(),
            "cause": cause[:200],
        },
        run_after=now,
    )
