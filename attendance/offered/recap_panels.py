"""Data beside a form: letters of the period, figures of the draft, the card for a decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from attendance import links
from attendance.days.months import Month
from attendance.law.codes import Code, Flag
from attendance.letters.deciders import Deciders
from attendance.letters.questions import approver_text, letters_of
from attendance.letters.texts import badge_of, days_text, kind_text, letter_span
from attendance.models import AbsenceLetter, Recap, RecapRow
from attendance.offered.recap_contexts import comparison, days_with
from attendance.recaps.evidence_lines import Evidence, evidence_of
from attendance.recaps.questions import decided_since, frozen_before, recap_of_instance
from attendance.recaps.texts import badge_of as badge_of_recap
from foundation.indonesian import minutes_text, period_label
from organization.models import Agency
from organization.permissions import local_date
from workflows.cards import DecisionFigures, StandsOut
from workflows.registry import StepContext, panel

EXCEPTIONS = 3
SHOWN = 10


@dataclass(frozen=True)
class LetterLine:
    """A letter as a list shows it."""

    name: str
    kind: str
    span: str
    badge: tuple[str, str, str]
    scanned: bool
    waits_for: str
    link: str
    scan_link: str


@dataclass(frozen=True)
class Exceptional:
    """Someone a decision should look at first, and where the evidence is."""

    name: str
    what: str
    link: str
    employee_id: int = 0
    evidence: Sequence[Evidence] = ()


def letter_line(letter: AbsenceLetter, deciders: Deciders | None) -> LetterLine:
    waits = letter.status == AbsenceLetter.Status.CHECKED
    return LetterLine(
        name=letter.employee.name,
        kind=kind_text(letter),
        span=letter_span(letter),
        badge=badge_of(letter),
        scanned=bool(letter.scan_sha256),
        waits_for=approver_text(letter, deciders) if waits and deciders else "",
        link=links.letter(letter.pk),
        scan_link=links.scan(letter.pk) if letter.scan_sha256 else "",
    )


@panel("attendance.letters", template="attendance/panels/letters.html")
def letters(context: StepContext) -> Mapping[str, Any]:
    """The letters of the period, those that still need something first."""
    month = Month.parse(context.subject)
    agency = Agency.objects.get(pk=context.agency_id)
    deciders = Deciders.of_agency(agency.pk, local_date(agency, context.now))
    rows = sorted(
        letters_of(agency, month), key=lambda x: not (x.is_undecided or not x.scan_sha256)
    )
    open_count = sum(row.is_undecided or not row.scan_sha256 for row in rows)
    return {
        "month": str(month),
        "open_lines": [letter_line(row, deciders) for row in rows[:open_count]],
        "done_lines": [letter_line(row, deciders) for row in rows[open_count:]],
        "open_count": open_count,
        "all_link": links.letters(str(month)),
        "new_link": f"{links.LETTERS}baru/?bulan={month}",
    }


@panel("attendance.draft", template="attendance/panels/draft.html")
def draft(context: StepContext) -> Mapping[str, Any]:
    """The figures of the instance's recap, and who stands out in it."""
    recap = recap_of_instance(context.instance_id, Month.parse(context.subject))
    if recap is None:
        return {"recap": None, "subject": context.subject}
    rows = list(recap.rows.all())
    return {
        "recap": recap,
        "badge": badge_of_recap(recap),
        "subject": recap.subject,
        "zone": recap.agency.time_zone,
        "total": recap.figures["jumlah"],
        "figures": recap.figures,
        "deficit": minutes_text(recap.figures["jumlah"]["KJK"]),
        "exceptions": exceptions(recap, rows)[:SHOWN],
        "outdated": [] if recap.is_frozen else list(decided_since(recap)[:SHOWN]),
        "link": links.recap(recap.pk),
    }


