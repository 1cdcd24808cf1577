"""Found an agency."""

from datetime import datetime
from typing import Any

from django.db import transaction

from foundation import ledger
from foundation.actors import Actor
from organization.models import Agency


@transaction.atomic
def found_agency(*, code: str, name: str, actor: Actor, now: datetime, **details: Any) -> Agency:
    """Create an agency with its letterhead; `details` are the other columns of its row."""
    agency = Agency.objects.create(code=code, name=name, **details)
    ledger.record(
        stream=agency,
        actor=actor,
        verb="agency_founded",
        subject=f"organization.agency:{agency.pk}",
        after={"code": code, "name": name},
        now=now,
    )
    return agency
