from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "foundation"
    verbose_name = "Fondasi"

    def ready(self) -> None:
        from foundation import quantiles  # noqa: F401  gives SQLite its quantiles
        from foundation.ledger import asking  # noqa: F401  registers the outbox handlers
