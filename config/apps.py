from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "SOPan"

    def ready(self) -> None:
        from config import checks  # noqa: F401  registers the system checks
        from config.tasks import drain_outbox
        from config.waking import Waker
        from foundation import outbox

        # The foundation knows no Celery; whoever composes the house tells it how to wake a worker.
        outbox.set_kick(Waker(lambda: drain_outbox.apply_async(retry=False)))
