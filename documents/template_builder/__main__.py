"""Write the standard templates into their folders."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from documents.template_builder import (
    attendance_reports,
    audit_report,
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
