from django.apps import AppConfig


class DevicesConfig(AppConfig):
    name = "devices"
    verbose_name = "Mesin"

    def ready(self) -> None:
        from devices import jobs  # noqa: F401  registers the outbox handlers
