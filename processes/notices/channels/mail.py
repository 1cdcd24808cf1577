"""Notices as a letter: one as it is, several as one digest."""

from collections.abc import Collection, Sequence

from django.conf import settings
from django.core.mail import send_mail

from organization.models import User
from processes.models import Notice

LONGEST_SUBJECT = 150


def is_set_up() -> bool:
    return settings.MAIL_IS_SET_UP


def reached(user_ids: Collection[int]) -> set[int]:
    """Return who of these has an address."""
    known = User.objects.filter(pk__in=user_ids, is_active=True).exclude(email="")
    return set(known.values_list("pk", flat=True))


def send(reader: User, notices: Sequence[Notice]) -> None:
    """Write one letter to the reader's mailbox; raises what the mail server raises."""
    if len(notices) == 1:
        subject = notices[0].text.splitlines()[0]
    else:
        subject = f"{len(notices)} pemberitahuan"
    body = "\n\n---\n\n".join(_paragraph(notice) for notice in notices)
    send_mail(f"SOPan: {subject}"[:LONGEST_SUBJECT], f"{body}\n", None, [reader.email])


def _paragraph(notice: Notice) -> str:
    # The link opens a page; nothing is decided by opening it.
    return notice.text + (f"\n\n{settings.PUBLIC_URL}{notice.link}" if notice.link else "")
