"""One message is signed and posted: as Standard Webhooks have it, to an address checked just now.

Of the answer its status is read and nothing else.
"""

import base64
import hashlib
import hmac
import secrets

from foundation import crypto
from processes.models import WebhookDelivery, WebhookSubscription
from processes.webhooks import asking
from processes.webhooks.asking import SECONDS

PREFIX = "whsec_"


def new_secret() -> str:
    """Return a secret as a program is given it: 32 random bytes."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def seal_secret(subscription: WebhookSubscription, secret: str) -> None:
    """Put the secret into the row, closed; it opens only there."""
    subscription.sealed_secret = crypto.encrypt(secret.encode(), bound_to=_place(subscription))


def open_secret(subscription: WebhookSubscription) -> str:
    """Return the secret; raise crypto.DecryptionFailed for that of another row."""
    return crypto.decrypt(subscription.sealed_secret, bound_to=_place(subscription)).decode()


def _place(subscription: WebhookSubscription) -> str:
    return f"processes.webhooksubscription:{subscription.public_id}:secret"


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return `v1,` and the HMAC-SHA256 of "id.timestamp.body" in base64 (Standard Webhooks)."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def post(delivery: WebhookDelivery, *, timestamp: int, seconds: float = SECONDS) -> int:
    """Post one message; return the status of the answer.

    Raises AddressRefused, or OSError and http.client.HTTPException where nobody answered in time.
    """
    subscription = delivery.subscription
    body = delivery.body.encode()
    headers = {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "SOPan-Webhooks/1",
        "webhook-id": delivery.message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(
            open_secret(subscription), delivery.message_id, timestamp, body
        ),
    }
    return asking.post(subscription.address, body, headers, seconds=seconds).status
