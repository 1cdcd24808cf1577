"""Write the templates of the e-absensi SOP into a folder."""

import sys
from pathlib import Path

from documents.template_builder import letters, matrix, reports

TEMPLATES = {
    "surat_tugas.docx": letters.assignment,
    "pakta_integritas.docx": letters.integrity_pact,
    "pemberitahuan.docx": letters.notice,
    "resume.docx": reports.resume,
    "laporan_validasi.docx": reports.validation,
    "laporan_rekapitulasi.docx": matrix.recap_report,
    "laporan_pengelolaan.docx": reports.management,
}


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, build in TEMPLATES.items():
        (folder / name).write_bytes(build())
        print(f"{folder / name}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Pemakaian: python -m documents.template_builder FOLDER")
    main(Path(sys.argv[1]))
