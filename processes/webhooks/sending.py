"""One message is signed and posted: as Standard Webhooks have it, to an address checked just now.

The connection goes to the very address that was checked, so that a name that answers differently
the next moment leads nowhere; certificates are checked against the name. Redirects are not
followed. Of the answer its status is read and nothing else. No library of the house can connect to
one address and check another name while a clock of its own runs, so this is the standard library.
"""

import base64
import hashlib
import hmac
import http.client
import secrets
import socket
import ssl
from threading import Timer

from foundation import crypto
from processes.models import WebhookDelivery, WebhookSubscription
from processes.webhooks.addresses import Place, read, resolved

SECONDS = 5.0  # for one delivery, from connecting to the status
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
    place = read(subscription.address)
    connection = _Checked(place, resolved(place), seconds)
    # A timeout of a socket begins anew with every byte: the clock of the whole is this one.
    clock = Timer(seconds, connection.cut)
    clock.daemon = True
    clock.start()
    try:
        connection.request("POST", place.path, body, {"host": place.host_header, **headers})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException):
        if connection.was_cut:
            raise TimeoutError from None
        raise
    finally:
        clock.cancel()
        connection.close()
    if connection.was_cut:
        raise TimeoutError  # the status came, the rest of its head never did
    return status


class _Checked(http.client.HTTPConnection):
    """A connection to one address, whatever the name answers by now."""

    def __init__(self, place: Place, address: str, seconds: float) -> None:
        super().__init__(place.host, place.port, timeout=seconds)
        self._is_secure, self._address = place.is_secure, address
        self.was_cut = False

    def connect(self) -> None:
        raw = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = raw
        if self._is_secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(raw, server_hostname=self.host)

    def cut(self) -> None:
        """End it from outside; whoever reads from it is told that nothing more comes."""
        self.was_cut = True
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it had ended
