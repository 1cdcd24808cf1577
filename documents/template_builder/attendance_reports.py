"""The reports that live on attendance's data, by the folder they stand in."""

from collections.abc import Callable, Mapping

from documents.template_builder import (
    attendance_evaluation,
    attendance_months,
    attendance_papers,
    attendance_periods,
)

REPORTS: Mapping[str, Callable[[], bytes]] = {
    "rekap_harian": attendance_periods.daily,
    "rekap_mingguan": attendance_periods.weekly,
    "rekap_bulanan": attendance_months.monthly,
    "rekap_perorangan": attendance_months.personal,
    "laporan_gangguan": attendance_papers.outage_letter,
    "ba_gangguan": attendance_papers.outage_record,
    "daftar_hadir_manual": attendance_papers.manual_list,
    "ba_koreksi": attendance_papers.correction_record,
    "evaluasi_berkala": attendance_evaluation.evaluation,
}
