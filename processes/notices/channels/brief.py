"""What is said of notices where strangers may read along: how many of which kind, and a link.

Chats and push services lie with others, some of them abroad: no name, no file, no reason is told
there. Who follows the link signs in and reads the rest.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from processes.models import Notice
from processes.notices.kinds import KINDS


@dataclass(frozen=True)
class Brief:
    """A sentence, and the path of the page that it leads to."""

    text: str
    path: str


def brief(notices: Sequence[Notice]) -> Brief:
    counts = Counter(notice.kind for notice in notices)
    said = [f"{counts[kind]} {about.brief}" for kind, about in KINDS.items() if kind in counts]
    is_one = len(notices) == 1 and notices[0].link
    return Brief("; ".join(said), notices[0].link if is_one else reverse("tasks:notices"))
