"""The request beside the form of a step: reason, evidence, the days before and after."""

from collections.abc import Mapping
from typing import Any

from attendance import links
from attendance.evidence.corrected_days import concerned, lines
from attendance.evidence.correction_rules import CorrectionData, check
from attendance.evidence.texts import correction_badge, day_text, subject_text
from attendance.exceptions import DataRefused
from attendance.letters.texts import late_text
from attendance.models import Correction
from attendance.offered.correction_steps import correction_of_step, supplements
from attendance.recaps.questions import frozen_months
from workflows.cards import DecisionFigures, StandsOut
from workflows.registry import StepContext, panel

SHOWN_DAYS = 10


@panel("attendance.correction", template="attendance/panels/correction.html")
def correction(context: StepContext) -> Mapping[str, Any]:
    """What a step of the procedure needs, in one card."""
    row = correction_of_step(context)
    days = lines(row)
    changed, late = _changed(row, context), _late(row, context)
    return {
        "correction": row,
        "zone": row.agency.time_zone,
        "subject": subject_text(row),
        "badge": correction_badge(row),
        "days": [
            (line.person, line.day, day_text(line.was), day_text(line.becomes or line.was))
            for line in days[:SHOWN_DAYS]
        ],
        "more_days": max(0, len(days) - SHOWN_DAYS),
        "supplements": supplements(row),
        "changed": changed,
        "late": late,
        "link": links.correction(row.pk),
        "headline": f"{row.get_kind_display()}: {subject_text(row)}.",
        "card": card(row, changed, late),
    }


def card(row: Correction, changed: str, late: str) -> DecisionFigures:
    """Say in ten seconds what is asked, and what speaks against it."""
    link = links.correction(row.pk)
    odd: list[StandsOut] = []
    if changed:
        odd.append(StandsOut("Tidak dapat dikabulkan lagi", changed, link))
    elif late:
        odd.append(StandsOut("Menyangkut bulan yang sudah ditutup", late, link))
    return DecisionFigures(
        headline=f"{row.get_kind_display()}: {subject_text(row)}",
        figures=(
            ("Pegawai", str(row.people or 1)),
            ("Bukti", "ada" if row.evidence else "tidak ada"),
        ),
        comparison=f"Alasan: {row.reason}",
        stands_out=odd,
        link=link,
    )


def _late(row: Correction, context: StepContext) -> str:
    """Say which months of the request are frozen already, "" where none is or it is decided."""
    if row.status != Correction.Status.REQUESTED:
        return ""
    about = concerned(row, context.now)
    return late_text(frozen_months(row.agency_id, about.first, about.last))


def _changed(row: Correction, context: StepContext) -> str:
    """Return why a request cannot be granted any more, "" where it can."""
    if row.status != Correction.Status.REQUESTED:
        return ""
    try:
        check(row.agency, CorrectionData.of(row), context.now, besides=row.pk)
    except DataRefused as refusal:
        return str(refusal.message)
    return ""
