"""The room's pages under /absensi/ and /presensi/."""

from django.urls import path
from viewflow.urls import Application

from attendance.views import (
    agencies,
    checkins,
    corrections,
    discipline,
    evaluations,
    exports,
    fingers,
    handovers,
    late,
    letter_entry,
    letter_pile,
    letters,
    matrix,
    mine,
    monitoring,
    outages,
    periodic,
    person,
    policies,
    recaps,
    today,
    why,
)


class AttendanceApplication(Application):
    app_name = "absensi"
    title = "Absensi"
    icon = "calendar"

    index_path = path("", letters.index, name="index")
    today_path = path("hari-ini/", today.board, name="today")
    month_path = path("bulan/", matrix.month_page, name="month")
    month_ask_path = path("bulan/nilai/", matrix.ask, name="month_ask")
    agencies_path = path("perangkat-daerah/", agencies.agency_list, name="agencies")
    month_order_path = path("bulan/unduh/", exports.order, name="month_order")
    month_file_path = path("berkas/<int:file_id>/", exports.file_page, name="month_file")
    month_download_path = path(
        "berkas/<int:file_id>/unduh/", exports.file_download, name="month_download"
    )
    sheet_path = path("bulan/<int:employee_id>/", person.person_page, name="sheet")
    sheet_file_path = path(
        "bulan/<int:employee_id>/unduh/<str:form>/", exports.person_file, name="sheet_file"
    )
    why_path = path("mengapa/<int:employee_id>/<str:day>/", why.why_page, name="why")
    letters_path = path("surat/", letters.letter_list, name="letters")
    enter_path = path("surat/baru/", letter_entry.enter, name="letter_enter")
    pile_path = path("surat/tumpukan/", letter_pile.enter_pile, name="letter_pile")
    letter_path = path("surat/<int:letter_id>/", letters.letter_page, name="letter")
    correct_path = path("surat/<int:letter_id>/ubah/", letter_entry.correct, name="letter_correct")
    scan_path = path("surat/<int:letter_id>/pindaian/", letters.scan, name="letter_scan")
    upload_path = path("surat/<int:letter_id>/unggah/", letter_entry.upload, name="letter_upload")
    submit_path = path("surat/<int:letter_id>/ajukan/", letter_entry.submit, name="letter_submit")
    withdraw_path = path(
        "surat/<int:letter_id>/batalkan/", letter_entry.withdraw, name="letter_withdraw"
    )
    shorten_path = path(
        "surat/<int:letter_id>/persingkat/", letter_entry.shorten, name="letter_shorten"
    )
    my_letters_path = path("surat-saya/", letters.my_letters, name="my_letters")
    approvals_path = path("persetujuan/", letters.approvals, name="approvals")
    recaps_path = path("rekap/", recaps.recap_list, name="recaps")
    rebuild_path = path("rekap/susun/", recaps.rebuild, name="recap_rebuild")
    recap_path = path("rekap/<int:recap_id>/", recaps.recap_page, name="recap")
    amend_path = path("rekap/<int:recap_id>/ralat/", late.amend, name="recap_amend")
    dismiss_path = path("rekap/<int:recap_id>/abaikan/", late.dismiss, name="recap_dismiss")
    periodic_list_path = path("berkala/", periodic.periodic_list, name="periodic_list")
    periodic_path = path("berkala/<int:periodic_id>/", periodic.periodic_page, name="periodic")
    confirm_all_path = path("kiriman/terima/", periodic.confirm_all, name="deliveries_confirm")
    confirm_path = path(
        "kiriman/<int:delivery_id>/terima/", periodic.confirm, name="delivery_confirm"
    )
    handovers_path = path("serah-terima/", handovers.handover_list, name="handovers")
    handover_path = path(
        "serah-terima/<int:handover_id>/", handovers.handover_page, name="handover"
    )
    handover_file_path = path(
        "serah-terima/berkas/<int:package_id>/", handovers.handover_file, name="handover_file"
    )
    discipline_path = path("disiplin/", discipline.discipline_list, name="discipline")
    person_path = path(
        "rekap/<int:recap_id>/pegawai/<int:employee_id>/", recaps.person_page, name="person"
    )
    recap_order_path = path("rekap/<int:recap_id>/unduh/", exports.order_recap, name="recap_order")
    mine_path = path("saya/", mine.my_month, name="mine")
    corrections_path = path("koreksi/", corrections.correction_list, name="corrections")
    correction_request_path = path(
        "koreksi/baru/", corrections.correction_request, name="correction_request"
    )
    correction_path = path(
        "koreksi/<int:correction_id>/", corrections.correction_page, name="correction"
    )
    correction_evidence_path = path(
        "koreksi/<int:correction_id>/bukti/", corrections.evidence, name="correction_evidence"
    )
    correction_withdraw_path = path(
        "koreksi/<int:correction_id>/tarik/", corrections.withdraw, name="correction_withdraw"
    )
    correction_decide_path = path(
        "koreksi/<int:correction_id>/putuskan/", corrections.decide, name="correction_decide"
    )
    outages_path = path("gangguan/", outages.outage_list, name="outages")
    outage_record_path = path("gangguan/baru/", outages.record, name="outage_record")
    outage_path = path("gangguan/<int:outage_id>/", outages.outage_page, name="outage")
    outage_end_path = path("gangguan/<int:outage_id>/akhiri/", outages.end, name="outage_end")
    outage_list_path = path(
        "gangguan/<int:outage_id>/daftar/", outages.type_list, name="outage_list"
    )
    outage_upload_path = path(
        "gangguan/<int:outage_id>/daftar/unggah/", outages.upload_list, name="outage_upload"
    )
    outage_complete_path = path(
        "gangguan/<int:outage_id>/lengkap/", outages.complete, name="outage_complete"
    )
    outage_begin_path = path(
        "gangguan/<int:outage_id>/laporkan/", outages.begin, name="outage_begin"
    )
    outage_conflicts_path = path(
        "gangguan/<int:outage_id>/selisih/", outages.conflicts, name="outage_conflicts"
    )
    fingers_path = path("pengecualian/", fingers.exception_list, name="fingers")
    finger_register_path = path("pengecualian/baru/", fingers.register, name="finger_register")
    fingerless_path = path(
        "pengecualian/non-sidik-jari/", fingers.without_finger, name="fingerless"
    )
    finger_end_path = path(
        "pengecualian/<int:exception_id>/akhiri/", fingers.end, name="finger_end"
    )
    evaluations_path = path("evaluasi/", evaluations.evaluation_list, name="evaluations")
    evaluation_path = path(
        "evaluasi/<int:evaluation_id>/", evaluations.evaluation_page, name="evaluation"
    )
    finding_path = path(
        "evaluasi/<int:evaluation_id>/temuan/<slug:code>/<slug:side>/",
        evaluations.finding,
        name="finding",
    )
    unfind_path = path(
        "evaluasi/<int:evaluation_id>/temuan/<slug:code>/<slug:side>/hapus/",
        evaluations.unfind,
        name="finding_remove",
    )
    policies_path = path("aturan/", policies.policy_list, name="policies")
    policy_set_path = path("aturan/<slug:name>/ubah/", policies.policy_set, name="policy_set")


class CheckInApplication(Application):
    """Presences on a phone. It stands in no menu: few agencies have it, their pages lead there."""

    app_name = "presensi"
    title = "Presensi"
    icon = "play"

    index_path = path("", checkins.index, name="index")
    take_path = path("tekan/", checkins.take, name="take")
    help_path = path("bantuan/", checkins.ask_help, name="help")
    press_path = path("<int:check_in_id>/", checkins.press_page, name="press")
    watch_path = path("pantau/", monitoring.board, name="watch")
    answer_path = path("tiket/<int:ticket_id>/jawab/", monitoring.answer, name="answer")
    contact_path = path("hubungi/<int:employee_id>/", monitoring.contact, name="contact")
    day_file_path = path("berkas/<int:file_id>/", monitoring.day_file, name="day_file")
    offline_path = path("luring/", checkins.offline, name="offline")
    worker_path = path("pekerja.js", checkins.worker, name="worker")
