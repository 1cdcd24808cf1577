"""The Celery tasks: do what is due in the outbox, look at the machines, judge what came late."""

from django.utils import timezone

from attendance import jobs as attendance_jobs
from attendance.services.days import begin_days as tell_days
from attendance.services.letter_runs import begin_missing_runs
from attendance.services.periodic import due_periodic
from config.backups import jobs as backup_jobs
from config.celery import app
from config.privacy.retention import tidy as keep_to_retention
from devices.services.leaving import retire_left_people
from devices.services.pulling import schedule_pulls
from devices.services.recording_removal import catch_up as catch_up_with_removals
from devices.services.watching import watch
from documents.renditions import jobs as rendition_jobs
from foundation import outbox
from foundation.heartbeats import CLOCK, WORKER, beat
from foundation.ledger.anchors import anchor_if_due
from organization.services import watch_officers as watch_the_officers
from processes.audit.measured.refreshing import refresh as refresh_timings
from processes.notices import listening
from processes.services import notices, reoffer_open_tasks
from processes.services import release_ended_mandates as release_tasks
from processes.services.notice_tasks import tell_queues as tell_new_tasks


@app.task
def drain_outbox(by_clock: bool = False) -> int:
    now = timezone.now()
    beat(name=WORKER, now=now)
    if by_clock:
        beat(name=CLOCK, now=now)
    # What is begun within these may take the rest of the task's time (config/celery.py).
    return outbox.drain(seconds=20)


@app.task
def watch_machines() -> None:
    watch(timezone.now())


@app.task
def pull_machines() -> None:
    schedule_pulls(now=timezone.now())


@app.task
def retire_people() -> None:
    retire_left_people(now=timezone.now())


@app.task
def catch_up_removals() -> None:
    catch_up_with_removals(timezone.now())


@app.task
def judge_late_punches() -> None:
    attendance_jobs.catch_up(timezone.now())


@app.task
def settle_days() -> None:
    attendance_jobs.settle_days(timezone.now())


@app.task
def report_silent_machines() -> None:
    attendance_jobs.report_silent_machines(timezone.now())


@app.task
def make_periodic_recaps() -> None:
    due_periodic(timezone.now())


@app.task
def sweep_month_files() -> None:
    attendance_jobs.sweep_month_files(timezone.now())


@app.task
def sweep_packages() -> None:
    rendition_jobs.sweep_packages(timezone.now())


@app.task
def begin_letter_runs() -> None:
    begin_missing_runs(now=timezone.now())


@app.task
def begin_days() -> None:
    tell_days(now=timezone.now())


@app.task
def begin_evaluations() -> None:
    attendance_jobs.begin_evaluations(timezone.now())


@app.task
def offer_tasks_anew() -> None:
    reoffer_open_tasks(now=timezone.now())


@app.task
def release_ended_mandates() -> None:
    release_tasks(now=timezone.now())


@app.task
def watch_officers() -> None:
    watch_the_officers(now=timezone.now())


@app.task
def measure_instances() -> None:
    refresh_timings(now=timezone.now(), limit=1000)


@app.task
def tidy() -> None:
    """Once a day, all that is kept no longer; packages and files of a month go sooner, by hour."""
    keep_to_retention(now=timezone.now())


@app.task
def anchor_ledger() -> None:
    anchor_if_due(now=timezone.now())


@app.task
def make_backups() -> None:
    backup_jobs.make_if_due(now=timezone.now())


@app.task
def tell_breaches() -> None:
    notices.tell_breaches(now=timezone.now())


@app.task
def tell_queues() -> None:
    tell_new_tasks(now=timezone.now())


@app.task
def listen_to_telegram() -> None:
    listening.listen(timezone.now())


@app.task
def tell_week() -> None:
    notices.tell_week(now=timezone.now())
