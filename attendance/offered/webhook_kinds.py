"""What programs may hear of this room: a recap that is closed, corrected or handed on."""

from typing import Any

from attendance.models import Recap
from foundation.models import Event
from processes.webhooks.kinds import offer
from processes.webhooks.own_kinds import id_of


def _recap(event: Event) -> dict[str, Any]:
    row = Recap.objects.defer("changes", "figures").get(pk=id_of(event.subject))
    return {
        "recap": row.pk,
        "month": row.subject,
        "version": row.version,
        "amends": row.amends_id,
        "sha256": row.sha256,
        "instance": row.instance_id,
    }


def _handover(event: Event) -> dict[str, Any]:
    told = {name: event.after[name] for name in ("kind", "month", "sha256") if name in event.after}
    return {"package": id_of(event.subject), **told}


offer("recap.frozen", "Rekapitulasi dibekukan", verb="recap_frozen", tell=_recap)
offer("recap.amended", "Rekapitulasi diralat", verb="recap_amended", tell=_recap)
offer("recap.handed_over", "Rekapitulasi diserahkan", verb="handover_handed", tell=_handover)
