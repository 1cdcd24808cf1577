"""Notices as a message of the installation's own bot (Telegram Bot API), to chats that people link.

The token of the bot stands in the addresses that are asked: neither address nor answer is written
anywhere, and what is raised says so much as may be read by everybody.
"""

import http.client
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone

from organization.models import User
from processes.models import Notice, NoticeDelivery
from processes.notices.addresses import known, open_address, reached_by
from processes.notices.channels.brief import brief
from processes.notices.channels.failing import NotSent, Unreachable
from processes.services.notice_addresses import forget_address
from processes.webhooks import asking
from processes.webhooks.addresses import AddressRefused

CHANNEL = NoticeDelivery.Channel.TELEGRAM
MOST_BYTES = 1024 * 1024  # of an answer: a hundred messages to the bot
GONE = ("chat not found", "user is deactivated", "bot was blocked by the user")


@dataclass(frozen=True)
class Heard:
    """A message that somebody wrote to the bot, in a chat of two."""

    number: int
    chat: str
    text: str


def is_set_up() -> bool:
    return bool(settings.TELEGRAM_TOKEN)


def reached(user_ids: Collection[int]) -> set[int]:
    """Return who of these has linked a chat."""
    return reached_by(CHANNEL, user_ids)


def send(reader: User, notices: Sequence[Notice]) -> None:
    """Write to the reader's chat. Raises `Unreachable` where he has closed it, else `NotSent`."""
    row = known(CHANNEL).filter(owner=reader).order_by("-pk").first()
    if row is None:
        raise Unreachable
    told = brief(notices)
    try:
        say(open_address(row), f"SOPan: {told.text}.\n{settings.PUBLIC_URL}{told.path}")
    except Unreachable:
        forget_address(address_id=row.pk, now=timezone.now())
        raise


def say(chat: str, text: str) -> None:
    """Write into a chat; nobody fetches what a link leads to."""
    message = {"chat_id": int(chat), "text": text, "link_preview_options": {"is_disabled": True}}
    _ask("sendMessage", message)


def name_of_bot() -> str:
    """Return what the bot of this token is called. Raises `Unreachable` or `NotSent`."""
    return str(_ask("getMe", {}).get("username", ""))


def hear(after: int) -> Iterator[Heard]:
    """Yield what was written to the bot after this number; Telegram forgets what came before."""
    asked = {"offset": after + 1, "timeout": 0, "allowed_updates": ["message"]}
    for update in _ask("getUpdates", asked):
        message = update.get("message") or {}
        chat = message.get("chat") or {}
        is_of_two = chat.get("type") == "private"
        text = str(message.get("text") or "") if is_of_two else ""
        yield Heard(int(update["update_id"]), str(chat.get("id", "")), text)


def _ask(method: str, told: Mapping[str, Any]) -> Any:
    """Ask one thing of the Bot API; return its result. Raises `Unreachable` or `NotSent`."""
    address = f"{settings.TELEGRAM_API}/bot{settings.TELEGRAM_TOKEN}/{method}"
    headers = {"content-type": "application/json"}
    try:
        answer = asking.post(address, json.dumps(told).encode(), headers, most_bytes=MOST_BYTES)
        body = json.loads(answer.body)
    except AddressRefused as refused:
        raise NotSent(f"Telegram tidak dipanggil. {refused}") from None
    except TimeoutError:
        raise NotSent("Telegram tidak menjawab sampai batas waktunya.") from None
    except (OSError, http.client.HTTPException):
        raise NotSent("Telegram tidak terjangkau dari server ini.") from None
    except ValueError:
        raise NotSent("Telegram menjawab sesuatu yang tidak dapat dibaca.") from None
    if answer.status == 200 and isinstance(body, dict) and body.get("ok"):
        return body.get("result")
    reason = str(body.get("description", "")) if isinstance(body, dict) else ""
    if answer.status in (400, 403) and any(words in reason.lower() for words in GONE):
        raise Unreachable
    raise NotSent(f"Telegram menolak dengan jawaban {answer.status}.")
