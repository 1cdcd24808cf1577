"""The rows of this room: what is running, what its clocks say, what people are told.

Callers import them from here.
"""

from processes.models.messages import Message, MessageReceipt
from processes.models.notices import Notice
from processes.models.running import Attachment, Definition, Instance, Task, TaskCandidate
from processes.models.timings import InstanceAudit, VisitTiming
from processes.models.webhooks import ApiReceipt, WebhookDelivery, WebhookSubscription

__all__ = [
    "ApiReceipt",
    "Attachment",
    "Definition",
    "Instance",
    "InstanceAudit",
    "Message",
    "MessageReceipt",
    "Notice",
    "Task",
    "TaskCandidate",
    "VisitTiming",
    "WebhookDelivery",
    "WebhookSubscription",
]
