"""Secrets of webhooks are sealed: closed anew when the installation's keys are.

Here, since the room that rotates keys and the room of webhooks do not know each other.
"""

from django.db.models import QuerySet

from devices.services.rotation import AlreadyCurrent, OtherSealed, also_sealed
from foundation import crypto
from organization.models import Agency
from processes.models import WebhookSubscription
from processes.webhooks.sending import open_secret, seal_secret

NAME = "rahasia webhook"


def sealed_secrets() -> QuerySet[WebhookSubscription]:
    """Return the webhooks that keep a secret."""
    return WebhookSubscription.objects.exclude(sealed_secret=b"").select_related("keeper")


def seal_anew(row: WebhookSubscription) -> Agency:
    """Close a secret with the newest key; the secret itself stays as it is."""
    if crypto.is_current(row.sealed_secret):
        raise AlreadyCurrent
    seal_secret(row, open_secret(row))
    row.save(update_fields=["sealed_secret"])
    return row.keeper


also_sealed(OtherSealed(NAME, sealed_secrets, owner="keeper", seal=seal_anew))
