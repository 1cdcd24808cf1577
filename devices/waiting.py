"""What waits for a supervisor beside his tasks: fingers that were recorded."""

from collections.abc import Sequence
from datetime import datetime

from devices.guards import BOARD
from devices.services.supervision import SUPERVISE, waits_for
from organization.models import User
from organization.permissions import agencies_where
from workflows.registry import Waiting, waiting


@waiting("devices.supervision")
def recordings_to_confirm(user_id: int, now: datetime) -> Sequence[Waiting]:
    """Say per agency how many recordings wait for this person as supervisor."""
    user = User.objects.get(pk=user_id)
    found = []
    for agency in agencies_where(user, SUPERVISE, now).order_by("name"):
        if count := waits_for(user, [agency]):
            text = f"{count} perekaman sidik jari di {agency} menunggu pengesahan pengawas"
            found.append(Waiting(text, f"{BOARD}?pd={agency.code}&tampil=pengawas"))
    return found
