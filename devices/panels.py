"""What this room shows beside a form."""

from collections.abc import Mapping
from typing import Any

from devices.guards import BOARD, IMPORT, LIST
from devices.health import clock_text
from devices.overview import (
    SHOWN_MISSING,
    activity,
    devices_of,
    enrolment_rows,
    log_counts,
    readiness,
)
from devices.punches import subject_days
from devices.recording import anew as recording_anew  # noqa: F401  registers itself
from organization.models import Agency
from workflows.registry import StepContext, panel


@panel("devices.machines", template="devices/panels/machines.html")
def machines(context: StepContext) -> Mapping[str, Any]:
    rows = [
        {"device": d, "clock": clock_text(d), "problem": readiness(d, context.now)}
        for d in devices_of(context.agency_id)
    ]
    return {"rows": rows, "link": LIST}


@panel("devices.enrolment", template="devices/panels/enrolment.html")
def enrolment(context: StepContext) -> Mapping[str, Any]:
    agency = Agency.objects.get(pk=context.agency_id)
    rows = enrolment_rows(agency, context.now)
    open_rows = [row for row in rows if not row.settled]
    return {
        "total": len(rows),
        "recorded": sum(row.status == "recorded" for row in rows),
        "excused": sum(row.settled and row.status != "recorded" for row in rows),
        "waiting": sum(bool(row.waiting) for row in rows),
        "missing": open_rows[:SHOWN_MISSING],
        "rest": max(len(open_rows) - SHOWN_MISSING, 0),
        "link": BOARD,
    }


@panel("devices.activity", template="devices/panels/activity.html")
def punch_activity(context: StepContext) -> Mapping[str, Any]:
    agency = Agency.objects.get(pk=context.agency_id)
    days = subject_days(context.subject)
    return {
        "days": activity(agency, *days) if days else [],
        "counts": log_counts(agency, *days) if days else None,
        "link": IMPORT,
    }
