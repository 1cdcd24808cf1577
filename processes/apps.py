from django.apps import AppConfig


class ProcessesConfig(AppConfig):
    name = "processes"
    verbose_name = "Proses"

    def ready(self) -> None:
        from processes import (
            failed_work,  # noqa: F401  what the outbox's work is called
            jobs,  # noqa: F401  registers the outbox handlers
            personal_data,  # noqa: F401  what is held about people
            retention,  # noqa: F401  how long it is kept
        )
        from processes.audit import agreement, derived, record  # noqa: F401  checks; a context
