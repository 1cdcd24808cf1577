from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"
    verbose_name = "Dokumen"

    def ready(self) -> None:
        from documents import (
            checks,  # noqa: F401  registers the system checks
            failed_work,  # noqa: F401  what the outbox's work is called
            personal_data,  # noqa: F401  what is held about people
            report_checks,  # noqa: F401  the same
            retention,  # noqa: F401  how long it is kept
            webhook_kinds,  # noqa: F401  what programs may hear of
        )
        from documents.office import jobs as template_jobs  # noqa: F401
        from documents.orders import jobs  # noqa: F401  registers the outbox handlers
        from documents.personal import jobs as personal_jobs  # noqa: F401
        from documents.renditions import jobs as rendition_jobs  # noqa: F401
