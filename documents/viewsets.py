"""The pages of documents and archives under /dokumen/."""

from django.urls import path
from viewflow.urls import Application

from documents.views import (
    documents,
    letterheads,
    office,
    office_files,
    orders,
    personal,
    renditions,
    retention,
    withdrawal,
)


class DocumentApplication(Application):
    title = "Dokumen"
    icon = "document"
    app_name = "dokumen"

    index_path = path("", documents.document_list, name="index")
    document_path = path("<int:document_id>/", documents.document_page, name="document")
    download_path = path("<int:document_id>/unduh/", documents.download, name="download")
    withdraw_path = path("<int:document_id>/cabut/", withdrawal.withdraw, name="withdraw")
    reissue_path = path("<int:document_id>/terbitkan-lagi/", withdrawal.reissue, name="reissue")
    ask_pdf_path = path("<int:document_id>/pdf/buat/", renditions.ask, name="ask_pdf")
    pdf_path = path("<int:document_id>/pdf/", renditions.pdf, name="pdf")
    sign_path = path("<int:document_id>/tanda-tangan/", renditions.sign, name="sign")
    signed_path = path("<int:document_id>/bertanda-tangan/", renditions.signed, name="signed")
    packages_path = path("paket/", renditions.package_list, name="packages")
    package_path = path("paket/<int:package_id>/", renditions.package, name="package")
    package_download_path = path(
        "paket/<int:package_id>/unduh/", renditions.package_download, name="package_download"
    )
    reports_path = path("buat/", orders.report_list, name="reports")
    ask_path = path("buat/<slug:report_key>/", orders.ask, name="ask")
    orders_path = path("pesanan/", orders.order_list, name="orders")
    order_path = path("pesanan/<int:order_id>/", orders.order, name="order")
    retry_path = path("pesanan/<int:order_id>/ulang/", orders.retry, name="retry")
    retention_path = path("retensi/", retention.retention, name="retention")
    forget_path = path("retensi/hapus/", retention.forget, name="retention_forget")
    letterhead_path = path("kop/", letterheads.letterhead, name="letterhead")
    logo_path = path("kop/logo/", letterheads.logo, name="logo")
    pattern_path = path("kop/nomor/", letterheads.pattern, name="letter_pattern")
    last_number_path = path("kop/nomor/terakhir/", letterheads.last_number, name="last_number")
    templates_path = path("templat/", office.template_list, name="templates")
    template_version_path = path(
        "templat/versi/<int:template_id>/", office_files.version, name="template_version"
    )
    template_version_file_path = path(
        "templat/versi/<int:template_id>/unduh/",
        office_files.version_file,
        name="template_version_file",
    )
    template_preview_path = path(
        "templat/versi/<int:template_id>/contoh/", office_files.preview, name="template_preview"
    )
    template_preview_pdf_path = path(
        "templat/versi/<int:template_id>/contoh-pdf/",
        office_files.preview_pdf,
        name="template_preview_pdf",
    )
    template_path = path("templat/<slug:group>/<str:name>/", office.template, name="template")
    template_choose_path = path(
        "templat/<slug:group>/<str:name>/pilih/", office.choose, name="template_choose"
    )
    template_standard_path = path(
        "templat/<slug:group>/<str:name>/standar/", office_files.standard, name="template_standard"
    )
    template_names_path = path(
        "templat/<slug:group>/<str:name>/nama/", office_files.names, name="template_names"
    )
    archives_path = path("arsip/", documents.archive_list, name="archives")
    archive_path = path("arsip/<int:archive_id>/", documents.archive_page, name="archive")
    check_path = path("arsip/<int:archive_id>/periksa/", documents.check, name="check")


class PersonalDataApplication(Application):
    """Stands in no menu: the account of everybody leads there, and the page of an employee."""

    title = "Data pribadi"
    icon = "shield"
    app_name = "data_pribadi"

    index_path = path("", personal.own, name="index")
    ask_path = path("minta/", personal.ask_own, name="ask")
    ask_for_path = path("pegawai/<int:employee_id>/", personal.ask_for, name="ask_for")
    copy_path = path("salinan/<int:copy_id>/", personal.copy, name="copy")
    download_path = path("salinan/<int:copy_id>/unduh/", personal.download, name="download")
