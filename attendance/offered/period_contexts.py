"""What Word files may say about a period beside its figures: outages, corrections, evidence."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from attendance.days.months import Month
from attendance.evidence.texts import outage_badge, outage_span, subject_text
from attendance.law.codes import NAMES, Code
from attendance.letters.questions import letters_of
from attendance.letters.texts import letter_span
from attendance.models import AbsenceLetter, Correction, Outage, OutageDelivery
from foundation.indonesian import moment_text
from organization.models import Agency
from workflows.registry import Request, document_context

Row = TypeVar("Row")
SAMPLED = 12  # letters that a validation lists as evidence looked at


@document_context("attendance.period_evidence")
def period_evidence(context: Request) -> Mapping[str, Any]:
    """Return `gangguan`, `koreksi` and `bukti` of the month that the context is about.

    Outages that touch the month, corrections that BKD decided of its days, and the first letters
    with a scan, evenly taken from all of them.
    """
    agency = Agency.objects.get(pk=context.agency_id)
    month = Month.parse(context.subject)
    first, last = month.first, month.last
    outages = agency.outages.touching(first, last).select_related("device").order_by("first_on")
    corrections = Correction.objects.filter(
        agency=agency, status=Correction.Status.APPROVED, day__range=(first, last)
    ).select_related("employee", "device", "punch", "letter__employee", "agency", "decided_by")
    letters = [row for row in letters_of(agency.pk, month) if row.scan_sha256]
    return {
        "gangguan": [_outage(row) for row in outages],
        "koreksi": [_correction(row, agency) for row in corrections.order_by("day", "pk")],
        "bukti": {
            "jumlah": len(letters),
            "contoh": [_evidence(row, agency) for row in evenly(letters, SAMPLED)],
        },
    }


def evenly(rows: Sequence[Row], count: int) -> list[Row]:
    """Return so many rows at even distances; all of them where there are no more."""
    if len(rows) <= count:
        return list(rows)
    return [rows[index * len(rows) // count] for index in range(count)]


def _outage(row: Outage) -> dict[str, Any]:
    return {
        "mesin": row.device.name if row.device else "Semua mesin",
        "tanggal": outage_span(row),
        "sebab": row.reason,
        "keadaan": outage_badge(row)[2],
        "baris_manual": len(row.rows),
        "kiriman": _sent(row),
        "teknisi": row.technician or "-",
    }


def _sent(row: Outage) -> str:
    """Return how many daily recaps BKD has received in both forms."""
    states = Counter(row.deliveries.values_list("status", flat=True))
    kept = OutageDelivery.Status
    received = states[kept.RECEIVED] + states[kept.CHECKED]
    given_back = states[kept.RETURNED] + states[kept.REJECTED]
    if not states:
        return "tidak ada"
    back = f", {given_back} kali kembali" if given_back else ""
    return f"{received} hari diterima BKD{back}"


def _correction(row: Correction, agency: Agency) -> dict[str, str]:
    at = row.decided_at
    return {
        "jenis": row.get_kind_display(),
        "tentang": subject_text(row),
        "alasan": row.reason,
        "diputuskan": moment_text(at, agency.time_zone) if at else "-",
        "oleh": row.decided_by.get_full_name() if row.decided_by else "-",
    }


def _evidence(row: AbsenceLetter, agency: Agency) -> dict[str, Any]:
    return {
        "nama": row.employee.name,
        "jenis": NAMES[Code(row.kind)],
        "tanggal": letter_span(row),
        "nomor": row.number or "-",
        "halaman": row.scan_pages,
        "sidik": row.scan_sha256[:16],
        "keputusan": row.get_status_display(),
        "pemutus": row.decided_by.get_full_name() if row.decided_by else "-",
        "waktu": moment_text(row.decided_at, agency.time_zone) if row.decided_at else "-",
    }
