"""The agencies that nobody heads today, told to whoever can do something about it."""

from collections.abc import Sequence
from datetime import datetime

from organization.mandates.heads import headless
from organization.models import Agency, User
from organization.permissions import agencies_where, may_somewhere

APPOINTS = "officials.appoint"
KNOWS = "officers.appoint"  # the office's own admin


def headless_of(user: User, now: datetime) -> Sequence[Agency]:
    """Return the agencies without a head where this person appoints one or prepares the office."""
    asked = [name for name in (APPOINTS, KNOWS) if may_somewhere(user, name, now)]
    if not asked:
        return []
    mine = agencies_where(user, asked[0], now)
    for name in asked[1:]:
        mine = mine | agencies_where(user, name, now)
    return headless(mine, now)
