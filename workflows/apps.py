from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class WorkflowsConfig(AppConfig):
    name = "workflows"
    verbose_name = "Alur kerja"

    def ready(self) -> None:
        # Each room may offer these to SOP files; they register themselves like admin.py.
        autodiscover_modules("operations", "guards", "panels", "facts", "contexts")
        from workflows import (
            checks,  # noqa: F401  registers the system checks
            requests,  # noqa: F401  registers the outbox handler
        )
