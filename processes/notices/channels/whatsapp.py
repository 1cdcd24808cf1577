"""A notice passed on by WhatsApp: a link that a person presses, SOPan itself sends nothing."""

from urllib.parse import urlencode

from django.conf import settings

from processes.models import Notice
from processes.notices.kinds import KINDS


def link(notice: Notice) -> str:
    """Return the address that opens WhatsApp with the kind and the link, no name; else nothing.

    Whoever gets it must sign in, and reads what he may.
    """
    if not notice.link:
        return ""
    words = KINDS[notice.kind].badge.words
    text = f"SOPan - {words}: {settings.PUBLIC_URL}{notice.link}"
    return f"https://wa.me/?{urlencode({'text': text})}"
