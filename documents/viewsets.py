"""The pages of documents and archives under /dokumen/."""

from django.urls import path
from viewflow.urls import Application

from documents.views import documents, orders


class DocumentApplication(Application):
    title = "Dokumen"
    icon = "document"
    app_name = "dokumen"

    index_path = path("", documents.document_list, name="index")
    document_path = path("<int:document_id>/", documents.document_page, name="document")
    download_path = path("<int:document_id>/unduh/", documents.download, name="download")
    reports_path = path("buat/", orders.report_list, name="reports")
    ask_path = path("buat/<slug:report_key>/", orders.ask, name="ask")
    orders_path = path("pesanan/", orders.order_list, name="orders")
    order_path = path("pesanan/<int:order_id>/", orders.order, name="order")
    retry_path = path("pesanan/<int:order_id>/ulang/", orders.retry, name="retry")
    archives_path = path("arsip/", documents.archive_list, name="archives")
    archive_path = path("arsip/<int:archive_id>/", documents.archive_page, name="archive")
    check_path = path("arsip/<int:archive_id>/periksa/", documents.check, name="check")
