"""Write the standard templates into their folders."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from documents.template_builder import (
    attendance_evaluation,
    attendance_reports,
    audit_report,
    handovers,
    letters,
    management,
    matrix,
    records,
    reports,
    sop_realisation,
    sop_sheet,
    tapin,
)

ROOT = Path(__file__).resolve().parents[2]
SOP_FOLDER = ROOT / "workflows" / "bpmn" / "pengelolaan_e_absensi" / "docx"
OUTAGE_FOLDER = ROOT / "workflows" / "bpmn" / "gangguan_perangkat" / "docx"
CORRECTION_FOLDER = ROOT / "workflows" / "bpmn" / "koreksi_data" / "docx"
DAY_FOLDER = ROOT / "workflows" / "bpmn" / "presensi_harian_tapin" / "docx"
RECEIVING_FOLDERS = tuple(
    ROOT / "workflows" / "bpmn" / key / "docx"
    for key in ("bahan_laporan_disiplin", "bahan_kinerja_individu")
)
EVALUATION_FOLDER = ROOT / "workflows" / "bpmn" / "evaluasi_berkala" / "docx"
FINGER_FOLDER = ROOT / "workflows" / "bpmn" / "perekaman_ulang_sidik_jari" / "docx"
OFFICERS_FOLDER = ROOT / "workflows" / "bpmn" / "penugasan_petugas" / "docx"
CATALOGUE = ROOT / "documents" / "reports"

Build = Callable[[], bytes]
TEMPLATES: Mapping[str, Build] = {
    "surat_tugas.docx": letters.assignment,
    "pakta_integritas.docx": letters.integrity_pact,
    "pemberitahuan.docx": letters.notice,
    "resume.docx": reports.resume,
    "laporan_validasi.docx": reports.validation,
    "laporan_rekapitulasi.docx": matrix.recap_report,
    "laporan_pengelolaan.docx": management.management,
    "bahan_disiplin.docx": handovers.discipline,
    "bahan_kinerja.docx": handovers.performance,
}
# The same papers, written by the steps of an outage's procedure.
OUTAGE_TEMPLATES: Mapping[str, Build] = {
    f"{name}.docx": attendance_reports.REPORTS[name] for name in ("laporan_gangguan", "ba_gangguan")
}
REPORTS: Mapping[str, Build] = {
    "tanda_terima_akun": records.account_receipt,
    "ba_perekaman": records.recording,
    "laporan_audit": audit_report.audit_report,
    "lembar_sop": sop_sheet.sop_sheet,
    "realisasi_sop": sop_realisation.realisation,
    "log_harian_tapin": tapin.daily_log,
    **attendance_reports.REPORTS,
}


def files() -> dict[Path, Build]:
    """Return every template that this package makes, by the file it stands in."""
    found = {SOP_FOLDER / name: build for name, build in TEMPLATES.items()}
    found |= {OUTAGE_FOLDER / name: build for name, build in OUTAGE_TEMPLATES.items()}
    found[FINGER_FOLDER / "ba_perekaman.docx"] = records.recording
    found[CORRECTION_FOLDER / "ba_koreksi.docx"] = attendance_reports.REPORTS["ba_koreksi"]
    found[EVALUATION_FOLDER / "ba_evaluasi.docx"] = attendance_evaluation.evaluation_record
    found |= {
        OFFICERS_FOLDER / name: TEMPLATES[name]
        for name in ("surat_tugas.docx", "pakta_integritas.docx")
    }
    found[DAY_FOLDER / "log_harian.docx"] = tapin.daily_log
    found |= {folder / "tanda_terima_bahan.docx": handovers.receipt for folder in RECEIVING_FOLDERS}
    return found | {CATALOGUE / key / "report.docx": build for key, build in REPORTS.items()}


def main(names: list[str]) -> None:
    for path, build in files().items():
        if names and not {path.stem, path.parent.name} & set(names):
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(build())
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main(sys.argv[1:])
