from django.apps import AppConfig


class DevicesConfig(AppConfig):
    name = "devices"
    verbose_name = "Mesin"

    def ready(self) -> None:
        from devices import failed_work, jobs  # noqa: F401  the outbox's work, and its handlers
