"""Celery: the hands of the outbox. A message is only a hint; the rows are the queue."""

import os
from typing import Any

from celery import Celery, Task
from celery.signals import task_postrun, worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings

from config.broker import use_files
from config.memory import give_back
from foundation.tracing import traced

REGULARLY = {  # seconds between two looks
    "watch_machines": 60.0,
    "pull_machines": 60.0,
    "retire_people": 60.0,
    "catch_up_removals": 60.0,
    "judge_late_punches": 60.0,
    "settle_days": 600.0,
    "report_silent_machines": 60.0,
    "make_periodic_recaps": 300.0,
    "begin_letter_runs": 600.0,
    "begin_days": 60.0,
    "begin_evaluations": 600.0,
    "sweep_month_files": 3600.0,
    "sweep_packages": 3600.0,
    "offer_tasks_anew": 300.0,
    "release_ended_mandates": 60.0,
    "watch_officers": 600.0,
    "measure_instances": 20.0,
    "tell_breaches": 60.0,
    "tell_week": 600.0,
    "tell_queues": 600.0,
    "listen_to_telegram": 10.0,
    "tidy": 86400.0,
    "make_backups": 600.0,  # one a day, whatever hour the server is there
    "anchor_ledger": 3600.0,  # one a day, whatever hour the server is there
}


class TracedTask(Task):  # type: ignore[misc]
    """Works under its own id; what a job of the outbox does, under that of whoever asked for it."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with traced(self.request.id or ""):
            return super().__call__(*args, **kwargs)


app = Celery("sopan", task_cls=TracedTask)
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL,
    broker_connection_retry_on_startup=True,
    broker_connection_timeout=2,  # whoever commits tells the broker so: nobody waits long for it
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    # Nobody uses it; on RabbitMQ its queue is one worker's alone: a second one of a machine, or one
    # whose predecessor's connection is not known to be dead yet, would end at its start.
    worker_enable_remote_control=False,
    task_ignore_result=True,
    task_time_limit=110,
    worker_hijack_root_logger=False,
    timezone=settings.TIME_ZONE,
    beat_schedule_filename=str(settings.DATA_DIR / "beat-schedule"),
    beat_schedule={
        "sweep-outbox": {
            "task": "config.tasks.drain_outbox",
            "schedule": settings.OUTBOX_SWEEP_SECONDS,
            "kwargs": {"by_clock": True},
            # A sweep that finds no worker is pointless: others follow. It may be late, though, or
            # come from a server whose clock is behind the worker's.
            "options": {"expires": max(60, settings.OUTBOX_SWEEP_SECONDS)},
        },
        **{
            # Apart from each other: one that fails does not keep the others from their work.
            name: {
                "task": f"config.tasks.{name}",
                "schedule": seconds,
                "options": {"expires": seconds},
            }
            for name, seconds in REGULARLY.items()
        },
    },
)
if settings.CELERY_BROKER_URL.startswith("filesystem"):
    for name in ("messages", "control"):
        (settings.BROKER_FOLDER / name).mkdir(parents=True, exist_ok=True)
    use_files()
    app.conf.broker_transport_options = {
        "data_folder_in": str(settings.BROKER_FOLDER / "messages"),
        "data_folder_out": str(settings.BROKER_FOLDER / "messages"),
        "control_folder": str(settings.BROKER_FOLDER / "control"),
        # Somebody sits before the page that the worker's next step is for: a second is long.
        "polling_interval": 0.2,
    }
elif settings.CELERY_BROKER_URL.startswith("redis"):
    # A hard time limit below the visibility time: a job is never offered twice while it runs.
    app.conf.broker_transport_options = {
        "visibility_timeout": 120,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        "socket_timeout": 3,
        "socket_connect_timeout": 2,
    }
app.autodiscover_tasks(["config"])
task_postrun.connect(give_back)


@worker_process_init.connect
def forget_connections(**_: object) -> None:
    """A forked child must not share its parent's database connections."""
    from django.db import connections

    connections.close_all()
