"""The letter beside the form of a step: what it says, its scan, who decides, what it changes."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from attendance import links
from attendance.law.codes import LEAVES, Code
from attendance.letters.deciders import Deciders
from attendance.letters.texts import (
    badge_of,
    kind_text,
    late_text,
    letter_span,
    letter_title,
    pages_text,
)
from attendance.models import AbsenceLetter
from attendance.offered.letter_steps import letter_of
from attendance.recaps.questions import frozen_months_of
from organization.permissions import local_date
from workflows.cards import DecisionFigures, StandsOut
from workflows.registry import StepContext, panel


@panel("attendance.letter", template="attendance/panels/letter.html")
def letter(context: StepContext) -> Mapping[str, Any]:
    """What a decision on a letter needs, in one card."""
    found = letter_of(context)
    agency = found.employee.agency
    deciders = Deciders.of_agency(agency.pk, local_date(agency, context.now))
    return {
        "letter": found,
        "zone": agency.time_zone,
        "kind": kind_text(found),
        "span": letter_span(found),
        "days": (found.last_on - found.first_on + timedelta(days=1)).days,
        "badge": badge_of(found),
        "pages": pages_text(found) if found.scan_sha256 else "",
        "link": links.letter(found.pk),
        "scan_link": links.scan(found.pk) if found.scan_sha256 else "",
        "deciders": [str(one) for one in deciders.of_letter(found)],
        "problem": deciders.problem(found.employee_id),
        "late": late_text(frozen_months_of(found)),
        "is_leave": Code(found.kind) in LEAVES,
        "is_returned": found.status == AbsenceLetter.Status.RETURNED,
        "headline": f"{letter_title(found)}, {kind_text(found)}.",
        "card": card(found),
    }


def card(letter: AbsenceLetter) -> DecisionFigures:
    """Say in ten seconds whose letter it is, for which days, and what is odd about it."""
    days = (letter.last_on - letter.first_on + timedelta(days=1)).days
    odd = []
    if not letter.scan_sha256:
        odd.append(StandsOut("Belum dipindai", "suratnya belum ada", links.letter(letter.pk)))
    if late := late_text(frozen_months_of(letter)):
        odd.append(StandsOut("Menyangkut bulan yang sudah ditutup", late, links.letter(letter.pk)))
    return DecisionFigures(
        headline=letter_title(letter),
        figures=(
            ("Jenis", kind_text(letter)),
            ("Tanggal", letter_span(letter)),
            ("Lama", f"{days} hari"),
        ),
        comparison=letter.reason,
        stands_out=odd,
        link=links.scan(letter.pk) if letter.scan_sha256 else links.letter(letter.pk),
        is_plain=not odd,
    )
