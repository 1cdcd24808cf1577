"""The bot hears codes: whoever sends the one that his page shows has linked this chat.

It is asked only while somebody waits for a code, so an office without one asks Telegram nothing.
No address of this server need be known outside.
"""

import logging
import re
from datetime import datetime

from processes.notices.addresses import awaited
from processes.notices.channels import telegram
from processes.notices.channels.failing import NotSent, Unreachable
from processes.services.notice_addresses import CODE_LETTERS, LETTERS, link_chat

CODE = re.compile(rf"(?:/start\s+)?([{LETTERS}]{{{CODE_LETTERS}}})", re.IGNORECASE)
ROUNDS = 10  # of a hundred messages each
LINKED = "Tersambung. Pemberitahuan SOPan untuk Anda akan datang di sini."
UNKNOWN = "Kode ini tidak berlaku. Buat kode baru di SOPan, halaman Pengaturan pemberitahuan."

logger = logging.getLogger(__name__)


def listen(now: datetime) -> int:
    """Link the chats from which codes were sent; return how many."""
    if not telegram.is_set_up() or not awaited(telegram.CHANNEL, now).exists():
        return 0
    linked, last = 0, -1
    try:
        for _ in range(ROUNDS):
            heard = list(telegram.hear(last))
            if not heard:
                break
            last = heard[-1].number
            linked += sum(_take(one, now) for one in heard)
    except NotSent as failed:
        logger.warning("telegram: %s", failed)
    return linked


def _take(heard: telegram.Heard, now: datetime) -> bool:
    """Link by what was written, and answer; whether it was a code that somebody waits for."""
    code = CODE.fullmatch(heard.text.strip())
    if code is None:
        return False
    is_linked = link_chat(code=code[1], chat=heard.chat, now=now) is not None
    try:
        telegram.say(heard.chat, LINKED if is_linked else UNKNOWN)
    except (NotSent, Unreachable) as failed:
        logger.info("telegram: answer not sent: %s", type(failed).__name__)
    return is_linked
