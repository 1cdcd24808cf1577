from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    name = "attendance"
    verbose_name = "Kehadiran"

    def ready(self) -> None:
        from attendance import registered  # noqa: F401  what this room offers by name
