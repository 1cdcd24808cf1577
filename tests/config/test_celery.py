"""The settings of the queue were chosen together; docs/reliability.md says why each is as it is."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

from config.celery import app
from tests.office import ROOT

SHOW = """
import json
from config.celery import app
print(json.dumps(app.conf.broker_transport_options))
"""


def transport_options(broker: str) -> dict[str, float]:
    """Return what is asked of a broker of this kind, as a process of its own sees it."""
    told = subprocess.check_output(
        [sys.executable, "-c", SHOW], cwd=ROOT, env=os.environ | {"CELERY_BROKER_URL": broker}
    )
    found: dict[str, float] = json.loads(told)
    return found


@pytest.mark.fault("F12")
def test_a_message_is_not_offered_again_while_its_task_may_still_run() -> None:
    options = transport_options("redis://localhost:6379/0")
    assert app.conf.task_time_limit < options["visibility_timeout"]


def test_a_worker_that_dies_gives_its_message_back() -> None:
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1


def test_workers_of_one_machine_claim_no_queue_that_only_one_of_them_may_have() -> None:
    # RabbitMQ gives the queue of remote control to one of a name; the second worker would end.
    assert app.conf.worker_enable_remote_control is False


def test_a_message_of_a_killed_worker_comes_back_soon_after_its_time() -> None:
    options = transport_options("redis://localhost:6379/0")
    assert options["visibility_timeout"] <= 120
    assert options["unacked_restore_interval"] * options["unacked_restore_throttle"] <= 2


@pytest.mark.fault("F10")
def test_nobody_waits_long_for_a_broker_that_is_gone() -> None:
    options = transport_options("redis://localhost:6379/0")
    assert options["socket_connect_timeout"] <= 2
    assert options["socket_timeout"] <= 3
    assert app.conf.broker_connection_timeout <= 2  # of RabbitMQ


def test_a_worker_looks_into_the_files_several_times_a_second() -> None:
    assert transport_options("filesystem://localhost")["polling_interval"] <= 0.25


def test_a_lease_is_renewed_several_times_before_it_ends_and_swept_in_time() -> None:
    assert settings.OUTBOX_SWEEP_SECONDS < settings.OUTBOX_LEASE_SECONDS
    assert app.conf.task_time_limit > settings.OUTBOX_LEASE_SECONDS
