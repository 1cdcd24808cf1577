"""The outbox handlers of this room: thin over services."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from foundation.outbox import handles, on_incident
from processes import services
from processes.notices.hearing import JOB as TELL_JOB
from processes.services import notice_deliveries, notice_mailboxes, webhooks
from processes.services.notice_tasks import tell_of_tasks
from processes.services.notices import MAIL_JOB, mail_to_reader
from processes.webhooks import own_kinds  # noqa: F401  what programs may hear of
from processes.webhooks.hearing import JOB as WEBHOOK_JOB


@handles("processes.perform")
def perform(payload: Mapping[str, Any]) -> None:
    services.perform_task(task_id=payload["task"], now=timezone.now())


@on_incident("processes.perform")
def show_failure(payload: Mapping[str, Any], error: str) -> None:
    services.fail_task(task_id=payload["task"], error=error, now=timezone.now())


@handles("processes.reoffer")
def reoffer(payload: Mapping[str, Any]) -> None:
    services.reoffer_open_tasks(agency_id=payload.get("agency"), now=timezone.now())
    services.release_ended_mandates(agency_id=payload.get("agency"), now=timezone.now())


@handles("processes.timer")
def run_timer(payload: Mapping[str, Any]) -> None:
    services.run_timer(task_id=payload["task"], now=timezone.now())


@handles("processes.call")
def call(payload: Mapping[str, Any]) -> None:
    services.begin_called(task_id=payload["task"], now=timezone.now())


@on_incident("processes.call")
def show_failed_call(payload: Mapping[str, Any], error: str) -> None:
    services.fail_task(task_id=payload["task"], error=error, now=timezone.now())


@handles("processes.call_ended")
def finish_call(payload: Mapping[str, Any]) -> None:
    services.finish_call(instance_id=payload["instance"], now=timezone.now())


@handles("processes.stop_called")
def stop_called(payload: Mapping[str, Any]) -> None:
    services.stop_called(task_id=payload["task"], now=timezone.now())


@handles("processes.deliver")
def deliver(payload: Mapping[str, Any]) -> None:
    services.deliver_message(message_id=payload["message"], now=timezone.now())


@handles("processes.look_for_message")
def look_for_message(payload: Mapping[str, Any]) -> None:
    services.look_for_message(task_id=payload["task"], now=timezone.now())


@handles(MAIL_JOB)
def mail_notice(payload: Mapping[str, Any]) -> None:
    mail_to_reader(notice_id=payload["notice"], now=timezone.now())


@handles(TELL_JOB)
def tell_people_of_tasks(payload: Mapping[str, Any]) -> None:
    tell_of_tasks(task_ids=payload["tasks"], by=payload["by"], now=timezone.now())


@handles(notice_mailboxes.JOB)
def send_mail_code(payload: Mapping[str, Any]) -> None:
    notice_mailboxes.send_code(address_id=payload["address"], now=timezone.now())


@handles(notice_deliveries.JOB)
def deliver_notice(payload: Mapping[str, Any]) -> None:
    notice_deliveries.deliver(delivery_id=payload["delivery"], now=timezone.now())


@on_incident(notice_deliveries.JOB)
def give_up_notice(payload: Mapping[str, Any], error: str) -> None:
    notice_deliveries.give_up(delivery_id=payload["delivery"])


@handles(WEBHOOK_JOB)
def deliver_webhook(payload: Mapping[str, Any]) -> None:
    webhooks.deliver(delivery_id=payload["delivery"], now=timezone.now())


@on_incident(WEBHOOK_JOB)
def give_up_webhook(payload: Mapping[str, Any], error: str) -> None:
    webhooks.give_up(delivery_id=payload["delivery"], now=timezone.now())
