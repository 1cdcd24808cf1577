"""The room's pages under /absensi/."""

from django.urls import path
from viewflow.urls import Application

from attendance.views import letters, recaps


class AttendanceApplication(Application):
    app_name = "absensi"
    title = "Absensi"
    icon = "calendar"

    index_path = path("", letters.index, name="index")
    letters_path = path("surat/", letters.letter_list, name="letters")
    enter_path = path("surat/baru/", letters.enter, name="letter_enter")
    letter_path = path("surat/<int:letter_id>/", letters.letter_page, name="letter")
    correct_path = path("surat/<int:letter_id>/ubah/", letters.correct, name="letter_correct")
    scan_path = path("surat/<int:letter_id>/pindaian/", letters.scan, name="letter_scan")
    upload_path = path("surat/<int:letter_id>/unggah/", letters.upload, name="letter_upload")
    submit_path = path("surat/<int:letter_id>/ajukan/", letters.submit, name="letter_submit")
    decide_path = path("surat/<int:letter_id>/putuskan/", letters.decide, name="letter_decide")
    note_path = path("surat/<int:letter_id>/catat/", letters.note_outside, name="letter_note")
    withdraw_path = path(
        "surat/<int:letter_id>/batalkan/", letters.withdraw, name="letter_withdraw"
    )
    approvals_path = path("persetujuan/", letters.approvals, name="approvals")
    recaps_path = path("rekap/", recaps.recap_list, name="recaps")
    rebuild_path = path("rekap/susun/", recaps.rebuild, name="recap_rebuild")
    recap_path = path("rekap/<int:recap_id>/", recaps.recap_page, name="recap")
    person_path = path(
        "rekap/<int:recap_id>/pegawai/<int:employee_id>/", recaps.person_page, name="person"
    )
    download_path = path(
        "rekap/<int:recap_id>/unduh/<str:form>/", recaps.download, name="recap_download"
    )
    mine_path = path("saya/", recaps.my_month, name="mine")
