"""The rows of this room: what is running, what its clocks say, what people are told.

Callers import them from here.
"""

from processes.models.inbox import SavedFilter
from processes.models.messages import Message, MessageReceipt
from processes.models.notices import Notice, NoticeAddress, NoticeDelivery, NoticePreference
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
    "NoticeAddress",
    "NoticeDelivery",
    "NoticePreference",
    "SavedFilter",
    "Task",
    "TaskCandidate",
    "VisitTiming",
    "WebhookDelivery",
    "WebhookSubscription",
]
