"""Machines that call: what they announce, and those that nobody registered."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from devices.adms.calls import Call, announced_dialect
from devices.adms.handshake import stored_version
from devices.models import Caller, Device, RawUpload


class NoRoom(Exception):
    """More is kept for machines that nobody approved than the office allows."""


@dataclass(frozen=True)
class Announcement:
    """What a machine says of itself in its first request."""

    dialect: str  # empty where it does not say
    push_version: str
    device_type: str
    language: str


def announcement(call: Call) -> Announcement:
    """Read what a request announces; nothing of it is trusted further than its shape."""
    return Announcement(
        dialect=announced_dialect(call) or "",
        push_version=stored_version(call.query.get("pushver", "")),
        device_type=_word(call.query.get("devicetype", "")),
        language=_word(call.query.get("language", "")),
    )


def note_greeting(*, device_id: int, announced: Announcement, address: str, now: datetime) -> None:
    """Keep that a registered machine started, and what it speaks: it says so only then."""
    known = {"dialect": announced.dialect, "push_version": announced.push_version}
    Device.objects.filter(pk=device_id).update(
        announced_at=now,
        last_contact_at=now,
        last_address=address or None,
        **{name: value for name, value in known.items() if value},
    )


@transaction.atomic
def note_caller(
    *,
    serial: str,
    announced: Announcement,
    address: str,
    now: datetime,
    greeting: bool = False,
) -> None:
    """Keep an unregistered serial for somebody to look at; NoRoom when there are too many."""
    told: dict[str, Any] = {"address": address or None, "last_seen_at": now}
    if greeting:
        told |= {"announced": asdict(announced)}
        told |= {"dialect": announced.dialect} if announced.dialect else {}
    if Caller.objects.filter(serial=serial).update(**told):
        return
    if Caller.objects.count() >= settings.MOST_UNKNOWN_CALLERS:
        raise NoRoom
    Caller.objects.get_or_create(
        serial=serial,
        defaults={**told, "announced": asdict(announced), "first_seen_at": now},
    )


def check_room(*, serial: str) -> None:
    """Raise NoRoom when a serial that nobody approved has sent more than is kept for one."""
    waiting = RawUpload.objects.filter(serial=serial, outcome=RawUpload.Outcome.WAITING)
    if (waiting.aggregate(total=Sum("size"))["total"] or 0) > settings.MOST_WAITING_BYTES:
        raise NoRoom


def _word(text: str) -> str:
    """Return a short word as it may be kept and shown; anything else is not kept."""
    clean = " ".join(text.split())[:20]
    return clean if clean.isascii() and clean.replace(" ", "").isalnum() else ""
