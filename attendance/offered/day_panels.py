"""Data beside the forms of a day: what was looked at, who changed, who is there, who was asked."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from attendance import links
from attendance.checkins.hours import hours_of_office
from attendance.checkins.monitor import day_watched
from attendance.checkins.probes import probes_of
from attendance.checkins.staff_changes import staff_changes
from attendance.days.today import NAMES_OF_STATES, State
from attendance.models import DayFile, Outage
from attendance.offered.day_guards import is_of_row, missing_on
from attendance.offered.days import agency_and_day
from organization.models import Agency
from workflows.registry import StepContext, panel

SHOWN = 12
LONGEST_PAUSE = 30  # days without work in a row that are looked through


@panel("attendance.day_probes", template="attendance/panels/day_probes.html")
def day_probes(context: StepContext) -> Mapping[str, Any]:
    """What presences need, looked at now; where something fails, the way to report it."""
    agency, day = agency_and_day(context)
    probes = probes_of(agency, day, context.now)
    failing = [f"{probe.name}: {probe.text}" for probe in probes if not probe.is_well]
    known = Outage.objects.filter(agency=agency).touching(day, day).order_by("pk").last()
    return {
        "probes": probes,
        "failing": failing,
        "report_link": links.report_outage(agency.code, day, "; ".join(failing)),
        "outage": known,
        "outage_link": links.outage(known.pk) if known else "",
    }


@panel("attendance.staff_changes", template="attendance/panels/staff_changes.html")
def changes(context: StepContext) -> Mapping[str, Any]:
    """Who came, moved or left since the last day of work."""
    agency, day = agency_and_day(context)
    found = staff_changes(agency, _work_before(agency, day), day)
    return {"changes": found, "shown": SHOWN, "employees_link": "/pegawai/"}


@panel("attendance.day_watched", template="attendance/panels/day_watched.html")
def watched(context: StepContext) -> Mapping[str, Any]:
    """The day in figures, with the page where it is watched."""
    agency, day = agency_and_day(context)
    hours = hours_of_office(agency, day)
    over = hours is None or hours[1] <= context.now
    told = day_watched(agency, day, now=context.now, after_hours=over)
    return {
        "states": [(NAMES_OF_STATES[s], told.board.total.get(s, 0)) for s in State
                   if s is not State.UNSCHEDULED or told.board.total.get(s)],
        "people": sum(told.board.total.values()),
        "watched": told,
        "link": links.watch(agency.code, day),
        "over": over,
    }  # fmt: skip


@panel("attendance.contacts", template="attendance/panels/contacts.html")
def contacts(context: StepContext) -> Mapping[str, Any]:
    """Whom of this row nobody has reached yet, and what the others said."""
    agency, day = agency_and_day(context)
    people = [person for person in missing_on(context) if is_of_row(person, context.row)]
    return {
        "people": people[:SHOWN],
        "more": max(0, len(people) - SHOWN),
        "link": f"{links.watch(agency.code, day)}#tanpa-presensi",
        "zone": agency.time_zone,
    }


@panel("attendance.day_file", template="attendance/panels/day_file.html")
def day_file(context: StepContext) -> Mapping[str, Any]:
    """The file of the day and its hash."""
    agency, day = agency_and_day(context)
    row = DayFile.objects.filter(agency=agency, day=day).first()
    return {"file": row, "link": links.day_file(row.pk) if row else "", "zone": agency.time_zone}


def _work_before(agency: Agency, day: date) -> date:
    """Return the last day of work before a day."""
    for back in range(1, LONGEST_PAUSE):
        if hours_of_office(agency, day - timedelta(days=back)) is not None:
            return day - timedelta(days=back)
    return day - timedelta(days=1)
