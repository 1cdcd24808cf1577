from django.apps import AppConfig


class ProcessesConfig(AppConfig):
    name = "processes"
    verbose_name = "Proses"

    def ready(self) -> None:
        from importlib.util import find_spec

        if find_spec("workflows.repository") is None:
            return  # while the room below is being built
        from processes import jobs  # noqa: F401  registers the outbox handlers
