"""The outbox handlers of this room, and what the clock calls: thin over services.

The clock calls `catch_up` every minute and `settle_days` every ten; both may be called at any time
and as often as one likes.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from attendance import links
from attendance.days.months import Month
from attendance.models import Correction, MonthFile, Recap
from attendance.services import (
    begin_missing_runs,
    correction_days,
    evaluations,
    handover_runs,
    late_punches,
    month_files,
    outage_procedure,
    periodic,
    sheets,
)
from foundation.incidents import About, describe
from foundation.indonesian import period_label
from foundation.outbox import handles, on_incident
from organization.models import Agency


@handles(sheets.REJUDGE)
def rejudge(payload: Mapping[str, Any]) -> None:
    """Judge days of people anew: {"agency", "employees", "first", "last", "cause"}."""
    sheets.rejudge_now(
        agency_id=payload.get("agency"),
        employees=payload.get("employees"),
        first=date.fromisoformat(payload["first"]),
        last=date.fromisoformat(payload["last"]),
        cause=payload.get("cause", ""),
        now=timezone.now(),
    )


@handles(sheets.REBUILD)
def rebuild_month(payload: Mapping[str, Any]) -> None:
    """Judge a month of people (None: of the agency): {"agency", "employees", "month", "cause"}."""
    sheets.rebuild_sheets(
        agency=Agency.objects.get(pk=payload["agency"]),
        month=Month.parse(payload["month"]),
        employees=payload.get("employees"),
        cause=payload.get("cause", ""),
        now=timezone.now(),
    )


@handles(periodic.JOB)
def make_periodic(payload: Mapping[str, Any]) -> None:
    """Make one periodic recap; safe to repeat: {"agency", "kind", "day"}."""
    periodic.make_periodic(
        agency=Agency.objects.get(pk=payload["agency"]),
        kind=payload["kind"],
        day=date.fromisoformat(payload["day"]),
        now=timezone.now(),
    )


@handles("attendance.begin_letter_runs")
def begin_letter_runs(payload: Mapping[str, Any]) -> None:
    """Let letters of before their procedure go on in it."""
    begin_missing_runs(now=timezone.now())


@handles(month_files.JOB)
def write_month_file(payload: Mapping[str, Any]) -> None:
    """Write a file that somebody ordered; safe to repeat: {"file"}."""
    month_files.write_month_file(file_id=payload["file"], now=timezone.now())


@on_incident(month_files.JOB)
def month_file_failed(payload: Mapping[str, Any], error: str) -> None:
    month_files.give_up(file_id=payload["file"], reason=error)


@handles(correction_days.JOB)
def count_correction(payload: Mapping[str, Any]) -> None:
    """Judge the days that a correction bears on; safe to repeat: {"correction"}."""
    correction_days.count_days(correction_id=payload["correction"], now=timezone.now())


@handles(handover_runs.JOB)
def hand_over_amendment(payload: Mapping[str, Any]) -> None:
    """Hand the packages of an amended recap over anew; safe to repeat: {"recap"}."""
    handover_runs.hand_over_amendment(recap_id=payload["recap"], now=timezone.now())


def sweep_month_files(now: datetime) -> int:
    """Remove the files of months that were ordered a day ago; called by the clock."""
    return month_files.sweep_month_files(now=now)


def catch_up(now: datetime) -> int:
    """Find punches that came since the last look; called by the clock."""
    return late_punches.catch_up(now=now)


def report_silent_machines(now: datetime) -> int:
    """Begin the procedure of machines that are silent at work; called by the clock."""
    return outage_procedure.report_silent_machines(now=now)


def begin_evaluations(now: datetime) -> int:
    """Begin the evaluation of the quarter that is over where it is due; called by the clock."""
    return evaluations.begin_evaluations(now=now)


def settle_days(now: datetime) -> int:
    """Judge the days that ended, and those whose machines were heard again; called by the clock."""
    return late_punches.settle_days(now=now)


def _about_agency(payload: Mapping[str, Any]) -> About:
    agency = Agency.objects.filter(pk=payload.get("agency") or 0).first()
    text = f"Absensi {agency}" if agency else "Absensi semua instansi"
    link = links.month(agency.code, payload["month"]) if agency and "month" in payload else ""
    return About(text=text, agency_id=agency.pk if agency else None, link=link)


def _about_correction(payload: Mapping[str, Any]) -> About:
    row = Correction.objects.get(pk=payload["correction"])
    return About(
        text=f"Koreksi nomor {row.pk}", agency_id=row.agency_id, link=links.correction(row.pk)
    )


def _about_month_file(payload: Mapping[str, Any]) -> About:
    row = MonthFile.objects.get(pk=payload["file"])
    return About(
        text=f"Berkas absensi {period_label(f'{row.month:%Y-%m}')}",
        agency_id=row.agency_id,
        link=links.month_file(row.pk),
        is_over=not row.failure,
    )


def _about_recap(payload: Mapping[str, Any]) -> About:
    recap = Recap.objects.get(pk=payload["recap"])
    return About(text=str(recap), agency_id=recap.agency_id, link=links.recap(recap.pk))


describe(
    {
        sheets.REJUDGE: "Menghitung ulang absensi",
        sheets.REBUILD: "Menghitung absensi sebulan",
        periodic.JOB: "Menyusun rekap berkala",
        "attendance.begin_letter_runs": "Memulai SOP surat ketidakhadiran",
    },
    _about_agency,
)
describe({correction_days.JOB: "Menghitung hari yang dikoreksi"}, _about_correction)
describe({month_files.JOB: "Menulis berkas absensi"}, _about_month_file, retried_here=False)
describe({handover_runs.JOB: "Menyerahkan rekap yang diralat"}, _about_recap)
