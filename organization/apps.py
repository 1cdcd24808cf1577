from django.apps import AppConfig


class OrganizationConfig(AppConfig):
    name = "organization"
    verbose_name = "Organisasi"

    def ready(self) -> None:
        from organization import (
            personal_data,  # noqa: F401  what is held about people
            retention,  # noqa: F401  how long it is kept
        )
