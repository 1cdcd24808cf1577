"""The pages of documents and archives under /dokumen/."""

from django.urls import path
from viewflow.urls import Application

from documents import views


class DocumentApplication(Application):
    title = "Dokumen"
    icon = "document"
    app_name = "dokumen"

    index_path = path("", views.document_list, name="index")
    document_path = path("<int:document_id>/", views.document_page, name="document")
    download_path = path("<int:document_id>/unduh/", views.download, name="download")
    archives_path = path("arsip/", views.archive_list, name="archives")
    archive_path = path("arsip/<int:archive_id>/", views.archive_page, name="archive")
    check_path = path("arsip/<int:archive_id>/periksa/", views.check, name="check")
