"""The alarm that stands in the inbox of everybody who may see the officers, until it is mended."""

from collections.abc import Sequence
from datetime import datetime

from organization import links
from organization.models import OfficerNeed
from organization.permissions import account, agencies_where, may_somewhere
from workflows.registry import Waiting, waiting

VIEW = "officers.view"
SHOWN = 5


@waiting("organization.officers")
def too_few_officers(user_id: int, now: datetime) -> Sequence[Waiting]:
    """List the agencies in which too few officers serve (Pergub NTT 67/2019 art. 7(1))."""
    user = account(user_id)
    if not may_somewhere(user, VIEW, now):
        return []
    needs = OfficerNeed.objects.shortages().filter(agency__in=agencies_where(user, VIEW, now))
    found = list(needs.select_related("agency").order_by("opened_at", "pk")[: SHOWN + 1])
    lines = [
        Waiting(f"Kekurangan petugas di {need.agency.name}: {need.reason}",
                links.officers(need.agency.code))
        for need in found[:SHOWN]
    ]  # fmt: skip
    if len(found) > SHOWN:
        lines.append(Waiting("Perangkat daerah lain juga kekurangan petugas.", links.OFFICERS))
    return lines
