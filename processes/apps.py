from django.apps import AppConfig


class ProcessesConfig(AppConfig):
    name = "processes"
    verbose_name = "Proses"

    def ready(self) -> None:
        from processes import failed_work, jobs  # noqa: F401  the outbox's work, and its handlers
        from processes.audit import agreement, derived, record  # noqa: F401  checks; a context
