"""Notices as a push message to browsers (RFC 8030), which the maker of the browser carries.

He cannot read it (`push_messages`); even so it holds no name.
"""

import http.client
import json
import logging
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass

from django.conf import settings
from django.utils import timezone

from organization.models import User
from processes.models import Notice, NoticeAddress, NoticeDelivery
from processes.notices.addresses import known, open_address, reached_by
from processes.notices.channels.brief import brief
from processes.notices.channels.failing import NotSent, Unreachable
from processes.notices.channels.push_messages import (
    are_keys,
    authorization,
    from_base64,
    public_key,
    sealed,
)
from processes.services.notice_addresses import forget_address
from processes.webhooks import asking
from processes.webhooks.addresses import AddressRefused, read

CHANNEL = NoticeDelivery.Channel.PUSH
KEPT_SECONDS = 24 * 3600  # by the push service, for a browser that is not there
GONE = (404, 410)
LONGEST_ENDPOINT = 1000

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Browser:
    """Where a browser is reached and what closes a message for it, the keys in base64url.

    `sender` is this server's key as the browser was told it: from another it takes nothing.
    """

    endpoint: str
    p256dh: str
    auth: str
    sender: str

    def text(self) -> str:
        return json.dumps(asdict(self))


def browser_of(endpoint: str, p256dh: str, auth: str) -> Browser:
    """Return what a page told of its browser. Raises AddressRefused for what cannot be one."""
    if len(endpoint) > LONGEST_ENDPOINT:
        raise AddressRefused("Alamat peramban ini terlalu panjang.")
    read(endpoint)
    if not are_keys(p256dh, auth):
        raise AddressRefused("Kunci peramban ini tidak dapat dibaca.")
    return Browser(endpoint, p256dh, auth, public_key())


def is_set_up() -> bool:
    return bool(settings.PUSH_KEY)


def reached(user_ids: Collection[int]) -> set[int]:
    """Return who of these has a browser that listens."""
    return reached_by(CHANNEL, user_ids)


def send(reader: User, notices: Sequence[Notice]) -> None:
    """Tell every browser of the reader; one that took it is enough.

    Browsers of which their service says that they are gone are forgotten. Raises `Unreachable`
    where none is left, `NotSent` where there are some and none took it.
    """
    told = brief(notices)
    message = json.dumps({"text": told.text, "link": told.path}).encode()
    failed: NotSent | None = None
    has_taken = False
    for row in known(CHANNEL).filter(owner=reader):
        try:
            _push(row, message)
            has_taken = True
        except Unreachable:
            forget_address(address_id=row.pk, now=timezone.now())
        except NotSent as why:
            logger.info("push: a browser of several was not told: %s", why)
            failed = why
    if not has_taken:
        raise failed or Unreachable


def _push(row: NoticeAddress, message: bytes) -> None:
    browser = Browser(**json.loads(open_address(row)))
    if browser.sender != public_key():
        raise Unreachable
    headers = {
        "authorization": authorization(browser.endpoint, int(timezone.now().timestamp())),
        "content-encoding": "aes128gcm",
        "content-type": "application/octet-stream",
        "ttl": str(KEPT_SECONDS),
    }
    body = sealed(message, from_base64(browser.p256dh), from_base64(browser.auth))
    try:
        status = asking.post(browser.endpoint, body, headers).status
    except AddressRefused as refused:
        raise NotSent(str(refused)) from None
    except TimeoutError:
        raise NotSent("Layanan peramban tidak menjawab sampai batas waktunya.") from None
    except (OSError, http.client.HTTPException):
        raise NotSent("Layanan peramban tidak terjangkau dari server ini.") from None
    if status in GONE:
        raise Unreachable
    if not 200 <= status < 300:
        raise NotSent(f"Layanan peramban menolak dengan jawaban {status}.")