@panel("attendance.approval", template="attendance/panels/approval.html")
def approval(context: StepContext) -> Mapping[str, Any]:
    """What a head needs to decide in ten seconds: one card and the exceptions by name."""
    recap = recap_of_instance(context.instance_id, Month.parse(context.subject))
    if recap is None:
        return {"recap": None, "subject": context.subject}
    before = frozen_before(recap.agency_id, Month(recap.month))
    found = exceptions(recap, list(recap.rows.all()))
    return {
        "recap": recap,
        "subject": recap.subject,
        "zone": recap.agency.time_zone,
        "figures": recap.figures,
        "total": recap.figures["jumlah"],
        "comparison": comparison(recap, before) if before else "",
        "exceptions": with_evidence(recap, found[:EXCEPTIONS]),
        "others": max(0, len(found) - EXCEPTIONS),
        "link": links.recap(recap.pk),
        "headline": headline(recap),
        "card": card(recap, found, comparison(recap, before) if before else ""),
    }


def card(recap: Recap, found: Sequence[Exceptional], compared: str) -> DecisionFigures:
    """Say in ten seconds what the head decides on."""
    figures, total = recap.figures, recap.figures["jumlah"]
    unexplained = f"{figures['pegawai_tk']} orang" if figures["pegawai_tk"] else "tidak ada"
    return DecisionFigures(
        headline=f"Rekap {period_label(recap.subject)}",
        figures=(
            ("Pegawai", str(figures["pegawai"])),
            ("Hadir", f"{total['pct']} %"),
            ("Tanpa keterangan", unexplained),
        ),
        comparison=compared or "Belum ada rekap bulan sebelumnya untuk dibandingkan.",
        stands_out=[StandsOut(one.name, one.what, one.link) for one in found[:EXCEPTIONS]],
        more=max(0, len(found) - EXCEPTIONS),
        link=links.recap(recap.pk),
        is_plain=not found,
    )


def with_evidence(recap: Recap, found: Sequence[Exceptional]) -> list[Exceptional]:
    """Put beside each line what it rests on: letter, scan, machine."""
    evidence = evidence_of(recap, [line.employee_id for line in found])
    return [replace(line, evidence=evidence[line.employee_id]) for line in found]


def headline(recap: Recap) -> str:
    """Say in one line what the decision is about."""
    figures, total = recap.figures, recap.figures["jumlah"]
    unexplained = (
        f"{figures['pegawai_tk']} tanpa keterangan ({total['TK']} hari)"
        if figures["pegawai_tk"]
        else "semua ada keterangan"
    )
    people = f"{figures['pegawai']} pegawai"
    return f"{period_label(recap.subject)}: {people}, hadir {total['pct']} %, {unexplained}."


def exceptions(recap: Recap, rows: Sequence[RecapRow]) -> list[Exceptional]:
    """Return who stands out: unexplained days first, then anomalies, then the largest deficits."""
    unexplained = sorted(
        (row for row in rows if row.counters["TK"]), key=lambda row: -row.counters["TK"]
    )
    odd = [row for row in rows if _oddities(row)]
    short = sorted(
        (row for row in rows if row.counters["KJK"]), key=lambda row: -row.counters["KJK"]
    )
    found = [
        *((row, _unexplained_text(row)) for row in unexplained),
        *((row, _oddities(row)) for row in odd),
        *((row, f"kekurangan jam kerja {minutes_text(row.counters['KJK'])}") for row in short),
    ]
    seen: set[int] = set()
    result = []
    for row, what in found:
        if row.employee_id not in seen:
            seen.add(row.employee_id)
            link = links.person(recap.pk, row.employee_id)
            result.append(Exceptional(row.name, what, link, row.employee_id))
    return result


def _unexplained_text(row: RecapRow) -> str:
    days = days_with(row, Code.UNEXPLAINED)
    return f"tanpa keterangan {len(days)} hari: {days_text(days)}"


def _oddities(row: RecapRow) -> str:
    days = [d["tanggal"] for d in row.days if Flag.PUNCHED_WHILE_AWAY in d["tanda"]]
    if not days:
        return ""
    return f"ada absen saat tercatat tidak di kantor: {days_text([*map(date.fromisoformat, days)])}"
