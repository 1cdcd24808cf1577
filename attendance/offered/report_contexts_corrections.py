"""What the berita acara of a correction says (art. 6(2)b): before, after, evidence, reason."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from attendance.evidence.corrected_days import DayLine, lines
from attendance.evidence.texts import day_text, subject_text
from attendance.models import Correction
from attendance.offered.correction_steps import correction_of_step, supplements
from attendance.offered.signing import signer_of
from attendance.services.correction_runs import run_of
from devices.recording.contexts import day_in_words
from foundation.indonesian import date_text, moment_text
from organization.contexts import person
from organization.models import User
from workflows.registry import (
    Request,
    StepContext,
    SubjectChoice,
    SubjectKind,
    document_context,
    register_subject_kind,
    report_context,
)

OFFERED, DAYS_TOLD = 50, 60
RELATED = (
    "agency", "employee", "device", "punch", "letter__employee",
    "requested_by__employee", "decided_by__employee__agency",
)  # fmt: skip


@report_context("attendance.correction")
def correction(request: Request) -> Mapping[str, Any]:
    """Return a correction that BKD granted; the subject is "2026-04-13/<id>".

    `hari` (the day of the decision in words), `koreksi`, `perubahan` (per day: before and after),
    `lebih` (days that are not listed), `pihak` (`bkd` and `pd` as they sign), `kode_penerbit` (the
    code of the agency that decided, whose kop the paper carries).
    """
    number = _id_of(request.subject)
    row = Correction.objects.select_related(*RELATED).get(pk=number, agency=request.agency_id)
    return told_by(row, request.now)


@document_context("attendance.correction")
def correction_of_procedure(context: StepContext) -> Mapping[str, Any]:
    """Return the same for the run of a correction, its supplements among the evidence."""
    row = Correction.objects.select_related(*RELATED).get(pk=correction_of_step(context).pk)
    told = dict(told_by(row, context.now))
    own = [row.evidence_name, *(one.original_name for one in supplements(row))]
    told["koreksi"] = {**told["koreksi"], "bukti": ", ".join(filter(None, own)) or "-"}
    return told


def told_by(row: Correction, now: datetime) -> Mapping[str, Any]:
    """Return what a berita acara tells of a correction."""
    zone = row.agency.time_zone
    decided = (row.decided_at or now).astimezone(ZoneInfo(zone))
    days = lines(row)
    decider = row.decided_by.employee if row.decided_by else None
    return {
        "hari": day_in_words(decided),
        "koreksi": {
            "nomor": row.pk,
            "jenis": row.get_kind_display(),
            "tentang": subject_text(row),
            "pegawai": person(row.employee) if row.employee else {},
            "alasan": row.reason,
            "bukti": row.evidence_name or "-",
            "sidik": row.evidence_sha256[:16],
            "diminta": moment_text(row.requested_at, zone),
            "diminta_oleh": row.requested_by.get_full_name(),
            "diputuskan": moment_text(decided, zone),
            "catatan": row.note,
        },
        "perubahan": [_change(line) for line in days[:DAYS_TOLD]],
        "lebih": max(0, len(days) - DAYS_TOLD),
        "pihak": {
            "bkd": signer_of(row.decided_by, "Badan Kepegawaian Daerah"),
            "pd": signer_of(row.requested_by, "Petugas Perangkat Daerah"),
        },
        "kode_penerbit": decider.agency.code if decider else "",
    }


def subject_of(row: Correction) -> str:
    """Return how a correction is named: its day (of a clock the first wrong one) and its number."""
    return f"{_day_of(row).isoformat()}/{row.pk}"


def is_reportable(row: Correction) -> bool:
    """Say whether a correction was granted and counted, and no procedure writes its paper."""
    granted = row.status == Correction.Status.APPROVED and not row.is_counting
    return granted and run_of(row) is None


def find_correction(
    user_id: int, agency_id: int, subject: str, now: datetime
) -> SubjectChoice | None:
    """Return a correction that was granted and counted, where the person sees it."""
    try:
        number = _id_of(subject)
    except ValueError:
        return None
    rows = Correction.objects.visible_to(User.objects.get(pk=user_id), now).select_related(*RELATED)
    row = rows.filter(pk=number, agency=agency_id).first()
    if row is None or not is_reportable(row) or subject != subject_of(row):
        return None
    return _choice(row)


def list_corrections(user_id: int, agency_id: int, now: datetime) -> list[SubjectChoice]:
    rows = Correction.objects.visible_to(User.objects.get(pk=user_id), now).select_related(*RELATED)
    granted = rows.filter(agency=agency_id, status=Correction.Status.APPROVED)
    newest = granted.defer("before", "after").order_by("-decided_at", "-pk")[:OFFERED]
    return [_choice(row) for row in newest if is_reportable(row)]


register_subject_kind(
    "attendance.correction", SubjectKind(find=find_correction, list=list_corrections)
)


def _choice(row: Correction) -> SubjectChoice:
    return SubjectChoice(subject_of(row), f"Nomor {row.pk}: {subject_text(row)}")


def _day_of(row: Correction) -> date:
    """Return the day a correction is filed under."""
    if row.day is not None:
        return row.day
    if row.letter is not None:
        return row.letter.first_on
    at = row.wrong_from or row.requested_at
    return at.astimezone(ZoneInfo(row.agency.time_zone)).date()


def _id_of(subject: str) -> int:
    number = subject.partition("/")[2]
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise ValueError(f"“{subject}” tidak menyebut koreksi.")
    return int(number)


def _change(line: DayLine) -> dict[str, Any]:
    becomes = line.becomes
    return {
        "nama": line.person,
        "tanggal": date_text(line.day),
        "semula": day_text(line.was),
        "menjadi": day_text(becomes) if becomes and line.differs else "tidak berubah",
        "alasan": " ".join(becomes.reasons) if becomes and line.differs else "",
    }
