from django.apps import AppConfig


class DevicesConfig(AppConfig):
    name = "devices"
    verbose_name = "Mesin"

    def ready(self) -> None:
        from devices import (
            failed_work,  # noqa: F401  what the outbox's work is called
            jobs,  # noqa: F401  registers the outbox handlers
            personal_data,  # noqa: F401  what is held about people
            retention,  # noqa: F401  how long it is kept
        )
