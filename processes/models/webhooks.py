"""Who outside is told of events, and what became of each message to him."""

from django.conf import settings
from django.db import models

from organization.models import Agency


class WebhookSubscription(models.Model):
    """An address that is told of some kinds of events of one agency, or of all of them."""

    class State(models.TextChoices):
        ACTIVE = "active", "Aktif"
        PAUSED = "paused", "Dijeda"

    # None: the whole installation.
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    # In whose stream of events the decisions on it stand.
    keeper = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    public_id = models.CharField(max_length=20, unique=True)  # what its secret is bound to
    address = models.CharField(max_length=300)
    kinds = models.JSONField(default=list)  # names of processes.webhooks.kinds
    sealed_secret = models.BinaryField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    pause_reason = models.CharField(max_length=300, blank=True)
    failing_since = models.DateTimeField(null=True)  # first try since the last success
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    removed_at = models.DateTimeField(null=True)  # its deliveries stay for their days

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["agency"], name="webhook_active", condition=models.Q(state="active")
            )
        ]

    def __str__(self) -> str:
        return self.address


class WebhookDelivery(models.Model):
    """One message to one subscription: the same bytes and the same id at every try."""

    class State(models.TextChoices):
        WAITING = "waiting", "Menunggu"
        DELIVERED = "delivered", "Terkirim"
        FAILED = "failed", "Gagal"
        DROPPED = "dropped", "Tidak dikirim"

    subscription = models.ForeignKey(
        WebhookSubscription, on_delete=models.PROTECT, related_name="deliveries"
    )
    message_id = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=40)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    answer = models.PositiveSmallIntegerField(null=True)  # the last HTTP status
    error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.message_id} ({self.state})"


class ApiReceipt(models.Model):
    """An `Idempotency-Key` that was used, written with what it did: the same again does nothing."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    request = models.CharField(max_length=64)  # SHA-256 of what was asked
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="api_receipt_once")]

    def __str__(self) -> str:
        return self.key
