"""Who outside is told of what: begun, paused, taken away by people; each message delivered."""

import http.client
import logging
import secrets
import socket
import ssl
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse

from foundation import incidents, ledger, outbox
from foundation.actors import SYSTEM, Actor
from foundation.models import OutboxJob
from organization.models import Agency, User
from organization.permissions import ROLES, users_with_role
from processes.exceptions import AlreadyDone, InvalidAnswers
from processes.models import WebhookDelivery, WebhookSubscription
from processes.services.notices import ALARM, notify
from processes.webhooks import hearing, kinds
from processes.webhooks.addresses import AddressRefused, read
from processes.webhooks.sending import new_secret, post, seal_secret

logger = logging.getLogger(__name__)

CAPABILITY = "webhooks.manage"
SYSTEM_CAPABILITY = "webhooks.system"  # for the installation as a whole
MOST = 20  # subscriptions of an agency, or of the installation
LONGEST_FAILING = timedelta(days=3)
RESTS = "Webhook ini sedang dijeda; lanjutkan dahulu."
ACTIVE, PAUSED = WebhookSubscription.State.ACTIVE, WebhookSubscription.State.PAUSED
State = WebhookDelivery.State


class NotDelivered(Exception):
    """Nobody took the message this time; the sentence says what happened."""


@transaction.atomic
def subscribe(
    *,
    agency: Agency | None,
    keeper: Agency,
    address: str,
    names: Collection[str],
    actor: Actor,
    user: User,
    now: datetime,
) -> tuple[WebhookSubscription, str]:
    """Tell an address of some kinds of events; return the subscription and its secret, told once.

    `agency` None: of every agency; the event stands in the stream of `keeper`. Whether the address
    leads outside is asked at each delivery, not here. Raises `InvalidAnswers`.
    """
    errors = {}
    try:
        read(address)
    except AddressRefused as refused:
        errors["address"] = str(refused)
    if not names or not set(names) <= set(kinds.offered()):
        errors["kinds"] = "Pilih setidaknya satu jenis kejadian dari daftar."
    ledger.lock(keeper)  # two at once are counted one after the other
    if not errors and _living().filter(agency=agency).count() >= MOST:
        errors["address"] = f"Paling banyak {MOST} webhook; hapus dahulu yang tidak dipakai."
    if errors:
        raise InvalidAnswers(errors)
    secret = new_secret()
    row = WebhookSubscription(
        agency=agency, keeper=keeper, public_id=secrets.token_hex(10), address=address,
        kinds=sorted(set(names)), created_at=now, created_by=user,
    )  # fmt: skip
    seal_secret(row, secret)
    row.save()
    _listen()
    _note(row, "webhook_added", actor, now, address=address, kinds=row.kinds)
    return row, secret


@transaction.atomic
def pause_webhook(
    *, subscription: WebhookSubscription, actor: Actor, now: datetime, reason: str = ""
) -> None:
    """Tell it nothing until `resume_webhook`; what waits is not sent. Raises `AlreadyDone`."""
    _change(subscription, ACTIVE, state=PAUSED, pause_reason=reason[:300])
    _note(subscription, "webhook_paused", actor, now, reason=reason)


@transaction.atomic
def resume_webhook(*, subscription: WebhookSubscription, actor: Actor, now: datetime) -> None:
    """Tell it again of what happens from now on. Raises `AlreadyDone`."""
    _change(subscription, PAUSED, state=ACTIVE, pause_reason="", failing_since=None)
    _listen()
    _note(subscription, "webhook_resumed", actor, now)


@transaction.atomic
def remove_webhook(*, subscription: WebhookSubscription, actor: Actor, now: datetime) -> None:
    """Take it away for good, with its secret; what was told stays for the days of such."""
    gone = {"state": PAUSED, "removed_at": now, "sealed_secret": b"", "pause_reason": "Dihapus."}
    _change(subscription, subscription.state, **gone)
    for job in _incidents(subscription):
        outbox.drop(job=job, now=now)
    _note(subscription, "webhook_removed", actor, now)


@transaction.atomic
def send_test(*, subscription: WebhookSubscription, actor: Actor, now: datetime) -> WebhookDelivery:
    """Have a message sent that tells of nothing. Raises `AlreadyDone` where it rests."""
    if not _living().filter(pk=subscription.pk, state=ACTIVE).exists():
        raise AlreadyDone(RESTS)
    told = {"text": "Kiriman uji dari SOPan"}
    (row,) = hearing.write([subscription], kinds.TEST, subscription.agency_id, told, now)
    _note(subscription, "webhook_tested", actor, now, message=row.message_id)
    return row


def deliver(*, delivery_id: int, now: datetime) -> None:
    """Post one message. Safe to repeat: what was taken, or is wanted no more, is not sent again.

    Raises `NotDelivered` for another try, `outbox.Refused` where that would find the same.
    """
    row = WebhookDelivery.objects.select_related("subscription").get(pk=delivery_id)
    if row.state in (State.DELIVERED, State.DROPPED):
        return
    if row.subscription.state != ACTIVE:
        WebhookDelivery.objects.filter(pk=row.pk).update(state=State.DROPPED)
        return
    status, error = None, ""
    refused = False
    try:
        status = post(row, timestamp=int(now.timestamp()))
    except AddressRefused as wrong:
        error, refused = str(wrong), True
    except TimeoutError:
        error = "Tidak ada jawaban sampai batas waktunya."
    except (OSError, http.client.HTTPException) as failed:
        logger.info("webhook: %s: %s", row.message_id, type(failed).__name__)
        error = _told(failed)
    else:
        if 300 <= status < 400:
            error, refused = f"Jawaban {status}: pengalihan tidak diikuti.", True
        elif not 200 <= status < 300:
            error = f"Jawaban {status}."
    _keep(row, status, error, now)
    if refused:
        raise outbox.Refused(error)
    if error:
        raise NotDelivered(error)


