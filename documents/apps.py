from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"
    verbose_name = "Dokumen"

    def ready(self) -> None:
        from documents import (
            checks,  # noqa: F401  registers the system checks
            failed_work,  # noqa: F401  what the outbox's work is called
            report_checks,  # noqa: F401  the same
        )
        from documents.office import jobs as template_jobs  # noqa: F401
        from documents.orders import jobs  # noqa: F401  registers the outbox handlers
        from documents.renditions import jobs as rendition_jobs  # noqa: F401
