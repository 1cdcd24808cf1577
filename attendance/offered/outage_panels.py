"""The outage beside the form of a step: machine, report, repair, and each day's recap."""

from collections.abc import Mapping, Sequence
from typing import Any

from attendance import links
from attendance.evidence.outage_conflicts import conflicts_of
from attendance.evidence.outage_days import current_delivery, day_to_send, given_back
from attendance.evidence.outage_lists import rows_of
from attendance.evidence.texts import outage_badge, outage_span
from attendance.models import Outage
from attendance.offered.outage_steps import outage_of_step
from devices import health
from foundation.indonesian import date_text
from workflows.registry import StepContext, panel


@panel("attendance.outage", template="attendance/panels/outage.html")
def outage(context: StepContext) -> Mapping[str, Any]:
    """What a step of the procedure needs, in one card."""
    found = outage_of_step(context)
    in_hand = current_delivery(found)
    day = in_hand.day if in_hand else day_to_send(found, context.now)
    machine = found.device.name if found.device else "Semua mesin"
    return {
        "outage": found,
        "zone": found.agency.time_zone,
        "machine": machine,
        "heard": bool(found.device and not health.is_silent(found.device, context.now)),
        "span": outage_span(found),
        "badge": outage_badge(found),
        "day": day,
        "in_hand": in_hand,
        "back": given_back(found, day) if day and not in_hand else None,
        "typed": sum(row.day == day for row in rows_of(found)) if day else 0,
        "deliveries": delivery_lines(found),
        "link": links.outage(found.pk),
        "list_link": links.outage_list(found.pk, day) if day else "",
        "headline": f"{machine}, {outage_span(found)}."
        + (f" Hari yang ditangani: {date_text(day)}." if day else ""),
    }


@panel("attendance.outage_conflicts", template="attendance/panels/outage_conflicts.html")
def outage_conflicts(context: StepContext) -> Mapping[str, Any]:
    """What waits for BKD where list and machine differ."""
    found = outage_of_step(context)
    return {
        "conflicts": conflicts_of(found, context.now),
        "link": links.outage_conflicts(found.pk),
    }


def delivery_lines(found: Outage) -> Sequence[Any]:
    """Return the recaps of an outage with all who handled them, by day."""
    rows = found.deliveries.select_related(
        "softcopy", "sent_by__employee", "received_by__employee", "copy_received_by__employee",
        "checked_by__employee",
    )  # fmt: skip
    return list(rows)