def _told(failed: Exception) -> str:
    """Return in words why nobody was reached."""
    if isinstance(failed, ssl.SSLCertVerificationError):
        return "Sertifikat alamat ini tidak dipercaya, atau bukan untuk nama ini."
    if isinstance(failed, socket.gaierror):
        return "Nama server pada alamat ini tidak ditemukan."
    return "Sambungan gagal atau terputus."


def give_up(*, delivery_id: int, now: datetime) -> None:
    """Note that a message found nobody; an address that fails for days is told no more."""
    WebhookDelivery.objects.filter(pk=delivery_id).exclude(state=State.DELIVERED).update(
        state=State.FAILED
    )
    row = WebhookSubscription.objects.select_related("keeper").get(deliveries=delivery_id)
    _leave_one_incident(row, now)
    since = row.failing_since
    if row.state != ACTIVE or since is None or now - since < LONGEST_FAILING:
        return
    try:
        with transaction.atomic():
            reason = f"Gagal terus selama {LONGEST_FAILING.days} hari."
            pause_webhook(subscription=row, actor=SYSTEM, now=now, reason=reason)
            _alarm(row, now)
    except AlreadyDone:
        return  # another message of it was first


@transaction.atomic
def try_again(*, subscription: WebhookSubscription, actor: Actor, now: datetime) -> int:
    """Send once more whatever found nobody; return how many. Raises `AlreadyDone`."""
    _lock(subscription)
    if not _living().filter(pk=subscription.pk, state=ACTIVE).exists():
        raise AlreadyDone(RESTS)
    failed = list(subscription.deliveries.filter(state=State.FAILED).order_by("pk"))
    if not failed:
        raise AlreadyDone("Tidak ada kiriman yang gagal; muat ulang halaman.")
    for job in _incidents(subscription):
        outbox.drop(job=job, now=now)
    ids = [row.pk for row in failed]
    WebhookDelivery.objects.filter(pk__in=ids).update(state=State.WAITING)
    outbox.enqueue_new([
        OutboxJob(
            # The first work for this message keeps its key: it says what became of it.
            kind=hearing.JOB, key=f"{hearing.job_key(row.message_id)}/{uuid.uuid4().hex[:12]}",
            payload={"delivery": row.pk}, run_after=now, created_at=now,
        )
        for row in failed
    ])  # fmt: skip
    _note(subscription, "webhook_tried_again", actor, now, count=len(failed))
    return len(failed)


@transaction.atomic
def _leave_one_incident(row: WebhookSubscription, now: datetime) -> None:
    """Let the oldest stand for all: an address that is dead is one thing to decide on."""
    _lock(row)
    for job in _incidents(row)[1:]:
        outbox.drop(job=job, now=now)


def _lock(row: WebhookSubscription) -> None:
    WebhookSubscription.objects.select_for_update(no_key=True).get(pk=row.pk)


def _incidents(row: WebhookSubscription) -> list[OutboxJob]:
    """Return the messages of it that wait for somebody's decision, the oldest first."""
    jobs = list(incidents.open_jobs().filter(kind=hearing.JOB))
    ids = [job.payload["delivery"] for job in jobs]
    own = set(row.deliveries.filter(pk__in=ids).values_list("pk", flat=True))
    return [job for job in jobs if job.payload["delivery"] in own]


def _alarm(row: WebhookSubscription, now: datetime) -> None:
    capability = CAPABILITY if row.agency_id else SYSTEM_CAPABILITY
    roles = [role for role, allowed in ROLES.items() if capability in allowed]
    people = {user.pk for role in roles for user in users_with_role(role, row.keeper, now)}
    notify(
        user_ids=people,
        agency=row.keeper,
        kind=ALARM,
        key=f"webhook/{row.pk}/{now:%Y%m%d}",
        text=f"Webhook ke {row.address} dijeda: gagal terus selama {LONGEST_FAILING.days} hari.",
        link=reverse("webhook:detail", args=[row.pk]),
        now=now,
    )


@transaction.atomic
def _keep(row: WebhookDelivery, status: int | None, error: str, now: datetime) -> None:
    changes = {"tries": F("tries") + 1, "answer": status, "error": error, "tried_at": now}
    if not error:
        changes["state"] = State.DELIVERED
    WebhookDelivery.objects.filter(pk=row.pk).update(**changes)
    subscriptions = WebhookSubscription.objects.filter(pk=row.subscription_id)
    if not error:
        subscriptions.exclude(failing_since=None).update(failing_since=None)
    else:
        subscriptions.filter(failing_since=None).update(failing_since=now)


def _listen() -> None:
    # At once for this transaction, and once more for whoever asked before it was committed.
    hearing.forget_that_nobody_listens()
    transaction.on_commit(hearing.forget_that_nobody_listens)


def _living() -> QuerySet[WebhookSubscription]:
    return WebhookSubscription.objects.filter(removed_at=None)


def _change(row: WebhookSubscription, was: str, **changes: object) -> None:
    if not _living().filter(pk=row.pk, state=was).update(**changes):
        raise AlreadyDone("Webhook ini baru saja diubah orang lain; muat ulang halaman.")
    for name, value in changes.items():
        setattr(row, name, value)


def _note(row: WebhookSubscription, verb: str, actor: Actor, now: datetime, **told: object) -> None:
    ledger.record(
        stream=row.keeper,
        actor=actor,
        verb=verb,
        subject=f"processes.webhooksubscription:{row.pk}",
        after=told,
        now=now,
    )
