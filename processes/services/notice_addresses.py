"""A person links a chat or a browser of his own, and takes it away again."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from foundation import ledger
from foundation.actors import SYSTEM, Actor
from organization.exceptions import AccountRefused
from organization.models import User
from organization.permissions import person
from organization.services.accounts import agency_of
from processes.exceptions import NotReady
from processes.models import NoticeAddress, NoticeDelivery
from processes.notices.addresses import digest, known, new_address, seal_address

TELEGRAM, PUSH = NoticeDelivery.Channel.TELEGRAM, NoticeDelivery.Channel.PUSH
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is read as another
CODE_LETTERS = 10  # 49 bits
CODE_LASTS = timedelta(minutes=15)
MOST_BROWSERS = 10


@transaction.atomic
def begin_chat(*, actor_user: User, now: datetime) -> str:
    """Return a code that links, within a quarter of an hour, the chat from which it is sent."""
    wait_for(actor_user)
    _pending(actor_user).delete()
    row, code = new_address(actor_user, TELEGRAM, now), new_code()
    row.code_digest, row.code_until = digest(code), now + CODE_LASTS
    row.save()
    return code


@transaction.atomic
def link_chat(*, code: str, chat: str, now: datetime) -> User | None:
    """Link a chat to whoever was given this code; None where it is nobody's any more.

    The chat that the person had before is linked no more.
    """
    waiting = NoticeAddress.objects.filter(
        channel=TELEGRAM, code_digest=digest(code.upper()), code_until__gt=now
    )
    row = waiting.select_for_update(of=("self",)).select_related("owner").first()
    if row is None:
        return None
    known(TELEGRAM).filter(owner=row.owner).delete()
    seal_address(row, chat)
    row.code_digest, row.code_until, row.created_at = "", None, now
    row.save()
    note(row, "notice_address_added", person(row.owner), now)
    return row.owner


@transaction.atomic
def add_browser(*, actor_user: User, address: str, now: datetime) -> NoticeAddress:
    """Keep where a browser is reached; the same browser again, also of another, is one row."""
    wait_for(actor_user)
    known(PUSH).filter(address_digest=digest(address)).delete()
    if known(PUSH).filter(owner=actor_user).count() >= MOST_BROWSERS:
        raise NotReady(f"Paling banyak {MOST_BROWSERS} peramban; hapus yang tidak dipakai.")
    row = new_address(actor_user, PUSH, now)
    seal_address(row, address)
    row.save()
    note(row, "notice_address_added", person(actor_user), now)
    return row


@transaction.atomic
def remove_address(*, actor_user: User, address_id: int, now: datetime) -> bool:
    """Take one's own address away; whether there was one. Nothing more goes there."""
    row = NoticeAddress.objects.filter(owner=actor_user, pk=address_id).first()
    return row is not None and _remove(row, person(actor_user), now)


@transaction.atomic
def forget_address(*, address_id: int, now: datetime) -> None:
    """Take away an address of which its service says that nobody is there any more."""
    row = NoticeAddress.objects.select_related("owner").filter(pk=address_id).first()
    if row is not None:
        _remove(row, SYSTEM, now)


def _remove(row: NoticeAddress, actor: Actor, now: datetime) -> bool:
    note(row, "notice_address_removed", actor, now)
    row.delete()
    return True


def wait_for(user: User) -> None:
    """Let two acts of the same person come one after the other."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _pending(user: User) -> QuerySet[NoticeAddress]:
    return NoticeAddress.objects.filter(owner=user, channel=TELEGRAM, code_until__isnull=False)


def new_code() -> str:
    """Return a code that nobody guesses and that can be typed."""
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LETTERS))


def note(row: NoticeAddress, verb: str, actor: Actor, now: datetime) -> None:
    """Leave an event about an address of a person; the address itself is told to nobody."""
    try:
        stream = agency_of(row.owner)
    except AccountRefused:
        return  # an account of no agency: there is no ledger that would speak of it
    ledger.record(
        stream=stream,
        actor=actor,
        verb=verb,
        subject=f"organization.user:{row.owner_id}",
        after={"channel": row.channel},
        now=now,
    )
