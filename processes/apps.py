from django.apps import AppConfig


class ProcessesConfig(AppConfig):
    name = "processes"
    verbose_name = "Proses"

    def ready(self) -> None:
        from processes import jobs  # noqa: F401  registers the outbox handlers
        from processes.audit import agreement, derived, record  # noqa: F401  checks; a context
