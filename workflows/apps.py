from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class WorkflowsConfig(AppConfig):
    name = "workflows"
    verbose_name = "Alur kerja"

    def ready(self) -> None:
        from importlib.util import find_spec

        if find_spec("workflows.repository") is None or find_spec("workflows.checks") is None:
            return  # while the room is being built
        # Each room may offer these to SOP files; they register themselves like admin.py.
        autodiscover_modules("operations", "guards", "panels", "facts", "contexts")
        from workflows import checks  # noqa: F401  registers the system checks
