"""A person says where his mail goes; it goes there once he has read a code that was sent there."""

from datetime import datetime, timedelta

from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet

from foundation import outbox
from organization.models import User
from organization.permissions import person
from processes.exceptions import NotReady
from processes.models import NoticeAddress, NoticeDelivery
from processes.notices.addresses import digest, new_address, open_address, seal_address
from processes.services.notice_addresses import new_code, note, wait_for

MAIL = NoticeDelivery.Channel.MAIL
JOB = "processes.send_mail_code"
LASTS = timedelta(hours=1)
AGAIN_AFTER = timedelta(minutes=1)
TEXT = (
    "Kode untuk menerima pemberitahuan SOPan di alamat ini:\n\n{code}\n\n"
    "Tuliskan di halaman Pengaturan pemberitahuan dalam satu jam."
    " Bila Anda tidak memintanya, abaikan surel ini.\n"
)


@transaction.atomic
def begin_mailbox(*, actor_user: User, address: str, now: datetime) -> NoticeAddress:
    """Have a code sent to an address. Raises `NotReady` within a minute of the last one."""
    wait_for(actor_user)
    waiting = _waiting(actor_user)
    if waiting.filter(created_at__gt=now - AGAIN_AFTER).exists():
        raise NotReady("Kode baru saja dikirim; periksa surel Anda, atau coba lagi semenit lagi.")
    waiting.delete()
    row = new_address(actor_user, MAIL, now)
    seal_address(row, address)
    row.save()
    key, payload = f"{JOB}/{row.public_id}", {"address": row.pk}
    outbox.enqueue(kind=JOB, key=key, payload=payload, run_after=now)
    return row


def send_code(*, address_id: int, now: datetime) -> None:
    """Send a code; another try sends another one. Raises what the mail server raises."""
    row = NoticeAddress.objects.filter(pk=address_id, channel=MAIL).first()
    if row is None:
        return  # he asked for another, or has it already
    code = new_code()
    waiting = NoticeAddress.objects.filter(pk=row.pk)
    waiting.update(code_digest=digest(code), code_until=now + LASTS)
    send_mail("SOPan: kode alamat surel", TEXT.format(code=code), None, [open_address(row)])


@transaction.atomic
def confirm_mailbox(*, actor_user: User, code: str, now: datetime) -> None:
    """Let mail go to the address whose code this is. Raises `NotReady` for another code."""
    wait_for(actor_user)
    told = digest("".join(code.split()).upper())
    row = _waiting(actor_user).filter(code_digest=told, code_until__gt=now).first()
    if row is None:
        raise NotReady("Kode ini tidak berlaku. Periksa surel terakhir, atau minta kode baru.")
    User.objects.filter(pk=actor_user.pk).update(email=open_address(row))
    note(row, "notice_address_added", person(actor_user), now)
    row.delete()


def awaited(user: User, now: datetime) -> str:
    """Return the address whose code can still be told; nothing where there is none."""
    row = _waiting(user).exclude(code_until__lte=now).first()
    return open_address(row) if row else ""


def _waiting(user: User) -> QuerySet[NoticeAddress]:
    return NoticeAddress.objects.filter(owner=user, channel=MAIL)


@transaction.atomic
def remove_mailbox(*, actor_user: User, now: datetime) -> None:
    """Let no mail go to the person any more, nor wait for a code."""
    wait_for(actor_user)
    _waiting(actor_user).delete()
    if User.objects.filter(pk=actor_user.pk).exclude(email="").update(email=""):
        gone = new_address(actor_user, MAIL, now)
        note(gone, "notice_address_removed", person(actor_user), now)
