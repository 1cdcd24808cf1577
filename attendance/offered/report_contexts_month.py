"""What the report of an agency's month says, as frozen or as a draft that is marked as such."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attendance.days.months import Month, judge_month, working_days
from attendance.models import Recap, RecapRow
from attendance.offered.recap_contexts import parts_of, units_of
from attendance.offered.report_contexts_periods import definitions, printed
from attendance.recaps.composing import figures_of, make_row
from foundation.indonesian import moment_text
from organization.mandates.superiors import Superiors
from organization.models import Agency
from organization.permissions import local_date
from workflows.registry import Request, report_context


@report_context("attendance.month")
def month(request: Request) -> Mapping[str, Any]:
    """Return the matrix of a month ("2026-04") as `attendance.recap` does, and what it rests on.

    `draf` says that nothing is frozen; `dasar` is the sentence about it. `hari`, `matriks` (parts
    of a bidang), `per_bidang`, `total`, `jumlah_pegawai`, `definisi`.
    """
    agency, about = Agency.objects.get(pk=request.agency_id), Month.parse(request.subject)
    frozen = Recap.objects.newest_frozen().filter(agency=agency, month=about.first)
    recap = frozen.select_related("agency").first()
    if recap is None:
        recap, rows = judged_now(agency, about, request.now)
    else:
        rows = list(recap.rows.defer("days"))
    units = units_of(recap)
    return {
        "draf": not recap.is_frozen,
        "dasar": _basis(recap),
        "hari": [day.day for day in about.days],
        "jumlah_pegawai": len(rows),
        "matriks": parts_of(rows, {str(unit["bidang"]): unit for unit in units}),
        "per_bidang": units,
        "total": printed(recap.figures["jumlah"]),
        "definisi": definitions(),
    }


def judged_now(agency: Agency, about: Month, now: datetime) -> tuple[Recap, list[RecapRow]]:
    """Return an unsaved draft of the month and its rows, as the rules judge it now."""
    draft = Recap(agency=agency, month=about.first, built_at=now)
    superiors = Superiors.of_agency(agency.pk)
    last = min(about.last, local_date(agency, now))
    people = judge_month(agency, about, now=now)
    rows = [make_row(draft, order, who, superiors, last) for order, who in enumerate(people, 1)]
    draft.figures = figures_of(rows, working_days(about))
    return draft, rows


def _basis(recap: Recap) -> str:
    zone = recap.agency.time_zone
    if not recap.is_frozen:
        return (
            f"DRAF menurut data {moment_text(recap.built_at, zone)}; rekap bulan ini belum "
            "disahkan dan angkanya masih dapat berubah."
        )
    at = moment_text(recap.frozen_at, zone) if recap.frozen_at else "-"
    return f"Rekap yang disahkan {at}, {recap.title}, sidik SHA-256 {recap.sha256[:16]}."
