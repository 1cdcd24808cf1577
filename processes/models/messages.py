"""Messages between processes, and from rooms to processes: kept until somebody receives them."""

from django.db import models
from django.db.models import Q

from organization.models import Agency
from processes.models.running import Instance, Task


class Message(models.Model):
    """Something that was told under a name; who waits for it in that agency receives it.

    `key` names the occasion, so that a worker who tells it twice has told it once. `received_at` is
    None while nobody has received it.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    subject = models.CharField(max_length=120, blank=True)
    about = models.CharField(max_length=200, blank=True)  # of what it tells, for people
    payload = models.JSONField(default=dict)  # form field -> plain value
    key = models.CharField(max_length=160, unique=True)
    sent_at = models.DateTimeField()
    sent_by_task = models.ForeignKey(
        Task, on_delete=models.PROTECT, null=True, related_name="messages"
    )
    received_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["agency", "name", "sent_at"],
                name="message_pending",
                condition=Q(received_at=None),
            )
        ]
        ordering = ["sent_at", "id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.subject or self.agency})"


class MessageReceipt(models.Model):
    """One who received a message: a task that waited, or (`task` is None) a SOP begun by it."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="receipts")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, related_name="receipts")
    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="receipts")
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=~Q(task=None), name="receipt_once_per_task"
            ),
            models.UniqueConstraint(
                fields=["message", "instance"],
                condition=Q(task=None),
                name="receipt_once_per_beginning",
            ),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.message} - {self.instance}"
