"""What the outbox's work of this room is called and what it is about, where it failed for good."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from foundation.actors import Actor
from foundation.incidents import About, describe
from organization.models import User
from processes import services
from processes.correspondence import spoken
from processes.models import (
    Instance,
    Message,
    Notice,
    NoticeAddress,
    NoticeDelivery,
    Task,
    WebhookDelivery,
    WebhookSubscription,
)
from processes.notices.hearing import JOB as TELL_JOB
from processes.services import webhooks
from processes.services.notice_deliveries import JOB as NOTICE_JOB
from processes.services.notice_mailboxes import JOB as CODE_JOB
from processes.services.notices import MAIL_JOB
from processes.webhooks.hearing import JOB as WEBHOOK_JOB

ENDED = (Task.Status.COMPLETED, Task.Status.CANCELLED)


def _about_step(payload: Mapping[str, Any]) -> About:
    task = Task.objects.select_related("instance").get(pk=payload["task"])
    return About(
        text=f"{task.full_name} - {task.instance.title}",
        agency_id=task.agency_id,
        link=f"/tugas/{task.pk}/",
        # The file was cancelled, or went on by the way that its SOP has for failures.
        is_over=task.status in ENDED or task.was_left,
    )


def _about_task(payload: Mapping[str, Any]) -> About:
    task = Task.objects.select_related("instance").get(pk=payload["task"])
    return About(
        text=f"{task.full_name} - {task.instance.title}",
        agency_id=task.agency_id,
        link=f"/proses/{task.instance_id}/",
    )


def _about_waiting(payload: Mapping[str, Any]) -> About:
    is_over = Task.objects.filter(pk=payload["task"], status__in=ENDED).exists()
    return replace(_about_task(payload), is_over=is_over)


def _about_instance(payload: Mapping[str, Any]) -> About:
    instance = Instance.objects.get(pk=payload["instance"])
    link = f"/proses/{instance.pk}/"
    return About(text=instance.title, agency_id=instance.agency_id, link=link)


def _about_message(payload: Mapping[str, Any]) -> About:
    message = Message.objects.get(pk=payload["message"])
    return About(
        text=f"Kabar {spoken(message.name)}", agency_id=message.agency_id, link="/proses/kabar/"
    )


def _about_notice(payload: Mapping[str, Any]) -> About:
    # To whom it would have gone is told to nobody: it is one person's.
    notice = Notice.objects.get(pk=payload["notice"])
    return About(text="Pemberitahuan lewat surel", agency_id=notice.agency_id)


def _about_told(payload: Mapping[str, Any]) -> About:
    return _about_task({"task": payload["tasks"][0]})


def _about_code(payload: Mapping[str, Any]) -> About:
    # Whose it is, and where it goes, is told to nobody.
    is_over = not NoticeAddress.objects.filter(pk=payload["address"]).exists()
    return About(text="Alamat surel yang didaftarkan sendiri", agency_id=None, is_over=is_over)


def _about_delivery(payload: Mapping[str, Any]) -> About:
    row = NoticeDelivery.objects.select_related("notice").get(pk=payload["delivery"])
    # To whom it would have gone is told to nobody: it is one person's.
    return About(
        text=f"Pemberitahuan lewat {row.get_channel_display().lower()}",
        agency_id=row.notice.agency_id,
        is_over=row.state == NoticeDelivery.State.DROPPED,
    )


def _about_webhook(payload: Mapping[str, Any]) -> About:
    row = WebhookDelivery.objects.select_related("subscription").get(pk=payload["delivery"])
    subscription = row.subscription
    # One incident stands for every message that did not reach this address.
    lost = subscription.deliveries.filter(state=WebhookDelivery.State.FAILED).count()
    return About(
        text=f"{lost} kiriman tidak sampai ke {subscription.address}",
        agency_id=subscription.agency_id,
        link=f"/webhook/{subscription.pk}/",
        # Nobody is told by a subscription that rests or was taken away.
        is_over=subscription.state != WebhookSubscription.State.ACTIVE,
    )


def _about_offers(payload: Mapping[str, Any]) -> About:
    return About(text="Tugas yang terbuka", agency_id=payload.get("agency"))


def _retry_task(payload: Mapping[str, Any], actor: Actor, now: datetime) -> bool:
    if not Task.objects.filter(pk=payload["task"], status=Task.Status.FAILED).exists():
        return False  # it failed before the step had begun
    user = User.objects.get(pk=actor.user_id or 0)
    services.retry_task(task_id=payload["task"], actor_user=user, now=now)
    return True


def _retry_webhook(payload: Mapping[str, Any], actor: Actor, now: datetime) -> bool:
    subscription = WebhookSubscription.objects.get(deliveries=payload["delivery"])
    webhooks.try_again(subscription=subscription, actor=actor, now=now)
    return True


# A step belongs to a file: whoever wants neither another try nor the file cancels that.
describe(
    {"processes.perform": "Tahap yang dikerjakan sistem", "processes.call": "Memulai SOP lain"},
    _about_step,
    retry=_retry_task,
    given_up_here=False,
)
describe(
    {
        "processes.timer": "Tenggat sebuah tahap",
        "processes.look_for_message": "Mencari kabar yang ditunggu",
    },
    _about_waiting,
)
describe({"processes.stop_called": "Menghentikan SOP yang dipanggil"}, _about_task)
describe({"processes.call_ended": "Memberi tahu SOP pemanggil"}, _about_instance)
describe({"processes.deliver": "Menyampaikan kabar antar-SOP"}, _about_message)
describe({MAIL_JOB: "Mengirim surel pemberitahuan"}, _about_notice)
describe({TELL_JOB: "Memberi tahu untuk siapa sebuah tugas"}, _about_told)
describe({CODE_JOB: "Mengirim kode ke alamat surel"}, _about_code)
describe({NOTICE_JOB: "Mengirim pemberitahuan"}, _about_delivery)
describe({"processes.reoffer": "Menawarkan tugas kembali"}, _about_offers)
describe({WEBHOOK_JOB: "Memberi tahu program lain (webhook)"}, _about_webhook, retry=_retry_webhook)
