"""What people are told without being asked: a breach, a long wait, the week in a few lines."""

from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import Q

from organization.models import Agency


class Notice(models.Model):
    """One thing told to one person, once; a notice never stops anybody's work."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices"
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)  # what it is about, so that nobody is told twice
    text = models.TextField()
    link = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="notice_once")]
        indexes = [
            models.Index(
                fields=["user", "created_at"],
                name="notice_unread",
                condition=Q(read_at__isnull=True),
            )
        ]
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.kind} - {self.user}"


class NoticeDelivery(models.Model):
    """One notice on its way to its reader by one channel, and what became of it."""

    class Channel(models.TextChoices):
        MAIL = "mail", "Surel"
        TELEGRAM = "telegram", "Telegram"
        PUSH = "push", "Peramban"

    class State(models.TextChoices):
        WAITING = "waiting", "Menunggu"
        SENT = "sent", "Terkirim"
        FAILED = "failed", "Gagal"
        DROPPED = "dropped", "Tidak dikirim"  # there is no address any more

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    silenced_until = models.DateTimeField()  # no earlier; the moment of the notice where it is loud
    tried_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="notice_delivery_once")
        ]
        indexes = [
            models.Index(
                fields=["user", "channel"],
                name="notice_delivery_waiting",
                condition=Q(state="waiting"),
            )
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.channel} ({self.state})"


class NoticePreference(models.Model):
    """How one person wants to be told; whoever has no row has what `wishes` gives everybody."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notice_preference"
    )
    # By kind the channels that he chose, also none; a kind that is not in it goes as for everybody.
    ways = models.JSONField(default=dict)
    quiet_starts = models.TimeField(default=time(18))  # in the time zone of the notice's agency
    quiet_ends = models.TimeField(default=time(7))
    is_quiet_on_days_off = models.BooleanField(default=True)
    alarms_break_quiet = models.BooleanField(default=False)
    summary_at = models.TimeField(null=True)  # mail gathers until then; None: each goes by itself
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.user_id}"


class NoticeAddress(models.Model):
    """Where one person is reached: a chat of his, or a browser of his, sealed.

    Until somebody who has the code speaks from it, a chat is not known: `sealed_address` is empty.
    An address for mail lies here only until he has told the code that was sent there; then it
    stands in his account.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notice_addresses"
    )
    channel = models.CharField(max_length=10, choices=NoticeDelivery.Channel.choices)
    public_id = models.CharField(max_length=20, unique=True)  # what the address is bound to
    sealed_address = models.BinaryField(default=bytes)
    address_digest = models.CharField(max_length=64, blank=True)  # tells the same browser again
    code_digest = models.CharField(max_length=64, blank=True)
    code_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["code_digest"],
                name="notice_address_code",
                condition=Q(code_until__isnull=False),
            ),
            models.Index(fields=["owner", "channel"], name="notice_address_owner"),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.channel} {self.public_id}"
