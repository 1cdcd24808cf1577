"""What the record of an evaluation says: both parties, indicators, findings, what was concluded."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from attendance.models import EvaluationFinding
from attendance.offered.evaluation_steps import evaluation_of_step
from attendance.recaps.evaluation_indicators import Indicators
from attendance.recaps.evaluation_texts import period_text, recorded_text, uptime_text
from devices.recording.contexts import day_in_words
from foundation.indonesian import date_text, number_text
from workflows.registry import StepContext, document_context

SHORT_HASH = 16


@document_context("attendance.evaluation_record")
def evaluation_record(context: StepContext) -> Mapping[str, Any]:
    """Return `evaluasi` (period, hash), `indikator` per agency, `temuan`, `hari`, in words."""
    row = evaluation_of_step(context)
    indicators = row.indicators
    zone = ZoneInfo(row.agency.time_zone)
    findings = list(row.findings.select_related("agency"))
    return {
        "hari": day_in_words(context.now.astimezone(zone)),
        "evaluasi": {
            "triwulan": period_text(row.period),
            "mulai": date_text(row.first_on),
            "selesai": date_text(row.last_on),
            "dibekukan": date_text(indicators.compiled_at.astimezone(zone).date()),
            "sidik": indicators.sha256[:SHORT_HASH],
            "jumlah_pd": len(indicators.rows),
            "jumlah_temuan": len(findings),
        },
        "indikator": [_line(number, one) for number, one in enumerate(indicators.rows, 1)],
        "temuan": [_finding(number, one) for number, one in enumerate(findings, 1)],
    }


def _line(number: int, row: Indicators) -> dict[str, Any]:
    per_person = row["KJK"] / row["pegawai"] if row["pegawai"] else 0
    return {
        "no": number,
        "nama": row["nama"],
        "pegawai": row["pegawai"],
        "terekam": recorded_text(row),
        "mesin": uptime_text(row),
        "manual": row["M"],
        "non_jari": row["non_jari"],
        "TK": row["TK"],
        "KJK": number_text(per_person, 0),
        "disahkan": f"{row['disahkan']}/{row['bulan']}",
        "surat": row["surat_terlambat"],
        "kembali": row["resume_kembali"],
        "baku": row["lewat_baku"],
        "koreksi": row["koreksi_menunggu"],
        "petugas": row["petugas"],
    }


def _finding(number: int, row: EvaluationFinding) -> dict[str, Any]:
    return {
        "no": number,
        "nama": row.agency.name,
        "bagian": row.get_side_display(),
        "uraian": row.text,
        "rekomendasi": row.recommendation,
        "batas": date_text(row.due_on),
    }
