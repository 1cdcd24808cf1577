"""Where people are reached outside of mail: sealed, each bound to its own row."""

import secrets
from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

from django.db.models import QuerySet

from foundation import crypto
from organization.models import User
from processes.models import NoticeAddress


def new_address(user: User, channel: str, now: datetime) -> NoticeAddress:
    """Return a row that is not stored yet and knows no address."""
    return NoticeAddress(
        owner=user, channel=channel, public_id=secrets.token_hex(10), created_at=now
    )


def seal_address(row: NoticeAddress, address: str) -> None:
    """Put an address into the row, closed; it opens only there."""
    row.sealed_address = crypto.encrypt(address.encode(), bound_to=_place(row))
    row.address_digest = digest(address)


def open_address(row: NoticeAddress) -> str:
    """Return the address; raise crypto.DecryptionFailed for that of another row."""
    return crypto.decrypt(row.sealed_address, bound_to=_place(row)).decode()


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def known(channel: str) -> QuerySet[NoticeAddress]:
    """Return the rows of a channel that know where."""
    return NoticeAddress.objects.filter(channel=channel).exclude(sealed_address=b"")


def known_of(user: User) -> QuerySet[NoticeAddress]:
    """Return where one person is reached, the oldest first."""
    return NoticeAddress.objects.filter(owner=user).exclude(sealed_address=b"")


def awaited(channel: str, now: datetime) -> QuerySet[NoticeAddress]:
    """Return the rows of a channel whose code nobody has sent yet."""
    return NoticeAddress.objects.filter(channel=channel, code_until__gt=now)


def reached_by(channel: str, user_ids: Collection[int]) -> set[int]:
    """Return who of these, with an account that is in use, has an address of this channel."""
    rows = known(channel).filter(owner__in=user_ids, owner__is_active=True)
    return set(rows.values_list("owner", flat=True))


def _place(row: NoticeAddress) -> str:
    return f"processes.noticeaddress:{row.public_id}:address"
