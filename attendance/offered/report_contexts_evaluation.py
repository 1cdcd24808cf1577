"""What the periodic evaluation by BKD and Diskominfo says (art. 13(6)): agencies side by side."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from attendance.days.months import Month
from attendance.law.counting import DEFINITIONS, add_up
from attendance.offered.report_contexts_periods import printed
from attendance.offered.signing import signer, signer_of
from attendance.recaps.evaluation import AgencyFigures, evaluated
from documents.periods import MONTH, QUARTER, period_of
from foundation.indonesian import number_text
from organization.models import Agency, User
from organization.permissions import agencies_where, local_date
from workflows.registry import (
    Request,
    SubjectChoice,
    SubjectKind,
    register_subject_kind,
    report_context,
)

CAPABILITY = "evaluation.make"
QUARTERS_OFFERED, MONTHS_OFFERED = 4, 6
INDICATORS = (
    "Peringkat menurut persen hadir sah, lalu persen hadir fisik.",
    "Hadir fisik = H dibagi HK; hadir sah = (HK - TK) dibagi HK; HK: hari kerja orang.",
    "KJK per orang: kekurangan jam kerja neto dibagi jumlah pegawai, dalam menit.",
    "Sah: bulan yang rekapnya dibekukan; bulan lain dihitung menurut data sementara.",
    "Tepat: bulan yang disahkan dalam batas hari kerja yang ditetapkan.",
    "Gangguan: hari dengan sedikitnya satu mesin terganggu.",
    "M: hari orang yang memakai daftar hadir manual.",
    "Non-jari: hari orang dengan absen tanpa sidik jari di luar pengecualian yang terdaftar.",
)


@report_context("attendance.evaluation")
def evaluation(request: Request) -> Mapping[str, Any]:
    """Return the agencies that the asker evaluates; the subject is "2026-04" or "2026-Q2".

    Without an asker only the agency itself. `daftar` (best first), `belum` (agencies without a
    judged day), `jumlah_pd`, `total`, `bulan` (how many), `definisi`, `pihak` (two who sign).
    """
    agency = Agency.objects.get(pk=request.agency_id)
    months = months_of(request.subject)
    asker = request.actor.user_id or 0
    user = User.objects.filter(pk=asker).select_related("employee").first()
    agencies = _evaluated_by(user, request.now) if user else [agency]
    found = evaluated(agencies, months, local_date(agency, request.now))
    judged = [row for row in found if row.is_judged]
    return {
        "bulan": len(months),
        "jumlah_pd": len(found),
        "daftar": [_line(rank, row, len(months)) for rank, row in enumerate(judged, 1)],
        "belum": [row.agency.name for row in found if not row.is_judged],
        "total": {
            "pegawai": sum(row.people for row in found),
            **printed(add_up(row.total for row in found)),
        },
        "perhatian": _attention(judged, len(months)),
        "definisi": [*INDICATORS, *DEFINITIONS[2:6]],
        "pihak": {
            "penyusun": signer_of(user, "Penyusun"),
            "bersama": signer(None, "Pejabat Dinas Komunikasi dan Informatika / BKD"),
        },
    }


def months_of(subject: str) -> list[Month]:
    """Return the months of "2026-04" or "2026-Q2"; ValueError for anything else."""
    period = period_of(subject)
    if period.first is None or period.kind not in (MONTH, QUARTER) or "/" in subject:
        raise ValueError(f"“{subject}” bukan bulan atau triwulan.")
    months = [Month.of(period.first)]
    while period.kind == QUARTER and len(months) < 3:
        months.append(months[-1].after)
    return months


def find_evaluation(
    user_id: int, agency_id: int, subject: str, now: datetime
) -> SubjectChoice | None:
    """Return a month or quarter that began, for who evaluates: under his own letterhead."""
    try:
        months = months_of(subject)
    except ValueError:
        return None
    if not _evaluates(user_id, agency_id, now) or months[0].first > now.date():
        return None
    return SubjectChoice(subject, period_of(subject).label)


def list_evaluations(user_id: int, agency_id: int, now: datetime) -> list[SubjectChoice]:
    """Return the last quarters and months that are over."""
    if not _evaluates(user_id, agency_id, now):
        return []
    subjects = [_quarter(now.date(), back) for back in range(1, QUARTERS_OFFERED + 1)]
    month = Month.of(now.date()).before
    for _ in range(MONTHS_OFFERED):
        subjects.append(str(month))
        month = month.before
    return [SubjectChoice(subject, period_of(subject).label) for subject in subjects]


register_subject_kind(
    "attendance.evaluation", SubjectKind(find=find_evaluation, list=list_evaluations)
)


def _evaluates(user_id: int, agency_id: int, now: datetime) -> bool:
    user = User.objects.select_related("employee").get(pk=user_id)
    at_home = user.employee is not None and user.employee.agency_id == agency_id
    return at_home and agencies_where(user, CAPABILITY, now).exists()


def _evaluated_by(user: User, now: datetime) -> list[Agency]:
    """Return the agencies he looks after; an office that has no people there is not evaluated."""
    agencies = agencies_where(user, CAPABILITY, now)
    return list(agencies.filter(employees__isnull=False).distinct().order_by("name"))


def _quarter(today: date, back: int) -> str:
    """Return the quarter that lies so many quarters before that of the day."""
    index = today.year * 4 + (today.month - 1) // 3 - back
    return f"{index // 4}-Q{index % 4 + 1}"


def _line(rank: int, row: AgencyFigures, months: int) -> dict[str, Any]:
    per_person = row.total["KJK"] / row.people if row.people else 0
    return {
        "peringkat": rank,
        "nama": row.agency.name,
        "pegawai": row.people,
        **printed(row.total),
        "KJK_orang": number_text(per_person, 0),
        "disahkan": f"{row.validated}/{months}",
        "tepat": f"{row.in_time}/{months}",
        "mesin": row.machines,
        "gangguan": row.outage_days,
        "ralat": row.amendments,
        "koreksi": row.corrections,
    }


def _attention(rows: Sequence[AgencyFigures], months: int) -> list[dict[str, str]]:
    """Return per agency what stands out; what to do about it is written by hand."""
    found = []
    for row in rows:
        total = row.total
        notes = [
            (row.validated < months, f"{months - row.validated} bulan belum disahkan"),
            (
                row.in_time < row.validated,
                f"{row.validated - row.in_time} bulan disahkan terlambat",
            ),
            (total["TK"], f"{total['TK']} hari tanpa keterangan"),
            (row.outage_days, f"{row.outage_days} hari dengan gangguan mesin"),
            (total["non_jari"], f"{total['non_jari']} hari dengan absen tanpa sidik jari"),
            (not row.machines, "tidak ada mesin aktif"),
        ]
        said = [text for holds, text in notes if holds]
        if said:
            found.append({"nama": row.agency.name, "catatan": "; ".join(said)})
    return found
